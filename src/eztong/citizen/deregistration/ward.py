"""End a child's account as its guardian: what will happen, one press, and 72 hours to undo by number and secret."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.citizen.words.end_words import standing
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.deregistration.deregistration import CLAIMS_WAIT, COOLING, EffectsNotUnderstood
from eztong.domain.errors import EztongError
from eztong.domain.feedback.ticket import TicketUnknown, grouped_secret, parse_secret, spell_secret
from eztong.domain.guardianship.guardianship import WardActsAlone, WardMissing
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.identity.masking import mask_name
from eztong.domain.working_days import ANSWER_WITHIN
from eztong.pages.error_pages import sentence_of
from eztong.usecases.access.find_session import SignedIn
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.deregistration.find_case import shows_case
from eztong.usecases.guardianship.care import Care, care_of, is_asked_for, is_only_handed_over
from eztong.usecases.own_data.reveal_identity import open_identity

_SECRET_BYTES: Final = 10


def show(visit: Visit) -> Response:
    """Say what will happen to the child's account; whoever cannot end it is led to the child's page, which says why.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing, WardActsAlone: this browser may not.
    """
    return _form(visit)


def ask(visit: Visit) -> Response:
    """Begin the cooling, and show number and secret: the secret is shown this once.

    Raises:
        Locked: unlock first; this page is shown again after it.
    """
    care = _care(visit)[1]
    secret = _secret(visit)
    understood = visit.form.get("understood") == "yes"
    command = AskDeregistration(session_hash=visit.session_hash, secret=secret, understood=understood)
    calendar = visit.services.deployment.calendar
    try:
        asked = visit.act(deregister_ward, command, care.ward.holder_id, calendar=calendar)
    except EffectsNotUnderstood as error:
        return _form(visit, error)
    here = f"{FAMILY}/{care.guardianship.guardianship_id}"
    if not asked.is_new:
        return visit.redirect(here)
    return visit.page(
        "deregistration/ward_asked.html",
        one=standing(visit, asked.deregistration, asked.ticket),
        secret=grouped_secret(secret),
        here=here,
        name=_name(visit, care),
        tab="me",
    )


def _form(visit: Visit, error: EztongError | None = None) -> Response:
    signed_in, care = _care(visit)
    here = f"{FAMILY}/{care.guardianship.guardianship_id}"
    if care.ward.is_leaving or is_only_handed_over(care.ward, keys=visit.services.keys, now=visit.now):
        return visit.redirect(here)
    with visit.services.store.read() as stored:
        is_held = shows_case(care.ward, stored=stored)
        is_claimed = is_asked_for(care.ward, stored=stored)
    return visit.form_page(
        "deregistration/ward.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        here=here,
        name=_name(visit, care),
        is_held=is_held,
        is_claimed=is_claimed,
        unlocked=is_unlocked(signed_in.session.unlocked_until, now=visit.now),
        secret=_secret(visit),
        hours=COOLING.days * 24,
        days=ANSWER_WITHIN,
        claim_days=CLAIMS_WAIT.days,
        tab="me",
    )


def _name(visit: Visit, care: Care) -> str:
    return mask_name(open_identity(care.ward, keys=visit.services.keys).name)


def _care(visit: Visit) -> tuple[SignedIn, Care]:
    with visit.services.store.read() as stored:
        signed_in = visit.bound(stored)
        found = stored.guardianships.get(visit.request.path_params["guardianship_id"])
        if found is None:
            raise WardMissing
        care = care_of(signed_in.holder, found.ward_id, stored=stored, keys=visit.services.keys, now=visit.now)
    if not is_kept_by_guardian(care.ward):
        raise WardActsAlone
    return signed_in, care


def _secret(visit: Visit) -> str:
    """Return the secret of the form, so that one that is sent twice asks once, or another where that is none."""
    try:
        return parse_secret(visit.form.get("secret", ""))
    except TicketUnknown:
        return spell_secret(visit.services.entropy.token(_SECRET_BYTES))
