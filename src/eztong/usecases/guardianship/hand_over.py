"""Hand an account over to the ward whom it is about, by ten digits: from 14 people act alone (PIPL art. 31).

The digits open nothing by themselves: the ward types them with the own document number and proves a phone, see
:mod:`eztong.usecases.guardianship.take_over`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import (
    HAND_OVER_DIGITS,
    HAND_OVERS,
    AccountClaimed,
    Guardianship,
    HandOverNotPossible,
)
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identity.age import AgeBand
from eztong.domain.standing import is_usable
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.draw_digits import draw_digits
from eztong.usecases.guardianship.care import (
    TABLE,
    Care,
    change,
    check_vouches,
    find_ward,
    hand_over_hash,
    is_asked_for,
)
from eztong.usecases.note_event import note_event
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.spend_budget import spend
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Whose account it is, and whether it is handed over or kept after all."""

    session_hash: bytes
    ward_id: str
    keep: bool = False


def hand_over(act: Act, command: HandOver) -> Guardianship:
    """Make digits of a day by which the ward takes the account over, or end those that stand; return how it stands.

    1. The session is of the active guardian, an adult, on the bound device, unlocked; what passes of it is its own.
    2. The ward is 14 or older, has no sign-in yet, and its account is in use.
    3. The digits are kept sealed under the ward's key, and as a keyed hash together with the number; newer ones end
       those before.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible, WardMissing: this session may not.
        NothingPasses, AgreementNotAccepted: nothing of the guardian's own passes.
        HandOverNotPossible: not this account, or not now. AccountClaimed: somebody else asks for it.
        TooMany: digits were made too often today.
    """
    care = find_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    act = act.as_guardian(care.guardianship.guardianship_id)
    if command.keep:
        return change(act, care.guardianship, care.guardianship.keeping())
    check_vouches(care.guardian, stored=act.uow)
    if not is_of_age_to_take_over(care.ward, keys=act.keys, now=act.now):
        raise HandOverNotPossible
    if is_asked_for(care.ward, stored=act.uow):
        raise AccountClaimed
    spend(act, HAND_OVERS, care.ward.holder_id.encode())
    return _offer(act, care)


def may_be_handed_over(ward: Holder, *, stored: Repositories, keys: Keys, now: datetime) -> bool:
    """Say whether the account goes over now: it is one that does, and nobody else asks for it."""
    return is_of_age_to_take_over(ward, keys=keys, now=now) and not is_asked_for(ward, stored=stored)


def is_of_age_to_take_over(ward: Holder, *, keys: Keys, now: datetime) -> bool:
    """Say whether the account is in use, of somebody of 14 or more, and without a sign-in of its own."""
    is_kept = is_usable(ward) and is_kept_by_guardian(ward)
    return is_kept and band_of(ward, keys=keys, now=now) is not AgeBand.CHILD


def _offer(act: Act, care: Care) -> Guardianship:
    guardianship, ward = care.guardianship, care.ward
    digits = draw_digits(act, HAND_OVER_DIGITS)
    vault = open_vault(ward, keys=act.keys)
    sealed = vault.seal(guardianship.guardianship_id, digits.encode(), entropy=act.entropy, table=TABLE)
    found_by = hand_over_hash(digits, ward.number_index or b"", keys=act.keys)
    offered = change(act, guardianship, guardianship.handing_over(found_by, sealed, now=act.now))
    note_event(act, ward.holder_id, EventKind.HAND_OVER_OFFERED, detail=f"guardianship={offered.guardianship_id}")
    return offered
