"""What every act of and about a guardian leans on: who may be one, whose ward it is, and what both are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eztong.domain.contact.phone_change import ChangeWay, PhoneChange
from eztong.domain.damage import StoredDamaged
from eztong.domain.errors import NotPermitted, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import (
    LEFT_LATELY,
    MOST_WARDS,
    GuardianNotEligible,
    Guardianship,
    GuardianshipState,
    WardActsAlone,
    WardMissing,
    WardsFull,
    is_within,
)
from eztong.domain.guardianship.relation import Relation, RelationQuestion, Subject
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.standing import check_may_show_code, is_usable
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.registration.birthdays import band_of, number_of
from eztong.usecases.vault import open_vault

TABLE: Final = "guardianships"
LEFT_BY_GUARDIAN: Final = "guardian_left"
"""The channel of a freeze that came since the account's guardian was one no more, by an own act or somebody else's."""
LEFT_BY_DEATH: Final = "guardian_died"
"""The channel of one that came since the authority said that the guardian, or the ward, has died: no thief's doing."""


@dataclass(frozen=True, slots=True)
class Care:
    """A guardian with one ward."""

    guardian: Holder
    ward: Holder
    guardianship: Guardianship


def find_guardian(session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime) -> Holder:
    """Return the account of somebody who may be a guardian: an adult, in use, on the bound device, freshly unlocked.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        GuardianNotEligible: not an adult, or the account is stopped.
    """
    holder = find_unlocked(session_hash, stored=stored, now=now).holder
    if not may_be_guardian(holder, keys=keys, now=now):
        raise GuardianNotEligible
    return holder


def find_declarant(session_hash: bytes, *, stored: Repositories, keys: Keys, now: datetime) -> Holder:
    """Return the account of somebody who may be a guardian, and whose own identity passes somewhere.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible: this session may not.
        NothingPasses, AgreementNotAccepted: nothing of the own identity passes, so nothing goes by this word.
    """
    guardian = find_guardian(session_hash, stored=stored, keys=keys, now=now)
    check_vouches(guardian, stored=stored)
    return guardian


def check_vouches(guardian: Holder, *, stored: Repositories) -> None:
    """Refuse what goes by the word of somebody whose own identity passes nowhere.

    Raises:
        HolderNotUsable: the account is stopped; NothingPasses: a mark lets nothing of it pass.
        AgreementNotAccepted: its own consent is not whole.
    """
    check_may_show_code(guardian)
    check_consent(guardian.holder_id, stored=stored)


