"""The ways in which a check says what it found."""

from __future__ import annotations

from eztong.domain.errors import EztongError
from eztong.domain.operators.posture import CheckFinding, Severity
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings


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
