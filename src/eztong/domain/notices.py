"""Messages that leave as jobs: what to whom, in which words the notifier chooses the transport.

What a person waits for goes first, and what nobody can use any more does not go at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
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
    PASSKEY_ADDED = "passkey_added"
    PIN_CHANGED = "pin_changed"
    TICKET_ANSWERED = "ticket_answered"
    TICKET_AT_STAKE = "ticket_at_stake"
    DOCUMENT_ENDS = "document_ends"
    ACCOUNT_RESTRICTED = "account_restricted"
    RESTRICTION_LIFTED = "restriction_lifted"


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
        Topic.ACCOUNT_RESTRICTED,
        Topic.RESTRICTION_LIFTED,
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
