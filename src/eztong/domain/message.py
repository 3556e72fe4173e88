"""Messages that leave through the outbox: what to whom, in which words the notifier chooses the transport."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from typing_extensions import override


class Topic(StrEnum):
    """What a message is about."""

    OTP = "otp"
    REGISTRATION_DECIDED = "registration_decided"
    CODE_USED = "code_used"
    CODE_REPLAYED = "code_replayed"
    ACCOUNT_FROZEN = "account_frozen"
    DEVICE_BOUND = "device_bound"
    ACCOUNT_RECOVERED = "account_recovered"
    RECOVERY_WAITING = "recovery_waiting"
    RECOVERY_STOPPED = "recovery_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a phone. Phone and parameters are personal data: sealed at rest, never logged.

    The notifier puts it into words: ``params`` fill the catalogue's sentence for ``topic`` in ``language``.
    """

    topic: Topic
    phone: str
    language: str
    params: Mapping[str, str]

    @override
    def __repr__(self) -> str:
        """Hide phone and parameters."""
        return f"Message({self.topic})"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxEntry:
    """A stored message that waits for delivery, or was delivered."""

    message_id: str
    topic: Topic
    sealed: bytes
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    delivered_at: datetime | None = None
