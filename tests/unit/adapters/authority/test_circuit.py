"""The circuit breaker: what passes when, for any history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.authority.circuit import (
    Circuit,
    CircuitOpen,
    CircuitPhase,
    CircuitPolicy,
    admit,
    after_failure,
    after_success,
    check_rested,
)

NOW = datetime(2026, 1, 15, tzinfo=UTC)
POLICY = CircuitPolicy(failures_to_open=3, open_for=timedelta(seconds=30))


def broken() -> Circuit:
    circuit = Circuit()
    for _ in range(POLICY.failures_to_open):
        circuit = after_failure(circuit, POLICY, now=NOW)
    return circuit


def test_a_success_forgives_failures() -> None:
    """Only failures in a row count."""
    circuit = after_failure(after_failure(Circuit(), POLICY, now=NOW), POLICY, now=NOW)
    circuit = after_failure(after_success(circuit), POLICY, now=NOW)
    assert (circuit.phase, circuit.failures) == (CircuitPhase.CLOSED, 1)


@pytest.mark.parametrize(("elapsed", "retry_after"), [(0, 30), (0.5, 30), (29, 1), (29.999, 1)])
def test_an_open_circuit_says_when_to_come_back(elapsed: float, retry_after: int) -> None:
    """Whole seconds, rounded up: coming back then is not in vain."""
    with pytest.raises(CircuitOpen) as caught:
        admit(broken(), POLICY, now=NOW + timedelta(seconds=elapsed))
    assert caught.value.retry_after == retry_after


def test_one_probe_at_a_time() -> None:
    """While the probe is under way nobody else passes; a lost probe is replaced after the same rest."""
    later = NOW + POLICY.open_for
    probing = admit(broken(), POLICY, now=later)
    assert probing.phase is CircuitPhase.HALF_OPEN
    with pytest.raises(CircuitOpen):
        admit(probing, POLICY, now=later)
    assert admit(probing, POLICY, now=later + POLICY.open_for).phase is CircuitPhase.HALF_OPEN


def test_the_probe_decides() -> None:
    """Its success closes the circuit, its failure starts a new rest."""
    later = NOW + POLICY.open_for
    probing = admit(broken(), POLICY, now=later)
    assert after_success(probing) == Circuit()
    reopened = after_failure(probing, POLICY, now=later)
    assert (reopened.phase, reopened.changed_at) == (CircuitPhase.OPEN, later)


def test_an_open_circuit_knows_since_when_and_a_failed_probe_does_not_change_it() -> None:
    later = NOW + POLICY.open_for
    again = after_failure(admit(broken(), POLICY, now=later), POLICY, now=later)
    assert (broken().away_since, again.away_since, Circuit().away_since) == (NOW, NOW, None)
    assert after_success(admit(again, POLICY, now=later + POLICY.open_for)).away_since is None


def test_latecomers_change_nothing() -> None:
    """A question from before the opening neither closes the circuit nor prolongs its rest."""
    late = after_failure(after_success(broken()), POLICY, now=NOW + timedelta(seconds=20))
    assert (late.phase, late.changed_at) == (CircuitPhase.OPEN, NOW)


def test_a_clock_set_back_does_not_prolong_the_rest() -> None:
    """The sandbox's clock may be moved into the past."""
    check_rested(broken(), POLICY, now=NOW - timedelta(days=1))


def step(circuit: Circuit, *, succeeds: bool, now: datetime) -> Circuit:
    """Ask once, if the circuit lets it."""
    try:
        circuit = admit(circuit, POLICY, now=now)
    except CircuitOpen:
        return circuit
    return after_success(circuit) if succeeds else after_failure(circuit, POLICY, now=now)


@given(st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=60))))
def test_after_a_rest_somebody_always_passes(history: list[tuple[bool, int]]) -> None:
    """No history locks the circuit for longer than its rest."""
    circuit, now = Circuit(), NOW
    for succeeds, seconds in history:
        now += timedelta(seconds=seconds)
        circuit = step(circuit, succeeds=succeeds, now=now)
    admit(circuit, POLICY, now=now + POLICY.open_for)
