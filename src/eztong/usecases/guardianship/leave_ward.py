"""End a guardianship from the guardian's side: given up, or because the account ends. The ward is not left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.errors import StateConflict, TickMissing
from eztong.domain.events import EventKind
from eztong.domain.guardianship.guardianship import CareEnd, Guardianship, GuardianshipState, LeaveWaits
from eztong.domain.guardianship.ward import is_frozen_by_guardian, is_kept_by_guardian, shut_under
from eztong.domain.holder import FreezeCause, Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import AgeBand
from eztong.domain.notices import Topic
from eztong.domain.recovery import StoppedBy
from eztong.ports.act import Act
from eztong.usecases.apart import CARE, each_by_itself, read_apart
from eztong.usecases.contact.end_opened import end_at_freeze
from eztong.usecases.guardianship.care import LEFT_BY_DEATH, LEFT_BY_GUARDIAN, Care, find_ward
from eztong.usecases.guardianship.settle_relation import end, refuse_left
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.stop_account import stop_account
from eztong.usecases.stop_waiting import stop_waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveWard:
    """Be this person's guardian no more. ``understood``: the account is seen no more, and that was ticked."""

    session_hash: bytes
    ward_id: str
    understood: bool


def leave_ward(act: Act, command: LeaveWard) -> Guardianship:
    """End the guardianship at once. The ward's account stands still until another guardian confirms.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked, GuardianNotEligible: this session may not.
        WardMissing: the account is not the guardian of this person.
        TickMissing: not ticked; nothing was done.
        LeaveWaits: the account went over a short while ago, or is ending; see :func:`may_be_left`.
    """
    care = find_ward(command.session_hash, command.ward_id, stored=act.uow, keys=act.keys, now=act.now)
    if not command.understood:
        raise TickMissing
    if not may_be_left(care, now=act.now):
        raise LeaveWaits
    act = act.as_guardian(care.guardianship.guardianship_id)
    ended = end(act, care.guardianship, CareEnd.GUARDIAN)
    _stop(act, care.ward)
    return ended


def may_be_left(care: Care, *, now: datetime) -> bool:
    """Say whether nothing waits that this guardian alone could undo.

    Ten minutes with an unlocked phone hand an account over, or end it; its guardian undoes that within 72 hours, by a
    told loss, too, and so is still its guardian then.
    """
    is_ending = care.ward.is_leaving and is_kept_by_guardian(care.ward)
    return not is_ending and not care.guardianship.can_be_taken_back(now=now)


def leave_all(act: Act, guardian: Holder, *, channel: str = LEFT_BY_GUARDIAN) -> None:
    """End whatever an account that ends is, or asks to be, guardian of; and that somebody is guardian of it.

    Each is ended apart: what cannot be read of one, or of its ward, keeps neither another nor the account's own end.
    ``channel`` says in the wards' histories why they stand still.
    """
    act.uow.apart(CARE, lambda: _end_own(act, guardian.holder_id))
    act.uow.apart(CARE, lambda: _leave_wards(act, guardian.holder_id, channel))


def shut_for_dead(act: Act, holder_id: HolderId) -> None:
    """Let the account of a minor said to be dead stand frozen if the authority takes that back: no guardian is left."""
    act.uow.apart(CARE, lambda: _shut(act, holder_id))


def _shut(act: Act, holder_id: HolderId) -> None:
    dead = act.uow.holders.get(holder_id)
    if dead is None or is_frozen_by_guardian(dead) or band_of(dead, keys=act.keys, now=act.now) is AgeBand.ADULT:
        return
    if not act.uow.holders.move(dead, shut_under(dead)):
        raise StateConflict
    note_event(act, holder_id, EventKind.FROZEN, detail=f"channel={LEFT_BY_DEATH}")


def _end_own(act: Act, ward_id: HolderId) -> None:
    own = act.uow.guardianships.active_of(ward_id)
    if own is not None:
        end(act, own, CareEnd.ACCOUNT)


def _leave_wards(act: Act, guardian_id: HolderId, channel: str) -> None:
    ids = act.uow.guardianships.ids_of_guardian(guardian_id)
    each_by_itself(act, CARE, ids, lambda guardianship_id: _leave(act, guardianship_id, channel))


def _leave(act: Act, guardianship_id: str, channel: str) -> None:
    one = act.uow.guardianships.get(guardianship_id)
    if one is None or not one.is_open:
        return
    if one.state is not GuardianshipState.ACTIVE:
        refuse_left(act, one)
        return
    ward = act.uow.holders.get(one.ward_id)
    end(act, one, CareEnd.ACCOUNT)
    if ward is not None:
        _stop(act, ward, channel)


def _stop(act: Act, ward: Holder, channel: str = LEFT_BY_GUARDIAN) -> None:
    """Freeze the ward's account: nobody acts for a minor without a guardian. Who is of age needs none.

    Since when it is without one stands in its history, also where it was frozen before.
    """
    band = read_apart(act, CARE, lambda: band_of(ward, keys=act.keys, now=act.now))
    if not ward.has_account or band is AgeBand.ADULT:
        return
    if is_frozen_by_guardian(ward):
        note_event(act, ward.holder_id, EventKind.FROZEN, detail=f"channel={channel}")
        return
    end_at_freeze(act, ward)
    stop_waiting(act, ward, StoppedBy.FREEZE)
    frozen = stop_account(act, ward, FreezeCause.GUARDIAN, detail=f"channel={channel}")
    tell_holder(act, frozen, Topic.ACCOUNT_FROZEN, {"cause": FreezeCause.GUARDIAN.value})
