"""A ward's page: what happened, the code of a child, freeze, and giving it up (preamble; PIPL art. 31)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.errors import AgreementNotAccepted, InputInvalid
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import WardMissing
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.masking import mask_name, mask_number
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import is_usable
from eztong.i18n.moments import moment_words
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.check_consent import awaits_acceptance, check_consent
from eztong.usecases.deregistration.undo_deregistration import undo_ward
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.care import Care, care_of
from eztong.usecases.guardianship.hand_over import may_be_handed_over
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.limit_ward import guardians_limit
from eztong.usecases.guardianship.take_back import take_back
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.records.list_records import RecordFilter, list_records
from eztong.usecases.registration.birthdays import band_of

ANYTHING: Final = "anything"
"""The guardian set no limit."""
RECORDS_SHOWN: Final = 50
EVENTS_SHOWN: Final = 20
SHOWN: Final = frozenset(
    {
        EventKind.REGISTRATION_APPROVE,
        EventKind.REGISTRATION_APPROVE_RESTRICTED,
        EventKind.REGISTRATION_REFUSE,
        EventKind.REGISTRATION_REVIEW,
        EventKind.REGISTRATION_SUPPLEMENT,
        EventKind.FROZEN,
        EventKind.UNFROZEN,
        EventKind.AUTHORISATION_WITHDRAWN,
        EventKind.AGREEMENTS_ANNOUNCED,
        EventKind.RESTRICTED,
        EventKind.RESTRICTION_LIFTED,
        EventKind.DOCUMENT_REMINDED,
        EventKind.GUARDIAN_INVITED,
        EventKind.GUARDIAN_DECLARED,
        EventKind.GUARDIAN_CONFIRMED,
        EventKind.GUARDIAN_REFUSED,
        EventKind.GUARDIANSHIP_ENDED,
        EventKind.WARD_RELEASED,
        EventKind.CODE_SHOWN_FOR_WARD,
        EventKind.CAME_OF_AGE,
        EventKind.HAND_OVER_OFFERED,
        EventKind.TAKEN_OVER,
        EventKind.TAKEN_BACK,
        EventKind.DEREGISTRATION_ASKED,
        EventKind.DEREGISTRATION_UNDONE,
        EventKind.PHONE_CHANGED,
        EventKind.PHONE_CHANGE_WAITING,
        EventKind.PHONE_CHANGE_STOPPED,
        EventKind.PHONE_CHANGE_UNDONE,
    }
)
"""What a guardian reads of a ward's history: what stops or ends the account or moves it, and guardianship itself.

What a ward wrote, reported or disputes may be about the guardian, and where it signs in is its own.
"""


@dataclass(frozen=True, slots=True)
class _EventRow:
    kind: EventKind
    at: str
    by_guardian: bool


def show(visit: Visit) -> Response:
    """Show the ward's account with its records and history.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
        known = _known(visit, care, stored=stored)
    return visit.form_page("guardianship/ward.html", tab="me", guardianship=care.guardianship.guardianship_id, **known)


def act(visit: Visit) -> Response:
    """Freeze the ward's account, let it go on, undo its end, or be its guardian no more.

    Raises:
        Locked: unlock first; the page is shown again after it.
        WardMissing: not the guardian of this person.
        DeregistrationOver: its end cannot be undone any more. TakeBackOver: nothing can be had back any more.
    """
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
    chosen = visit.form.get("act", "")
    if chosen == "leave":
        visit.act(leave_ward, LeaveWard(session_hash=visit.session_hash, ward_id=care.ward.holder_id))
        return visit.redirect(FAMILY)
    if chosen == "take_back":
        visit.act(take_back, visit.session_hash, care.ward.holder_id)
        return visit.redirect(f"{FAMILY}/{care.guardianship.guardianship_id}")
    if chosen == "stay":
        visit.act(undo_ward, visit.session_hash, care.ward.holder_id)
        return visit.redirect(f"{FAMILY}/{care.guardianship.guardianship_id}")
    verbs: Mapping[str, Callable[..., Holder]] = {"freeze": freeze_ward, "release": release_ward}
    if chosen not in verbs:
        raise InputInvalid
    visit.act(verbs[chosen], StopWard(session_hash=visit.session_hash, ward_id=care.ward.holder_id))
    return visit.redirect(f"{FAMILY}/{care.guardianship.guardianship_id}")


