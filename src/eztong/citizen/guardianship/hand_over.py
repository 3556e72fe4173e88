"""Hand the account over to a ward of 14 or more: the guardian's page with ten digits (PIPL art. 31)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.guardianship.ward import appealed_until, find_care
from eztong.citizen.journey import FAMILY, TAKE_OVER
from eztong.citizen.visit import Visit
from eztong.domain.access.unlock import is_unlocked
from eztong.domain.errors import EztongError, InputInvalid, StateConflict, TooMany
from eztong.domain.guardianship.guardianship import INVITATION_LIFE
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.identity.masking import mask_name
from eztong.i18n.moments import moment_words
from eztong.pages.error_pages import sentence_of
from eztong.usecases.guardianship.care import is_asked_for
from eztong.usecases.guardianship.hand_over import HandOver, hand_over, is_of_age_to_take_over
from eztong.usecases.guardianship.invite_guardian import open_digits
from eztong.usecases.own_data.reveal_identity import open_identity


def show(visit: Visit) -> Response:
    """Show the digits that stand to whoever unlocked, or the form that makes some; once it went over, the ward's page.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    return _page(visit)


def act(visit: Visit) -> Response:
    """Make digits, or end those that stand.

    Raises:
        InputInvalid: neither was chosen.
        Locked: unlock first; the page is shown again after it.
        WardMissing: not the guardian of this person.
    """
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
    chosen = visit.form.get("act", "")
    if chosen not in {"offer", "keep"}:
        raise InputInvalid
    command = HandOver(session_hash=visit.session_hash, ward_id=care.ward.holder_id, keep=chosen == "keep")
    try:
        visit.act(hand_over, command)
    except (StateConflict, TooMany) as error:
        return _page(visit, error)
    return visit.redirect(visit.request.url.path)


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    keys = visit.services.keys
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
        unlocked = is_unlocked(visit.bound(stored).session.unlocked_until, now=visit.now)
        is_claimed = is_asked_for(care.ward, stored=stored)
        appealed = appealed_until(care.ward, visit, stored=stored)
    ward, guardianship = care.ward, care.guardianship
    here = f"{FAMILY}/{guardianship.guardianship_id}"
    if not is_kept_by_guardian(ward):
        return visit.redirect(here)
    to_hand_over = is_of_age_to_take_over(ward, keys=keys, now=visit.now)
    stands = guardianship.hands_over(now=visit.now)
    until = None if guardianship.offered_at is None else guardianship.offered_at + INVITATION_LIFE
    return visit.form_page(
        "guardianship/hand_over.html",
        because=error,
        tab="me",
        here=here,
        problem="" if error is None else sentence_of(error, visit),
        name=mask_name(open_identity(ward, keys=keys).name),
        may_hand_over=to_hand_over and not is_claimed,
        is_claimed=to_hand_over and is_claimed,
        appealed_until=appealed if to_hand_over else "",
        is_offered=stands,
        digits=open_digits(guardianship, ward, keys=keys) if stands and unlocked else "",
        until="" if until is None else moment_words(until, now=visit.now, words=visit.words),
        address=f"{visit.services.deployment.public_url}{TAKE_OVER}",
    )
