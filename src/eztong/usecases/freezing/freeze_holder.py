"""Freeze an account: effective at once, on every door (clause 2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eztong.domain.access.device import DeviceState
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.events import Actor, EventKind
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, is_loss
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.domain.recovery import StoppedBy
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.freezing.loss import lost_since
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.recovery.stop_waiting import stop_waiting

_ACTORS: Final = {
    FreezeCause.SELF: Actor.HOLDER,
    FreezeCause.OPERATOR: Actor.OPERATOR,
    FreezeCause.RISK: Actor.RISK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeHolder:
    """Freeze this account, because of ``cause``, asked for through ``channel``; a holder may say the ``reason``.

    ``operator`` is who did it for the holder, by the login.
    """

    holder_id: HolderId
    cause: FreezeCause
    channel: str
    reason: FreezeReason | None = None
    operator: str | None = None


def freeze_holder(command: FreezeHolder, *, uow: UnitOfWork, keys: Keys, entropy: Entropy, now: datetime) -> Holder:
    """Freeze, cancel every outstanding code, end every session, tell the holder. Twice is the same as once.

    A recovery that waits is stopped, also where the account was frozen before. A loss that is told only now, of an
    account that is frozen already, is written down and told, too: it keeps recoveries from waiting for a while.

    Raises:
        NotFound: there is no such account.
        StateConflict: the account was never active, or has ended, or changed meanwhile.
    """
    holder = uow.holders.get(command.holder_id)
    if holder is None:
        raise NotFound
    stop_waiting(holder, StoppedBy.FREEZE, uow=uow, keys=keys, entropy=entropy, now=now)
    frozen = holder.frozen(command.cause)
    if frozen == holder and not _is_new_loss(command, holder, uow=uow):
        return holder
    if frozen != holder and not uow.holders.move(holder, frozen):
        raise StateConflict
    if command.reason is FreezeReason.PHONE_LOST:
        _mark_lost(holder.holder_id, uow=uow)
    more = "" if command.reason is None else f" reason={command.reason}"
    more += "" if command.operator is None else f" operator={command.operator}"
    cancelled = uow.codes.end_outstanding(holder.holder_id, None, CodeState.CANCELLED, now)
    ended = uow.sessions.revoke_all(holder.holder_id, now=now)
    note_event(
        holder.holder_id,
        EventKind.FROZEN,
        uow=uow,
        entropy=entropy,
        now=now,
        detail=f"channel={command.channel} codes_cancelled={cancelled} sessions_ended={ended}{more}",
        actor=_ACTORS[command.cause] if command.operator is None else Actor.OPERATOR,
    )
    tell_holder(frozen, Topic.ACCOUNT_FROZEN, {}, uow=uow, keys=keys, entropy=entropy, now=now)
    return frozen


def _is_new_loss(command: FreezeHolder, holder: Holder, *, uow: UnitOfWork) -> bool:
    return is_loss(command.reason) and lost_since(holder, stored=uow) is None


def _mark_lost(holder_id: HolderId, *, uow: UnitOfWork) -> None:
    device = uow.devices.primary(holder_id)
    if device is not None:
        uow.devices.set_state(holder_id, device.device_id, DeviceState.LOST)
