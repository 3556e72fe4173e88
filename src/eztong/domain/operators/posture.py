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


DUTIES: Final = (LegalDuty("officer", 1_000_000), LegalDuty("audits", 10_000_000))
"""An officer who is filed (PIPL art. 52, with the CAC's number); a compliance audit every two years and a named officer
and body (measures of 2025 on compliance audits; regulation on network data security, art. 28 to 30)."""


def reached(people: int) -> tuple[LegalDuty, ...]:
    """Return the duties that so many people bring."""
    return tuple(duty for duty in DUTIES if people >= duty.people)
