"""What a check found, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eztong.domain.errors import EztongError
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings


class Severity(StrEnum):
    """How bad a finding is; with an ``error`` the service does not start, or must not serve."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """What one check found. ``check`` never changes its meaning."""

    check: str
    severity: Severity
    message: str
    advice: str = ""


def fine(check: str, message: str) -> CheckFinding:
    """Report that nothing is wrong."""
    return CheckFinding(check, Severity.OK, message)


def warns(check: str, message: str, advice: str) -> CheckFinding:
    """Report what a service starts with, and an operator should know."""
    return CheckFinding(check, Severity.WARNING, message, advice)


def bad(settings: Settings, check: str, message: str, advice: str) -> CheckFinding:
    """Report what only live mode refuses."""
    severity = Severity.ERROR if settings.mode is Mode.LIVE else Severity.WARNING
    return CheckFinding(check, severity, message, advice)


def stops(check: str, message: str, advice: str) -> CheckFinding:
    """Report what no service starts with, in either mode."""
    return CheckFinding(check, Severity.ERROR, message, advice)


def words(error: EztongError | OSError) -> str:
    """Return what an error says to an operator."""
    return error.detail if isinstance(error, EztongError) else f"{error.strerror or type(error).__name__}."
