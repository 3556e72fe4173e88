"""Deliver what waits in the outbox, at least once each, with growing pauses after failures."""

from __future__ import annotations

from datetime import timedelta

from eztong.domain.errors import EztongError
from eztong.domain.message import OutboxEntry
from eztong.gm.errors import GmError
from eztong.ports.notifier import Notifier
from eztong.ports.services import Services
from eztong.usecases.send_message import open_message

FIRST_PAUSE = timedelta(seconds=2)
MAX_PAUSE = timedelta(minutes=10)
_MAX_DOUBLINGS = 9


def deliver_due_messages(*, services: Services, notifier: Notifier, limit: int = 50) -> int:
    """Deliver due messages; return how many reached the transport. A receiver that is down loses nothing."""
    with services.store.read() as stored:
        due = stored.queues.due_messages(now=services.clock.now(), limit=limit)
    return sum(_deliver(entry, services=services, notifier=notifier) for entry in due)


def _deliver(entry: OutboxEntry, *, services: Services, notifier: Notifier) -> bool:
    try:
        notifier.deliver(open_message(entry, keys=services.keys), message_id=entry.message_id)
    except (EztongError, GmError):
        pause = min(FIRST_PAUSE * 2 ** min(entry.attempts, _MAX_DOUBLINGS), MAX_PAUSE)
        until = services.clock.now() + pause
        services.store.write(lambda uow: uow.queues.postpone_message(entry.message_id, until=until))
        return False
    services.store.write(lambda uow: uow.queues.mark_delivered(entry.message_id, now=services.clock.now()))
    return True
