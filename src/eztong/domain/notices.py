"""Messages that leave through the outbox: what to whom, in which words the notifier chooses the transport.

What a person waits for goes first, and what nobody can use any more does not go at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from typing_extensions import override

from eztong.domain.access.otp import OTP_LIFE


class Topic(StrEnum):
    """What a message is about."""

    OTP = "otp"
    REGISTRATION_DECIDED = "registration_decided"
    CODE_USED = "code_used"
    CODE_REPLAYED = "code_replayed"
    ACCOUNT_FROZEN = "account_frozen"
    DEVICE_BOUND = "device_bound"
    ACCOUNT_RECOVERED = "account_recovered"
    WRONG_CODES = "wrong_codes"
    REGISTERED_AGAIN = "registered_again"
    RECOVERY_WAITING = "recovery_waiting"
    RECOVERY_STOPPED = "recovery_stopped"


class Priority(IntEnum):
    """In which order waiting messages leave: the lower number first."""

    MESSAGE_CODE = 0
    ACCOUNT_AT_STAKE = 1
    OTHER = 2


_AT_STAKE = frozenset(
    {
        Topic.ACCOUNT_FROZEN,
        Topic.DEVICE_BOUND,
        Topic.ACCOUNT_RECOVERED,
        Topic.WRONG_CODES,
        Topic.RECOVERY_WAITING,
        Topic.RECOVERY_STOPPED,
    }
)


def priority_of(topic: Topic) -> Priority:
    """Return which messages this one waits for.

    Somebody sits in front of a page that asks for a message code. A holder who hears of a freeze, a new device or a
    recovery may have to stop it. Everything else is to know.
    """
    if topic is Topic.OTP:
        return Priority.MESSAGE_CODE
    return Priority.ACCOUNT_AT_STAKE if topic in _AT_STAKE else Priority.OTHER


def life_of(topic: Topic) -> timedelta | None:
    """Return how long a message is of use; None means as long as it waits."""
    return OTP_LIFE if topic is Topic.OTP else None


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
    """A stored message that waits for delivery, or was delivered.

    ``topic`` is the value of a :class:`Topic`; it is read when the message is opened, so that a row which cannot be
    read keeps no other one back. ``leased_until`` is until when one worker alone may deliver it.
    """

    message_id: str
    topic: str
    sealed: bytes
    priority: int
    created_at: datetime
    next_attempt_at: datetime
    attempts: int
    expires_at: datetime | None = None
    leased_until: datetime | None = None
    delivered_at: datetime | None = None

    def is_over(self, *, now: datetime) -> bool:
        """Say whether nobody can use the message any more."""
        return self.expires_at is not None and now >= self.expires_at
