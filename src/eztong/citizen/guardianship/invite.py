"""Invite a guardian: a minor's page with six digits to show or read out (preamble; PIPL art. 31)."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.citizen.guardianship.confirm import relation_of
from eztong.citizen.journey import FAMILY, next_path
from eztong.citizen.visit import Visit
from eztong.domain.errors import DeviceNotBound, EztongError, InputInvalid, StateConflict, TooMany
from eztong.domain.guardianship.guardianship import INVITATION_LIFE, Guardianship
from eztong.domain.guardianship.relation import Relation
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn, require_device
from eztong.usecases.guardianship.invite_guardian import (
    InviteGuardian,
    invite_guardian,
    is_claimed_uninvited,
    is_invited_waiting,
    needs_guardian,
    open_digits,
)

HERE: Final = "/register/guardian"


def show(visit: Visit) -> Response:
    """Show the invitation that stands, or the form that makes one.

    Raises:
        SessionMissing: nobody applies in this browser.
    """
    return _page(visit)


def invite(visit: Visit) -> Response:
    """Make an invitation; the page then shows its digits for as long as it stands.

    Raises:
        Locked: an account is unlocked first; the page is shown again after it.
    """
    try:
        relation = relation_of(visit.form.get("relation", ""))
        visit.act(invite_guardian, InviteGuardian(session_hash=visit.session_hash, relation=relation))
    except (InputInvalid, StateConflict, TooMany) as error:
        return _page(visit, error)
    return visit.redirect(HERE)


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    keys = visit.services.keys
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        ward = signed_in.holder
        found = stored.guardianships.of_ward(ward.holder_id)
        may_invite = ward.number_index is not None and needs_guardian(ward, stored=stored, keys=keys, now=visit.now)
        way_on = FAMILY if ward.has_account else next_path(signed_in, stored=stored)
        is_bound = _is_bound(signed_in, stored=stored)
    waits = is_invited_waiting(found)
    if error is None and not may_invite and not waits:
        return visit.redirect(way_on)
    # A browser that was superseded may be somebody else's by now: it shows no digits.
    standing = next((one for one in found if is_bound and one.takes_digits(now=visit.now)), None)
    return visit.form_page(
        "guardianship/invite.html",
        because=error,
        problem="" if error is None else sentence_of(error, visit),
        waits=waits,
        may_invite=may_invite and not waits,
        digits="" if standing is None else open_digits(standing, ward, keys=keys),
        until=_until(standing, visit),
        relation="" if standing is None or standing.ward_relation is None else standing.ward_relation.value,
        relations=[one.value for one in Relation],
        has_account=ward.has_account,
        is_claimed=may_invite and is_claimed_uninvited(found),
        way_on=way_on,
    )


def _is_bound(signed_in: SignedIn, *, stored: Repositories) -> bool:
    try:
        require_device(signed_in, stored=stored)
    except DeviceNotBound:
        return False
    return True


def _until(standing: Guardianship | None, visit: Visit) -> str:
    if standing is None:
        return ""
    return moment_words(standing.asked_at + INVITATION_LIFE, now=visit.now, words=visit.words)
