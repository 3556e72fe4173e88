"""Messages that leave as jobs, and what of them a holder can read again.

What a person waits for goes first, and what nobody can use any more does not go at all. Whatever is sent about an
account, but for message codes, stays as a notice, too, which its holder reads again on the own page (clause 2.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from typing_extensions import override

from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.identifiers import HolderId


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
    PASSKEY_ADDED = "passkey_added"
    PIN_CHANGED = "pin_changed"
    TICKET_ANSWERED = "ticket_answered"
    TICKET_AT_STAKE = "ticket_at_stake"
    TEST = "test"
    """Sent by the operator to try the transport."""


class Channel(StrEnum):
    """Which way a message goes."""

    SMS = "sms"
    EMAIL = "email"


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
        Topic.PASSKEY_ADDED,
        Topic.PIN_CHANGED,
        Topic.TICKET_AT_STAKE,
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
    """A message to a phone, or to an ``email`` address. All of it is personal data: sealed at rest, never logged.

    The notifier puts it into words: ``params`` fill the catalogue's sentence for ``topic`` in ``language``.
    """

    topic: Topic
    phone: str = ""
    language: str
    params: Mapping[str, str]
    email: str = ""

    @property
    def channel(self) -> Channel:
        """Which way it goes."""
        return Channel.EMAIL if self.email else Channel.SMS

    @override
    def __repr__(self) -> str:
        """Hide phone, address and parameters."""
        return f"Message({self.topic})"


ONLY_SENT = frozenset({"link"})
"""Params that act by themselves: they go out with the message, and no notice keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was told to a holder, to be read again. ``sealed`` holds the params under the account's key."""

    holder_id: HolderId
    notice_id: str
    """The message's own id."""

    topic: str
    """A :class:`Topic`, or what a newer version told."""

    sealed: bytes = field(repr=False)
    at: datetime
    read_at: datetime | None = None
