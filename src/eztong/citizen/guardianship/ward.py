"""A ward's page: what happened, the code of a child, freeze, and giving it up (preamble; PIPL art. 31)."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.citizen.words.end_words import ending_of
from eztong.citizen.words.event_words import event_words
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.errors import AgreementNotAccepted, EztongError, InputInvalid, TickMissing
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import WardMissing
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.masking import mask_name, mask_number, mask_phone
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import is_usable
from eztong.i18n.moments import moment_words
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.check_consent import awaits_acceptance, check_consent
from eztong.usecases.deregistration.undo_deregistration import undo_ward
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.care import Care, care_of, is_asked_for, is_only_handed_over, waiting_appeal
from eztong.usecases.guardianship.hand_over import is_of_age_to_take_over
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward, may_be_left
from eztong.usecases.guardianship.limit_ward import guardians_limit
from eztong.usecases.guardianship.take_back import TakeBack, take_back
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
        EventKind.AGREEMENTS_CALLED_OFF,
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


_NAMES_GUARDIAN: Final = frozenset(
    {
        EventKind.GUARDIAN_DECLARED,
        EventKind.WARD_RELEASED,
        EventKind.CODE_SHOWN_FOR_WARD,
        EventKind.HAND_OVER_OFFERED,
        EventKind.TAKEN_BACK,
    }
)
"""What says by its own words that the guardian did it."""
OF_ANOTHER: Final = frozenset({EventKind.GUARDIAN_DECLARED, EventKind.GUARDIAN_REFUSED})
"""What has other words where it is about somebody else than the guardian who reads it."""
DONE: Final = ("taken_back", "released", "stayed")
"""Presses after which the page says once that it was done."""


@dataclass(frozen=True, slots=True)
class _EventRow:
    words: str
    at: str
    by_guardian: bool


def show(visit: Visit) -> Response:
    """Show the ward's account with its records and history.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    return _page(visit)


def act(visit: Visit) -> Response:
    """Freeze the ward's account, let it go on, undo its end, have it back, or be its guardian no more.

    Raises:
        InputInvalid: none of these was chosen.
        Locked: unlock first; the page is shown again after it.
        WardMissing: not the guardian of this person.
        DeregistrationOver: its end cannot be undone any more. TakeBackOver: nothing can be had back any more.
    """
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
    here, session, ward_id = f"{FAMILY}/{care.guardianship.guardianship_id}", visit.session_hash, care.ward.holder_id
    understood, done = visit.form.get("understood") == "yes", ""
    try:
        match visit.form.get("act", ""):
            case "leave":
                visit.act(leave_ward, LeaveWard(session_hash=session, ward_id=ward_id, understood=understood))
                here = FAMILY
            case "take_back":
                visit.act(take_back, TakeBack(session_hash=session, ward_id=ward_id, understood=understood))
                done = "?done=taken_back"
            case "stay":
                visit.act(undo_ward, session, ward_id)
                done = "?done=stayed"
            case "freeze":
                visit.act(freeze_ward, StopWard(session_hash=session, ward_id=ward_id))
            case "release":
                visit.act(release_ward, StopWard(session_hash=session, ward_id=ward_id))
                done = "?done=released"
            case _:
                raise InputInvalid
    except TickMissing as error:
        return _page(visit, error)
    return visit.redirect(f"{here}{done}")


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
        known = _known(visit, care, stored=stored)
    return visit.form_page(
        "guardianship/ward.html",
        because=error,
        tab="me",
        guardianship=care.guardianship.guardianship_id,
        unticked="" if error is None else visit.form.get("act", ""),
        **known,
    )


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
    is_claimed = is_asked_for(ward, stored=stored)
    is_of_age = is_only_handed_over(ward, keys=keys, now=visit.now)
    is_child, has_consent = band is AgeBand.CHILD, _has_consent(ward, stored=stored)
    words = RecordWords(visit, ward.holder_id, stored=stored)
    records = list_records(ward.holder_id, RecordFilter(), cursor=None, limit=RECORDS_SHOWN, stored=stored).records
    events = stored.holders.events(ward.holder_id)
    own_ids = {
        one.guardianship_id
        for one in stored.guardianships.of_ward(ward.holder_id)
        if one.guardian_id == care.guardian.holder_id
    }
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
        "may_limit": ward.has_account and not is_of_age,
        "has_account": ward.has_account,
        "may_freeze": ward.has_account and not is_of_age and not is_frozen_by_guardian(ward),
        "may_leave": may_be_left(care, now=visit.now),
        **_end(ward, visit, is_claimed=is_claimed, is_of_age=is_of_age),
        "to_hand_over": is_of_age_to_take_over(ward, keys=keys, now=visit.now),
        "is_asked_for": is_claimed,
        "appealed_until": appealed_until(ward, visit, stored=stored),
        "back": _back(care, own.phone, visit),
        "done": _done(care, visit),
        "is_offered": care.guardianship.hands_over(now=visit.now),
        "rule": _rule(ward, band),
        "may_release": is_frozen_by_guardian(ward),
        "rows": [(words.row(one), one.code_id in by_guardian) for one in records],
        "events": [_event_row(one, own_ids, visit) for one in events if one.kind in SHOWN][:EVENTS_SHOWN],
    }


def appealed_until(ward: Holder, visit: Visit, *, stored: Repositories) -> str:
    """Return from when the account is its holder's by a number appeal that staff decided; empty if none waits."""
    appeal = waiting_appeal(ward, stored=stored)
    until = None if appeal is None else appeal.until
    return "" if until is None else moment_words(until, now=visit.now, words=visit.words)


def _end(ward: Holder, visit: Visit, *, is_claimed: bool, is_of_age: bool) -> Mapping[str, Any]:
    """Return where the end of the account stands, and whether the guardian begins it, or undoes it."""
    ending, is_kept = ending_of(ward, visit), is_kept_by_guardian(ward)
    return {
        "ending": ending,
        "may_deregister": ward.has_account and is_kept and not (is_of_age or ward.is_leaving or is_claimed),
        "may_undo": ward.is_leaving and is_kept and (ending is None or ending.may_be_undone),
    }


def _back(care: Care, phone: str, visit: Visit) -> Mapping[str, str] | None:
    """Return when and with which phone the account went over, and until when it can be had back."""
    kept, now = care.guardianship, visit.now
    if kept.taken_at is None or kept.settles_at is None or not kept.can_be_taken_back(now=now):
        return None
    at, until = (moment_words(moment, now=now, words=visit.words) for moment in (kept.taken_at, kept.settles_at))
    return {"at": at, "until": until, "masked": mask_phone(phone) if phone else ""}


def _done(care: Care, visit: Visit) -> str:
    """Return what the page says of the press before, as long as it is true."""
    done = visit.request.query_params.get("done", "")
    is_free = is_of_age_to_take_over(care.ward, keys=visit.services.keys, now=visit.now)
    stays = care.ward.has_account and not care.ward.is_leaving
    true = dict(zip(DONE, (is_free, not is_frozen_by_guardian(care.ward), stays), strict=True))
    return done if true.get(done, False) else ""


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


def _event_row(event: HolderEvent, own_ids: AbstractSet[str], visit: Visit) -> _EventRow:
    at = moment_words(event.at, now=visit.now, words=visit.words)
    by_guardian = event.fact("guardian") is not None and event.kind not in _NAMES_GUARDIAN
    is_anothers = event.kind in OF_ANOTHER and event.fact("guardianship") not in own_ids
    words = f"ward.other.{event.kind}" if is_anothers else f"event.{event_words(event)}"
    return _EventRow(words, at, by_guardian)
