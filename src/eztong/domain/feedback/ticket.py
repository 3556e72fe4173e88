"""Feedback tickets: whoever writes to the service gets a number, a day of answer and the answer (P-6, 2.13, 5.2).

``open -> answered -> open`` again with every further message of the asker; ``closed`` is the end, and the service ends
a ticket with an answer only. A ticket that was forgotten shows: its day of answer stays where it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict, TooMany
from eztong.domain.free_text import parse_free_text
from eztong.domain.holder import WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.working_days import DueDay

MAX_WORDS: Final = 1000
"""Characters of one message."""

MAX_MESSAGES: Final = 50
"""Messages of one ticket, so that it stays readable."""

MAX_OPEN: Final = 10
"""Tickets of one account that wait for an answer."""

NUMBER_DIGITS: Final = 10
SECRET_CHARACTERS: Final = 16
"""Of 32 each: 80 bits, which nobody guesses."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What is read out or written down by hand: letters that look like digits are taken as such (Crockford's base 32).
_LOOK_ALIKE: Final = str.maketrans("OIL", "011", " -\u00a0\u2009\u3000")
_NUMBER: Final = re.compile(rf"[0-9]{{{NUMBER_DIGITS}}}")
_SECRET: Final = re.compile(rf"[{_ALPHABET}]{{{SECRET_CHARACTERS}}}")


class TicketKind(StrEnum):
    """What a ticket is about."""

    QUESTION = "question"
    CORRECTION = "correction"
    """Something that the service keeps of somebody is wrong (clause 2.8)."""
    COMPLAINT = "complaint"
    REPORT = "report"
    """Somebody passes as somebody else, or a record is not its holder's own (clause 2.11)."""
    DISPUTE = "dispute"
    """A matter with a partner, about a record as a rule; the service helps, and does not judge (clause 2.15)."""
    TALKS = "talks"
    """A matter with the service itself: talks that go from stage to stage (clause 5.2)."""
    NUMBER_APPEAL = "number_appeal"
    """Number, SIM card and device are lost, or the number came to somebody else (clauses 2.7, 3.3)."""
    RELATIVE = "relative"
    """A holder has died, and a relative asks about the account (PIPL art. 49)."""
    DEREGISTRATION = "deregistration"
    """The account shall end (clause 2.13)."""


LAST_WAYS: Final = frozenset({TicketKind.NUMBER_APPEAL, TicketKind.REPORT, TicketKind.TALKS})
"""Kinds that are the last way of somebody who has no account in hand: no flood of strangers closes them.

Talks are the way before a court (clause 5.2), also of somebody whose account was ended.
"""

AT_STAKE: Final = frozenset({TicketKind.CORRECTION, TicketKind.DEREGISTRATION})
"""Kinds that an account's holder is told of at once: somebody else may have its phone in hand."""


class TicketState(StrEnum):
    """Whose turn it is."""

    OPEN = "open"
    """The service's."""
    ANSWERED = "answered"
    """Nobody's: there is an answer, and the asker may go on."""
    CLOSED = "closed"


class Author(StrEnum):
    """Who wrote a message."""

    ASKER = "asker"
    STAFF = "staff"


class WordsMissing(InputInvalid):
    """Nothing was written."""

    code = "words_missing"
    advice = "Write something first."


class WordsTooLong(InputInvalid):
    """More was written than one message holds."""

    code = "words_too_long"
    advice = f"At most {MAX_WORDS} characters fit; add the rest in a second message."


class TicketKindMissing(InputInvalid):
    """It was not said what it is about."""

    code = "ticket_kind_missing"
    advice = "Choose what it is about."


class TicketUnknown(NotFound):
    """No ticket with this number and secret."""

    code = "ticket_unknown"
    advice = "Check number and secret: both stand on the page that was shown when you wrote."


class TicketClosed(StateConflict):
    """The ticket has ended."""

    code = "ticket_closed"
    advice = "Write a new one, and name the number of this one."


