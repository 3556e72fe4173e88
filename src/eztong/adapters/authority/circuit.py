"""A circuit breaker as a pure state machine: time comes in as ``now``, each step gives the next circuit.

``closed`` (questions pass) ``-> open`` after too many failures in a row (questions are refused at once)
``-> half_open`` after a while (one question passes as a probe) ``-> closed`` if it succeeds, ``-> open`` if not.
After M. T. Nygard, *Release It!*, chapter 5. Who shares a circuit between threads must take steps one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class CircuitPhase(StrEnum):
    """Where the circuit stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitPolicy:
    """When to open and for how long."""

    failures_to_open: int = 5
    """Failures in a row."""

    open_for: timedelta = timedelta(seconds=30)
    """Rest before a probe; a probe that does not come back within the same time is counted as lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """A circuit at rest between two steps; start with ``Circuit()``."""

    phase: CircuitPhase = CircuitPhase.CLOSED
    failures: int = 0
    """Failures in a row since the last success."""

    changed_at: datetime | None = None
    """When the circuit opened, or when its probe set out; ``None`` while closed."""

    away_since: datetime | None = None
    """When the circuit opened first, before any probe that failed; ``None`` while closed."""


class CircuitOpen(Exception):
    """No question may pass now; ``retry_after`` says in how many whole seconds one may, at least 1."""

    def __init__(self, retry_after: int) -> None:
        """Keep how long to wait."""
        super().__init__(f"the circuit is open; retry in {retry_after} s")
        self.retry_after = retry_after


def admit(circuit: Circuit, policy: CircuitPolicy, *, now: datetime) -> Circuit:
    """Let one question pass and return the circuit to keep.

    Raises:
        CircuitOpen: the rest is not over, or a probe is under way.
    """
    if circuit.phase is CircuitPhase.CLOSED:
        return circuit
    check_rested(circuit, policy, now=now)
    return replace(circuit, phase=CircuitPhase.HALF_OPEN, changed_at=now)


def check_rested(circuit: Circuit, policy: CircuitPolicy, *, now: datetime) -> None:
    """Return if a question would be let through now.

    Raises:
        CircuitOpen: it would not. A clock that was set back does not prolong the rest.
    """
    if circuit.changed_at is None:
        return
    elapsed = now - circuit.changed_at
    if timedelta(0) <= elapsed < policy.open_for:
        rest = policy.open_for - elapsed
        raise CircuitOpen(retry_after=-(-rest // timedelta(seconds=1)))


def after_success(circuit: Circuit) -> Circuit:
    """Return the circuit after a question that was answered; an answer that comes late closes nothing."""
    return circuit if circuit.phase is CircuitPhase.OPEN else Circuit()


def after_failure(circuit: Circuit, policy: CircuitPolicy, *, now: datetime) -> Circuit:
    """Return the circuit after a question that failed; a failure that comes late does not prolong the rest."""
    failures = circuit.failures + 1
    match circuit.phase:
        case CircuitPhase.OPEN:
            return replace(circuit, failures=failures)
        case CircuitPhase.CLOSED if failures < policy.failures_to_open:
            return replace(circuit, failures=failures)
        case _:
            away_since = circuit.away_since or now
            return Circuit(phase=CircuitPhase.OPEN, failures=failures, changed_at=now, away_since=away_since)