def vouches(guardian: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> bool:
    """Say whether the account may be a guardian's, and its own identity passes somewhere."""
    if not may_be_guardian(guardian, keys=keys, now=now):
        return False
    try:
        check_vouches(guardian, stored=stored)
    except (NotPermitted, StateConflict):
        return False
    return True


def may_be_guardian(holder: Holder, *, keys: Keys, now: datetime) -> bool:
    """Say whether the account is an adult's and in use."""
    return is_usable(holder) and band_of(holder, keys=keys, now=now) is AgeBand.ADULT


def find_ward(session_hash: bytes, ward_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> Care:
    """Return the guardian who acts in this session, and the ward: what an act for a ward takes.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible: this session may not.
        WardMissing: the account is not the active guardian of this person, or no more, as :func:`care_of` says.
    """
    guardian = find_guardian(session_hash, stored=stored, keys=keys, now=now)
    return care_of(guardian, ward_id, stored=stored, keys=keys, now=now)


def find_guarded(session_hash: bytes, ward_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> Care:
    """Return the guardian who acts in this session, and a ward whom it stops or limits: nobody does so to an adult.

    Who is of age and has no sign-in is a ward for one thing alone: that the account is handed over.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward is of age.
    """
    care = find_ward(session_hash, ward_id, stored=stored, keys=keys, now=now)
    if is_only_handed_over(care.ward, keys=keys, now=now):
        raise WardActsAlone
    return care


def is_only_handed_over(ward: Holder, *, keys: Keys, now: datetime) -> bool:
    """Say whether the ward is of age, and its account still has no sign-in."""
    return is_kept_by_guardian(ward) and band_of(ward, keys=keys, now=now) is AgeBand.ADULT


def find_kept_ward(session_hash: bytes, ward_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> Care:
    """Return the guardian who acts in this session, and a ward who has no sign-in: what a ward else does alone.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        WardActsAlone: the ward has an own sign-in, or is of age.
    """
    care = find_guarded(session_hash, ward_id, stored=stored, keys=keys, now=now)
    if not is_kept_by_guardian(care.ward):
        raise WardActsAlone
    return care


def care_of(guardian: Holder, ward_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> Care:
    """Return the guardian with this ward.

    Raises:
        WardMissing: the account is not the active guardian of this person, or the person is of age since today.
    """
    active = stored.guardianships.active_of(HolderId(ward_id))
    ward = stored.holders.get(HolderId(ward_id))
    if active is None or active.guardian_id != guardian.holder_id or ward is None or ward.is_erased:
        raise WardMissing
    # Whoever can have the account back stays guardian so long, past an 18th birthday, too.
    if not active.can_be_taken_back(now=now):
        check_under_age(ward, keys=keys, now=now)
    return Care(guardian, ward, active)


def check_under_age(ward: Holder, *, keys: Keys, now: datetime) -> None:
    """Refuse to act for somebody of age who signs in alone, also before the birthday's job has ended guardianship.

    Raises:
        WardMissing: the ward is.
    """
    if not is_kept_by_guardian(ward) and band_of(ward, keys=keys, now=now) is AgeBand.ADULT:
        raise WardMissing


def is_asked_for(ward: Holder, *, stored: Repositories) -> bool:
    """Say whether somebody claims the ward, or staff are about to give the account a phone.

    Who hears of either shall not be quicker: neither hand the account to themselves nor end it. Whose claim was refused
    before holds nothing up by another.
    """
    known = stored.guardianships.of_ward(ward.holder_id)
    refused = {one.guardian_id for one in known if one.state is GuardianshipState.REFUSED}
    claims = (one.state is GuardianshipState.DECLARED and one.guardian_id not in refused for one in known)
    return any(claims) or waiting_appeal(ward, stored=stored) is not None


def waiting_appeal(ward: Holder, *, stored: Repositories) -> PhoneChange | None:
    """Return the change by which staff are about to give the account a phone; one that the ward began is none."""
    newest = stored.phone_changes.newest(ward.holder_id)
    is_staffs = newest is not None and newest.is_waiting() and newest.way is ChangeWay.APPEAL
    return newest if is_staffs else None


def is_kept_and_asked_for(ward_id: HolderId, *, stored: Repositories) -> bool:
    """Say whether this is an account that a guardian keeps, and that somebody asks for."""
    ward = stored.holders.get(ward_id)
    return ward is not None and is_kept_by_guardian(ward) and is_asked_for(ward, stored=stored)


def was_left_to_another(declared: Guardianship, *, stored: Repositories, now: datetime) -> bool:
    """Say whether the ward has been without its guardian for a short while, who is not the one that asks now.

    It may not have been the guardian who left, nor who ended the own account; of that one no row is left, but the
    ward's account has stood still since.
    """
    try:
        left = [one for one in stored.guardianships.of_ward(declared.ward_id) if one.was_left_lately(now=now)]
        stood_still = [one.at for one in stored.holders.events(declared.ward_id) if _is_left(one, now=now)]
    except StoredDamaged:
        # Nobody knows who left: staff look.
        return True
    last = max(left, key=lambda one: one.ended_at or one.asked_at, default=None)
    if last is None:
        return bool(stood_still)
    left_at = last.ended_at or last.asked_at
    return last.guardian_id != declared.guardian_id or any(at > left_at for at in stood_still)


def _is_left(event: HolderEvent, *, now: datetime) -> bool:
    is_left = event.kind is EventKind.FROZEN and event.fact("channel") == LEFT_BY_GUARDIAN
    return is_left and is_within(LEFT_LATELY, event.at, now=now)


def check_room(guardian: Holder, *, stored: Repositories) -> None:
    """Refuse another ward for an account that has as many as it may.

    Raises:
        WardsFull: it has.
    """
    if sum(one.is_open for one in stored.guardianships.of_guardian(guardian.holder_id)) >= MOST_WARDS:
        raise WardsFull


def subject_of(holder: Holder, *, keys: Keys, now: datetime) -> Subject:
    """Return name and number as the authority is asked about them."""
    name = open_vault(holder, keys=keys).open("sealed_name", holder.sealed_name or b"").decode()
    return Subject(parse_real_name(name), number_of(holder, keys=keys, now=now))


def question_of(guardianship_id: str, relation: Relation, *, ward: Subject, guardian: Subject) -> RelationQuestion:
    """Return what the authority is asked."""
    return RelationQuestion(reference=guardianship_id, relation=relation, ward=ward, guardian=guardian)


def invitation_hash(digits: str, index: bytes, *, keys: Keys) -> bytes:
    """Return the keyed hash of an invitation: its digits open nothing without the number of who invites."""
    return keys.mac(MacPurpose.LOOKUP, b"invitation\x00" + index + b"\x00" + digits.encode())


def hand_over_hash(digits: str, index: bytes, *, keys: Keys) -> bytes:
    """Return the keyed hash of digits that hand an account over; those of an invitation never do."""
    return keys.mac(MacPurpose.LOOKUP, b"hand_over\x00" + index + b"\x00" + digits.encode())


def change(act: Act, before: Guardianship, after: Guardianship) -> Guardianship:
    """Store the guardianship, which must still stand as ``before``.

    Raises:
        StateConflict: it was changed meanwhile.
    """
    if not act.uow.guardianships.change(before, after):
        raise StateConflict
    return after
