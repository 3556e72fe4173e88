"""Deliver what waits in the outbox, at least once each, with growing pauses after failures.

1. Lease what is due, the most urgent first, in one unit of work.
2. Hand each over, outside any unit of work. One that fails, whatever it raises, is postponed and stops no other; a
   message that nobody can use any more is dropped; and as soon as something more urgent waits, the rest is given back.
3. Note what became of all of them in one unit of work.

A crash between 2 and 3 leaves leases that lapse; what was handed over is then handed over again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from eztong.domain.notices import OutboxEntry
from eztong.domain.retry import MESSAGES
from eztong.ports.act import SYSTEM, Act
from eztong.ports.notifier import Notifier
from eztong.ports.services import Services
from eztong.usecases.jobs.queue_run import QueueRun, counted
from eztong.usecases.notices.send_message import open_message

QUEUE = "outbox"
LEASE = timedelta(minutes=2)
# Handing over stops half-way through the lease, so that one slow hand-over more does not outlast it.
HAND_OVER_FOR = LEASE / 2
_LEASE_LOST = "LeaseLost"


class _End(Enum):
    DELIVERED = auto()
    FAILED = auto()
    DROPPED = auto()
    GIVEN_BACK = auto()


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of a leased message; ``kind`` is the kind of its failure."""

    entry: OutboxEntry
    end: _End
    kind: str = ""


def deliver_due_messages(*, services: Services, notifier: Notifier, limit: int = 50) -> QueueRun:
    """Deliver due messages. A receiver that is down loses nothing."""
    lease = services.clock.now() + LEASE
    leased = _lease_due(limit, until=lease, services=services)
    if not leased:
        return QueueRun()
    fates = [_hand_over(entry, began=lease - LEASE, services=services, notifier=notifier) for entry in leased]
    lost = services.perform(SYSTEM, _settle, fates, lease=lease)
    kinds = [fate.kind for fate in fates if fate.end is _End.FAILED] + [_LEASE_LOST] * lost
    return QueueRun(
        done=sum(fate.end is _End.DELIVERED for fate in fates),
        failures=counted(QUEUE, kinds, observer=services.observer),
        again=len(leased) == limit or any(fate.end is _End.GIVEN_BACK for fate in fates),
    )


def _lease_due(limit: int, *, until: datetime, services: Services) -> Sequence[OutboxEntry]:
    now = services.clock.now()
    with services.store.read() as stored:
        due = stored.outbox.due(now=now, limit=limit)
    if not due:
        return ()
    return services.perform(SYSTEM, _lease, due, until=until)


def _lease(act: Act, due: Sequence[OutboxEntry], *, until: datetime) -> Sequence[OutboxEntry]:
    return [entry for entry in due if act.uow.outbox.lease(entry.message_id, now=act.now, until=until)]


def _hand_over(entry: OutboxEntry, *, began: datetime, services: Services, notifier: Notifier) -> _Fate:
    now = services.clock.now()
    if entry.is_over(now=now):
        return _Fate(entry, _End.DROPPED)
    if now >= began + HAND_OVER_FOR or _is_overtaken(entry, now=now, services=services):
        return _Fate(entry, _End.GIVEN_BACK)
    try:
        notifier.deliver(open_message(entry, keys=services.keys), message_id=entry.message_id)
    except Exception as error:  # noqa: BLE001 - whatever an adapter lets out, the next message goes on
        return _Fate(entry, _End.FAILED, type(error).__name__)
    return _Fate(entry, _End.DELIVERED)


def _is_overtaken(entry: OutboxEntry, *, now: datetime, services: Services) -> bool:
    with services.store.read() as stored:
        return stored.outbox.has_due(before=entry.priority, now=now)


def _settle(act: Act, fates: Sequence[_Fate], *, lease: datetime) -> int:
    """Note what became of the messages; return how many leases had lapsed, so that another worker has the message."""
    return sum(not _settle_one(act, fate, lease=lease) for fate in fates)


def _settle_one(act: Act, fate: _Fate, *, lease: datetime) -> bool:
    message_id = fate.entry.message_id
    match fate.end:
        case _End.DELIVERED:
            return act.uow.outbox.mark_delivered(message_id, lease=lease, now=act.now)
        case _End.FAILED:
            until = act.now + MESSAGES.pause_after(fate.entry.attempts)
            return act.uow.outbox.postpone(message_id, lease=lease, until=until)
        case _End.DROPPED:
            return act.uow.outbox.drop(message_id, lease=lease)
        case _End.GIVEN_BACK:
            return act.uow.outbox.give_back(message_id, lease=lease)