def find_care(visit: Visit, *, stored: Repositories) -> Care:
    """Return the guardian who is signed in, with the ward that the address names.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    guardian = visit.bound(stored).holder
    found = stored.guardianships.get(visit.request.path_params["guardianship_id"])
    if found is None:
        raise WardMissing
    care = care_of(guardian, found.ward_id, stored=stored, keys=visit.services.keys, now=visit.now)
    if care.guardianship.guardianship_id != found.guardianship_id:
        raise WardMissing
    return care


def _known(visit: Visit, care: Care, *, stored: Repositories) -> dict[str, Any]:
    ward, keys = care.ward, visit.services.keys
    own = open_identity(ward, keys=keys)
    band = band_of(ward, keys=keys, now=visit.now)
    is_child, has_consent = band is AgeBand.CHILD, _has_consent(ward, stored=stored)
    words = RecordWords(visit, ward.holder_id, stored=stored)
    records = list_records(ward.holder_id, RecordFilter(), cursor=None, limit=RECORDS_SHOWN, stored=stored).records
    events = stored.holders.events(ward.holder_id)
    by_guardian = {event.fact("code") for event in events if event.kind is EventKind.CODE_SHOWN_FOR_WARD}
    return {
        "name": mask_name(own.name),
        "number": mask_number(own.number),
        "state": ward.standing,
        "relation": "" if care.guardianship.relation is None else care.guardianship.relation.value,
        "limit": guardians_limit(ward, stored=stored) or ANYTHING,
        "may_show": is_child and has_consent and _shows_codes(ward),
        "lacks_consent": is_child and ward.has_account and not has_consent,
        "awaits_consent": is_child and ward.has_account and awaits_acceptance(ward.holder_id, stored=stored),
        "may_freeze": ward.has_account and not is_frozen_by_guardian(ward),
        "may_deregister": ward.has_account and is_kept_by_guardian(ward) and not ward.is_leaving,
        "may_undo": ward.is_leaving and is_kept_by_guardian(ward),
        "may_hand_over": may_be_handed_over(ward, keys=keys, now=visit.now),
        "back_until": _back_until(care, visit),
        "is_offered": care.guardianship.hands_over(now=visit.now),
        "rule": _rule(ward, band),
        "may_release": is_frozen_by_guardian(ward),
        "rows": [(words.row(one), one.code_id in by_guardian) for one in records],
        "events": [_event_row(one, visit) for one in events if one.kind in SHOWN][:EVENTS_SHOWN],
    }


def _back_until(care: Care, visit: Visit) -> str:
    until = care.guardianship.settles_at
    if until is None or not care.guardianship.can_be_taken_back(now=visit.now):
        return ""
    return moment_words(until, now=visit.now, words=visit.words)


def _rule(ward: Holder, band: AgeBand) -> str:
    # From 14 on somebody without a sign-in uses the account once it is handed over.
    return "kept" if band is not AgeBand.CHILD and is_kept_by_guardian(ward) else band.value


def _shows_codes(ward: Holder) -> bool:
    return is_usable(ward) and ward.ceiling is not Ceiling.NONE


def _has_consent(ward: Holder, *, stored: Repositories) -> bool:
    try:
        check_consent(ward.holder_id, stored=stored)
    except AgreementNotAccepted:
        return False
    return True


def _event_row(event: HolderEvent, visit: Visit) -> _EventRow:
    at = moment_words(event.at, now=visit.now, words=visit.words)
    return _EventRow(event.kind, at, event.fact("guardian") is not None)
