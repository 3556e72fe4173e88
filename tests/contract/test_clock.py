"""What the clock port promises, and how the sandbox's clock moves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.clock import MAX_ADVANCE, SandboxClock, SystemClock, moved
from eztong.domain.errors import InputInvalid
from eztong.ports.clock import Clock

START = datetime(2026, 1, 15, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


class StandingClock:
    """Always tells the same time."""

    def now(self) -> datetime:
        return START


@pytest.mark.parametrize("clock", [SystemClock(), SandboxClock(SystemClock(), -300 * DAY)], ids=["system", "sandbox"])
def test_every_clock_tells_utc_and_runs(clock: Clock) -> None:
    """Aware, in UTC, and in fine steps."""
    first = clock.now()
    assert first.tzinfo is UTC
    while clock.now() == first:
        pass
    assert clock.now() - first < SECOND


def test_the_sandbox_clock_stands_apart_by_its_offset() -> None:
    """Before or after its base."""
    for offset in (-DAY, timedelta(), DAY):
        assert SandboxClock(StandingClock(), offset).now() == START + offset


@given(st.lists(st.timedeltas(timedelta(), 100 * DAY), max_size=20))
def test_moves_add_up(moves: list[timedelta]) -> None:
    """Each move takes the clock on by just so much."""
    clock = SandboxClock(StandingClock(), timedelta())
    for move in moves:
        before = clock.now()
        clock.reach(moved(clock.offset, move))
        assert clock.now() == before + move


@pytest.mark.parametrize("move", [-timedelta.resolution, -DAY, MAX_ADVANCE + timedelta.resolution, timedelta.max])
def test_moves_back_or_too_far_are_refused(move: timedelta) -> None:
    """There is no offset to reach."""
    with pytest.raises(InputInvalid):
        moved(timedelta(), move)


def test_the_sandbox_clock_never_runs_more_than_ten_years_ahead() -> None:
    """Many small moves reach no further than one large one; so do stored offsets."""
    clock = SandboxClock(StandingClock(), -DAY)
    clock.reach(moved(clock.offset, MAX_ADVANCE))
    clock.reach(moved(clock.offset, DAY))
    with pytest.raises(InputInvalid):
        moved(clock.offset, timedelta.resolution)
    with pytest.raises(InputInvalid):
        clock.reach(MAX_ADVANCE + timedelta.resolution)
    with pytest.raises(InputInvalid):
        clock.set_offset(MAX_ADVANCE + timedelta.resolution)
    with pytest.raises(InputInvalid):
        SandboxClock(StandingClock(), MAX_ADVANCE + timedelta.resolution)
    assert clock.offset == MAX_ADVANCE


def test_a_stored_offset_is_taken_over() -> None:
    """A restart finds the clock where it was, also before the base."""
    clock = SandboxClock(StandingClock(), timedelta())
    clock.set_offset(-DAY)
    assert (clock.offset, clock.now()) == (-DAY, START - DAY)


def test_moves_that_arrive_in_any_order_end_at_the_furthest() -> None:
    """Whoever stored first may come last."""
    clock = SandboxClock(StandingClock(), timedelta())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda seconds: clock.reach(seconds * SECOND), [*range(1000, 0, -1), *range(1000)]))
    assert clock.offset == 1000 * SECOND
