"""How the service stands, for whoever runs it: what the checks find, and which duties its number of people brings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from typing_extensions import override

_SETTING: Final = re.compile(r"\bEZTONG_[A-Z0-9_]*[A-Z0-9]\b")


class Severity(StrEnum):
    """How bad a finding is; with an ``error`` the service does not start, or must not serve."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class MetError:
    """An error that a check met: the code of one of ours or the name of another, and what it says in English."""

    code: str
    detail: str

    @override
    def __str__(self) -> str:
        """Return what it says in English, so that an English sentence can be filled with it."""
        return self.detail

    @property
    def settings(self) -> Sequence[str]:
        """The settings that it names, in the order in which it does."""
        return tuple(dict.fromkeys(_SETTING.findall(self.detail)))


@dataclass(frozen=True, slots=True)
class FindingSentence:
    """A sentence: its key in the catalogues, what fills it, and the English that it makes."""

    key: str
    params: Mapping[str, str | int | MetError]
    english: str


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What one check of ``eztong doctor`` found, and what to do then. ``check`` never changes its meaning."""

    check: str
    severity: Severity
    found: Sequence[FindingSentence]
    to_do: Sequence[FindingSentence] = ()

    @property
    def message(self) -> str:
        """What was found, in English."""
        return " ".join(one.english for one in self.found)

    @property
    def advice(self) -> str:
        """What to do, in English; empty where nothing is to be done."""
        return " ".join(one.english for one in self.to_do)

    def record(self) -> Mapping[str, str]:
        """Return the finding as commands print it for programs: in English, whatever the reader's language."""
        return {
            "check": self.check,
            "severity": self.severity.value,
            "message": self.message,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class LegalDuty:
    """A duty that begins with so many people."""

    name: str
    people: int
    is_of_faces: bool = False
    """It counts people whose face data is stored, not accounts."""


FACES_STORED: Final = 0
"""Nothing of anybody's face is stored: no table has a place for it."""

DUTIES: Final = (
    LegalDuty("faces", 100_000, is_of_faces=True),
    LegalDuty("officer", 1_000_000),
    LegalDuty("audits", 10_000_000),
)
"""Filing with the CAC of the province (measures on facial recognition); an officer who is filed (PIPL art. 52, with the
CAC's number); a compliance audit every two years, a named officer and body, and a yearly risk assessment (measures of
2025 on compliance audits; regulation on network data security, art. 28 to 33)."""


def reached(people: int, *, faces: int = FACES_STORED) -> tuple[LegalDuty, ...]:
    """Return the duties that so many accounts, and so many people whose face data is stored, bring."""
    return tuple(duty for duty in DUTIES if (faces if duty.is_of_faces else people) >= duty.people)
