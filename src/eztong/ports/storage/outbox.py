"""The outbox port: messages that were decided together with state and leave later.

A worker leases a message before it hands it over, and settles it afterwards: delivered, postponed, given back or
dropped. Only the lease that it took settles it, so several workers can share one outbox. A worker that dies between
hand-over and settling leaves a lease that lapses, and the message is handed over again: **at least once**, never less,
and more often only then. What must not reach a person twice is recognised by the notifier, by the message's id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.notices import OutboxEntry


class OutboxRepository(Protocol):
    """Messages that wait. ``lease`` in the settling methods is the end of the lease that the caller took."""

    def add(self, entry: OutboxEntry) -> None:
        """Queue a message."""
        ...

    def due(self, *, now: datetime, limit: int) -> Sequence[OutboxEntry]:
        """Return waiting messages whose time has come and that nobody leases: the most urgent, then the oldest."""
        ...

    def has_due(self, *, before: int, now: datetime) -> bool:
        """Say whether a message of a lower priority number than ``before`` is due."""
        ...

    def lease(self, message_id: str, *, now: datetime, until: datetime) -> bool:
        """Take the message for this worker by one conditional UPDATE; return whether it was still due and free."""
        ...

    def mark_delivered(self, message_id: str, *, lease: datetime, now: datetime) -> bool:
        """Mark the message delivered and empty its sealed body; return whether the lease still held."""
        ...

    def postpone(self, message_id: str, *, lease: datetime, until: datetime) -> bool:
        """Count a failed try and wait until ``until``; return whether the lease still held."""
        ...

    def give_back(self, message_id: str, *, lease: datetime) -> bool:
        """End the lease without a try; return whether it still held."""
        ...

    def drop(self, message_id: str, *, lease: datetime) -> bool:
        """Remove a message that nobody can use any more; return whether the lease still held."""
        ...
