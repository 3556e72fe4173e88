"""The notifier port: how a message reaches a phone or a mailbox."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.jobs.fate import NeverDone
from eztong.domain.notices import Message


class Undeliverable(NeverDone):
    """The transport says that this very message can never reach its receiver."""


class Notifier(Protocol):
    """Delivers one message. Called by the runner of jobs only, at least once per message.

    More than once only if the process ended, or its lease lapsed, between a hand-over and the commit that notes it.
    """

    def deliver(self, message: Message, *, message_id: str) -> None:
        """Deliver; a second call with the same ``message_id`` must not reach the person twice.

        Raises:
            Undeliverable: its receiver does not exist or takes nothing; the message is dropped.
            Unavailable: the transport is down; it is tried again later. Whatever else an adapter lets out is
                taken the same way, for this message alone.
        """
        ...