class TicketFull(StateConflict):
    """The ticket has as many messages as it may."""

    code = "ticket_full"
    advice = "Write a new one, and name the number of this one."


class FormSent(StateConflict):
    """The secret that was drawn for this form is that of another ticket: the form was sent before."""

    code = "form_sent"
    advice = "This form was sent before. To add something, open what you wrote; for something new open the page anew."


class TicketsWaiting(TooMany):
    """The account has as many unanswered tickets as it may."""

    code = "tickets_waiting"
    advice = "Add to one of your open tickets, or wait for their answers."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A ticket. ``number`` is shown, and secret to nobody; ``secret_hash`` proves whoever wrote it, without an account.

    Messages are sealed with the account's data key, or without an account with the ticket's own, ``data_key``.
    """

    ticket_id: str
    number: str
    kind: TicketKind
    state: TicketState
    holder_id: HolderId | None
    created_at: datetime
    due: DueDay
    asked_at: datetime
    """When its period began: with the message that waits, or the last that did."""

    answered_at: datetime | None = None
    closed_at: datetime | None = None
    secret_hash: bytes | None = field(default=None, repr=False)
    data_key: WrappedKey | None = field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        """Say whether it is the service's turn."""
        return self.state is TicketState.OPEN

    def is_overdue(self, now: datetime) -> bool:
        """Say whether the answer should have been there."""
        return self.waits and now > self.due.at

    def check_open(self) -> None:
        """Refuse to go on with a ticket that has ended.

        Raises:
            TicketClosed: it has.
        """
        if self.state is TicketState.CLOSED:
            raise TicketClosed


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMessage:
    """One message of a ticket. ``operator`` is the login of the staff member who wrote it."""

    ticket_id: str
    message_id: str
    author: Author
    at: datetime
    sealed: bytes = field(repr=False)
    operator: str | None = None


def parse_words(text: str) -> str:
    """Return what somebody wrote, as :func:`~eztong.domain.free_text.parse_free_text` reads it.

    Raises:
        WordsMissing, WordsTooLong: nothing, or more than :data:`MAX_WORDS` characters.
    """
    words = parse_free_text(text)
    if not words:
        raise WordsMissing
    if len(words) > MAX_WORDS:
        raise WordsTooLong
    return words


def parse_kind(text: str) -> TicketKind:
    """Return the kind that was chosen.

    Raises:
        TicketKindMissing: none, or no such.
    """
    try:
        return TicketKind(text)
    except ValueError as error:
        raise TicketKindMissing from error


def parse_number(text: str) -> str:
    """Return a ticket's number, however it was grouped.

    Raises:
        TicketUnknown: no number at all.
    """
    number = text.translate(_LOOK_ALIKE)
    if not _NUMBER.fullmatch(number):
        raise TicketUnknown
    return number


def parse_secret(text: str) -> str:
    """Return a ticket's secret, however it was grouped and spelled.

    Raises:
        TicketUnknown: no secret at all.
    """
    secret = text.upper().translate(_LOOK_ALIKE)
    if not _SECRET.fullmatch(secret):
        raise TicketUnknown
    return secret


def spell_secret(random: bytes) -> str:
    """Return ten random bytes as a secret of :data:`SECRET_CHARACTERS` characters.

    Raises:
        ValueError: not ten bytes (programmer's mistake).
    """
    if len(random) * 8 != SECRET_CHARACTERS * 5:
        raise ValueError("a secret is made of ten bytes")
    value = int.from_bytes(random, "big")
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(SECRET_CHARACTERS * 5 - 5, -1, -5))


def grouped(number: str) -> str:
    """Return a number in two groups of five, for reading out; what is none stands as it is."""
    half = NUMBER_DIGITS // 2
    return f"{number[:half]} {number[half:]}" if _NUMBER.fullmatch(number) else number


def grouped_secret(secret: str) -> str:
    """Return a secret in groups of four, for reading out."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
