"""Freeze an account: effective at once, on every door (clause 2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from eztong.domain.access.device import DeviceState
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.guardianship.ward import cause_of_freeze
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, is_loss
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.domain.notices import Topic
from eztong.domain.recovery import StoppedBy
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import CONTACT
from eztong.usecases.contact.end_opened import end_at_freeze, end_at_loss, first_told_at
from eztong.usecases.deregistration.undo_deregistration import undo_for_loss
from eztong.usecases.end_codes import end_codes
from eztong.usecases.guardianship.take_back import take_back_new
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.stop_waiting import stop_waiting
from eztong.usecases.told_loss import lost_since

_MAY_BE_LOST: Final = frozenset({DeviceState.BOUND, DeviceState.SUPERSEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeHolder:
    """Freeze this account, because of ``cause``, asked for through ``channel``; a holder may say the ``reason``.

    ``cause`` says whose freeze it is, and so who lifts it: an operator who acts for the holder freezes as the holder,
    and where a guardian keeps the account, as the guardian.
    ``told_on`` is the device that asks for it, where that is one of the account: not the one that is lost.
    """

    holder_id: HolderId
    cause: FreezeCause
    channel: str
    reason: FreezeReason | None = None
    told_on: DeviceId | None = None


def freeze_holder(act: Act, command: FreezeHolder) -> Holder:
    """Freeze, cancel every outstanding code, end every session, tell the holder. Twice tells once.

    What was opened since an earlier freeze ends with each. A recovery or a change of the phone that waits is stopped,
    also where the account was frozen before. A loss that is told only now, of an account that is frozen already, is
    written down and told, too: it keeps recoveries from waiting for a while. A loss that is told undoes a change of
    the phone and a deregistration that can be undone, ends addresses, choices and links that somebody else may have
    put there, and has accounts of wards back that went over lately. What of all this cannot be read is passed over:
    the account is stopped all the same.

    Raises:
        NotFound: there is no such account.
        StateConflict: the account was never active, or has ended, or changed meanwhile.
    """
    holder = act.uow.holders.get(command.holder_id)
    if holder is None:
        raise NotFound
    end_at_freeze(act, holder, by_service=command.cause in {FreezeCause.OPERATOR, FreezeCause.RISK})
    if is_loss(command.reason):
        holder = end_at_loss(act, holder)
        take_back_new(act, holder, at=first_told_at(act, holder), by="loss")
    stop_waiting(act, holder, StoppedBy.FREEZE)
    if is_loss(command.reason):
        holder = undo_for_loss(act, holder)
    cause = cause_of_freeze(holder, command.cause)
    frozen = holder.frozen(cause)
    cancelled = end_codes(act, holder.holder_id)
    ended = act.uow.sessions.revoke_all(holder.holder_id, now=act.now)
    if command.reason is FreezeReason.PHONE_LOST:
        act.uow.apart(CONTACT, lambda: _mark_lost(act, holder.holder_id, but=command.told_on))
    if frozen == holder and not ended and not _is_new_loss(command, holder, stored=act.uow):
        return holder
    if frozen != holder and not act.uow.holders.move(holder, frozen):
        raise StateConflict
    more = "" if command.reason is None else f" reason={command.reason}"
    note_event(
        act,
        holder.holder_id,
        EventKind.FROZEN,
        detail=f"channel={command.channel} codes_cancelled={cancelled} sessions_ended={ended}{more}",
    )
    tell_holder(act, frozen, Topic.ACCOUNT_FROZEN, {"cause": frozen.freeze_cause or cause})
    return frozen


def _is_new_loss(command: FreezeHolder, holder: Holder, *, stored: Repositories) -> bool:
    return is_loss(command.reason) and lost_since(holder, stored=stored) is None


def _mark_lost(act: Act, holder_id: HolderId, *, but: DeviceId | None) -> None:
    """Mark every device that may be the lost phone: one that was superseded may be that very phone, bound anew."""
    for device in act.uow.devices.list(holder_id):
        if device.device_id != but and device.state in _MAY_BE_LOST:
            act.uow.devices.set_state(holder_id, device.device_id, DeviceState.LOST)
