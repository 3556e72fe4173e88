"""The notifier port: how a message reaches a phone."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.message import Message


class Notifier(Protocol):
    """Delivers one message. Called by the outbox dispatcher only, at least once per message."""

    def deliver(self, message: Message, *, message_id: str) -> None:
        """Deliver; a second call with the same ``message_id`` must not reach the person twice.

        Raises:
            Unavailable: the transport is down; the outbox tries again later.
        """
        ...
