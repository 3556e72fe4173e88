"""How the service stands, for whoever runs it: what the checks find, and which duties its number of people brings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How bad a finding is; with an ``error`` the service does not start, or must not serve."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What one check of ``eztong doctor`` found. ``check`` never changes its meaning."""

    check: str
    severity: Severity
    message: str
    advice: str = ""


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
