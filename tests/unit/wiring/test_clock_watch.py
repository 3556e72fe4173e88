"""A clock that leapt, or that is far from what was signed last, erases nothing for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from eztong.wiring.checks.clock_watch import DOUBT, REST, ClockWatch

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BIT = timedelta(seconds=1)


@dataclass
class Machine:
    """A machine with a clock that can be set and one that cannot."""

    time: datetime = NOON
    seconds: float = 5000.0

    def now(self) -> datetime:
        return self.time

    def count(self) -> float:
        return self.seconds

    def pass_by(self, time: timedelta) -> None:
        self.time += time
        self.seconds += time.total_seconds()

    def watch(self, newest: datetime | None) -> ClockWatch:
        return ClockWatch(self.now, self.count, newest=newest)


@pytest.mark.parametrize("newest", [None, NOON, NOON - DOUBT, NOON + DOUBT])
def test_a_clock_that_fits_what_was_signed_last_is_believed_at_once(newest: datetime | None) -> None:
    machine = Machine()
    watch = machine.watch(newest)
    for _ in range(3):
        assert watch.is_settled()
        machine.pass_by(timedelta(days=1))


@pytest.mark.parametrize("newest", [NOON - DOUBT - BIT, NOON + DOUBT + BIT])
def test_a_clock_that_does_not_fit_rests_first(newest: datetime) -> None:
    machine = Machine()
    watch = machine.watch(newest)
    assert not watch.is_settled()
    machine.pass_by(REST - BIT)
    assert not watch.is_settled()
    machine.pass_by(BIT)
    assert watch.is_settled()


@pytest.mark.parametrize("leap", [timedelta(days=4), timedelta(days=-4), DOUBT + BIT])
def test_a_clock_that_leaps_rests_and_so_it_does_when_it_is_set_right(leap: timedelta) -> None:
    machine = Machine()
    watch = machine.watch(NOON)
    assert watch.is_settled()
    for step in (leap, -leap):
        machine.time += step
        assert not watch.is_settled()
        machine.pass_by(REST - BIT)
        assert not watch.is_settled()
    machine.pass_by(BIT)
    assert watch.is_settled()


def test_a_restart_goes_on_resting_though_what_was_signed_meanwhile_fits() -> None:
    machine = Machine()
    watch = ClockWatch(machine.now, machine.count, newest=NOON, was_in_doubt=True)
    machine.pass_by(REST - BIT)
    assert not watch.is_settled()
    machine.pass_by(BIT)
    assert watch.is_settled()


def test_a_small_correction_is_no_leap() -> None:
    machine = Machine()
    watch = machine.watch(NOON)
    machine.time -= DOUBT
    assert watch.is_settled()
