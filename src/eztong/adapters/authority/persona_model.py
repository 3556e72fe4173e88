"""What a sandbox persona is: an invented person with a story and one stated outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from typing_extensions import override

from eztong.domain.identity.authority_answer import AuthoritySignal

SANDBOX_START: Final = date(2026, 1, 15)
"""The Shanghai day on which a fresh sandbox stands; the stories' ages and dates are told from it."""

DOCUMENT_LONG_LIVED: Final = date(2036, 1, 14)
"""Last valid day of the card of everybody whose story says nothing about cards."""


class Script(StrEnum):
    """How the authority behaves towards a persona beyond matching."""

    ANSWER = "answer"
    """It answers at once."""

    NO_RECORD = "no_record"
    """It does not know the number."""

    DECEASED = "deceased"
    """It knows the number as a dead person's."""

    TIME_OUT_TWICE = "time_out_twice"
    """The first two questions of an application get no answer in time; the third is answered."""

    ALWAYS_DOWN = "always_down"
    """It is out of order for this person only."""

    PENDING_TWICE = "pending_twice"
    """The first two questions of an application are answered «pending»; the third finally."""


class ExpectedKind(StrEnum):
    """What registering as a persona leads to."""

    ACTIVE = "active"
    RESTRICTED = "restricted"
    REFUSED = "refused"
    UNDER_REVIEW = "under_review"
    SUPPLEMENT = "supplement"
    QUEUED = "queued"
    INPUT_ERROR = "input_error"
    ALREADY_REGISTERED = "already_registered"
    FROZEN = "frozen"
    TERMINATED = "terminated"
    DEREGISTERED_BEFORE = "deregistered_before"


@dataclass(frozen=True, slots=True)
class Expected:
    """A stated outcome; ``str()`` gives ``kind`` or ``kind:detail``."""

    kind: ExpectedKind
    detail: str | None = None
    """A ``Reason`` of the registration policy, an input error's code, or who froze the account."""

    @override
    def __str__(self) -> str:
        """Write the outcome as one word."""
        return self.kind if self.detail is None else f"{self.kind}:{self.detail}"


@dataclass(frozen=True, slots=True)
class NameOnFile:
    """A name in the authority's register."""

    name: str
    since: date = date.min
    """First Shanghai day on which it is the person's name; an earlier name ends the day before."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new card in the authority's register, from the Shanghai day ``since`` on."""

    since: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Story:
    """One sentence in each language of the sandbox pages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """An invented person.

    None of the numbers belongs to anybody: they carry province-level region codes, which are not issued to people, or
    are samples published by the issuing offices.
    """

    key: str
    """``P01`` to ``P32``, ``X1`` to ``X6``."""

    name: str
    """What the tester types as the name."""

    number: str
    """What the authority knows the person by: 18 characters (``X1`` alone is not a valid number)."""

    names_on_file: tuple[NameOnFile, ...]
    """The true names, earliest first; usually just ``name``."""

    number_as_typed: str
    """What the tester types as the number: differs from ``number`` for ``X2`` only."""

    phone: str
    story: Story
    expected: Expected
    eventually: Expected | None = None
    """Where a provisional outcome ends once the story goes on (guardian acts, authority is back ...)."""

    script: Script = Script.ANSWER
    document_valid_until: date | None = DOCUMENT_LONG_LIVED
    """Last valid day of the card; ``None`` for no card or one valid for life."""

    renewal: Renewal | None = None
    """The card that comes after it, where the story has one."""

    signals: frozenset[AuthoritySignal] = frozenset()

    guardian: str | None = None
    """Key of the persona that the authority knows as a parent."""

    def name_on(self, day: date) -> str:
        """Return the name on the authority's file on the Shanghai day ``day``."""
        return [entry.name for entry in self.names_on_file if entry.since <= day][-1]

    def valid_until_on(self, day: date) -> date | None:
        """Return the last valid day of the card that is on the authority's file on the Shanghai day ``day``."""
        if self.renewal is not None and self.renewal.since <= day:
            return self.renewal.valid_until
        return self.document_valid_until
