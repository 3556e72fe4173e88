"""What the limiter port promises: windows that slide by the service's clock."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.clock import SandboxClock
from eztong.adapters.limiter import MAX_SUBJECTS, MemoryLimiter
from eztong.domain.errors import TooMany
from eztong.ports.limiter import Limit

START = datetime(2026, 1, 15, 1, tzinfo=UTC)
FEW = Limit("few", 3, 10)
MANY = Limit("many", 600, 60)


class MovableClock:
    """Tells the time it was set to."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> MovableClock:
    """A clock that stands until it is moved."""
    return MovableClock()


@pytest.fixture
def limiter(clock: MovableClock) -> MemoryLimiter:
    """A limiter by that clock."""
    return MemoryLimiter(clock)


def spend(limiter: MemoryLimiter, limit: Limit, times: int, subject: str = "a") -> None:
    """Count so many events."""
    for _ in range(times):
        limiter.hit(limit, subject)


def refusal(limiter: MemoryLimiter, limit: Limit, subject: str = "a") -> int:
    """Return for how many seconds an event is refused."""
    with pytest.raises(TooMany) as caught:
        limiter.hit(limit, subject)
    assert isinstance(caught.value.retry_after, int)
    return caught.value.retry_after


@pytest.mark.parametrize("limit", [FEW, MANY, Limit("one", 1, 1), Limit("edge", 60, 60), Limit("edge+", 61, 60)])
def test_the_amount_is_allowed_and_no_more(limiter: MemoryLimiter, limit: Limit) -> None:
    """The next event is refused."""
    spend(limiter, limit, limit.amount)
    assert 1 <= refusal(limiter, limit) <= limit.seconds + 1


def test_subjects_and_names_are_counted_apart(limiter: MemoryLimiter) -> None:
    """One desk's budget is not another's; one limit's not another's."""
    spend(limiter, FEW, 3)
    spend(limiter, FEW, 3, "b")
    spend(limiter, Limit("other", 3, 10), 3)
    refusal(limiter, FEW)


def test_checking_counts_nothing(limiter: MemoryLimiter) -> None:
    """It only tells whether an event would be refused."""
    for _ in range(10):
        limiter.check(FEW, "a")
    spend(limiter, FEW, 3)
    with pytest.raises(TooMany) as caught:
        limiter.check(FEW, "a")
    assert caught.value.retry_after == 10


def test_refused_events_do_not_prolong_the_wait(limiter: MemoryLimiter, clock: MovableClock) -> None:
    """Who keeps trying waits no longer than who does not."""
    spend(limiter, FEW, 3)
    for second in range(10):
        assert refusal(limiter, FEW) == 10 - second
        clock.move(1)
    spend(limiter, FEW, 3)


def test_the_window_slides_event_by_event(limiter: MemoryLimiter, clock: MovableClock) -> None:
    """Each event makes room when it is as old as the window, to the millisecond."""
    for _ in range(3):
        limiter.hit(FEW, "a")
        clock.move(3)
    assert refusal(limiter, FEW) == 1
    clock.move(0.999)
    refusal(limiter, FEW)
    clock.move(0.001)
    limiter.hit(FEW, "a")
    assert refusal(limiter, FEW) == 3


def test_there_is_no_double_allowance_at_a_border(limiter: MemoryLimiter, clock: MovableClock) -> None:
    """A burst at the end of one minute and one at the start of the next are one burst."""
    clock.move(59.9)
    spend(limiter, MANY, 600)
    clock.move(0.2)
    assert refusal(limiter, MANY) >= 59
    clock.move(59)
    refusal(limiter, MANY)
    clock.move(2)
    spend(limiter, MANY, 600)


@given(steps=st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 200)), max_size=40), amount=st.integers(1, 150))
def test_no_window_ever_holds_more_than_the_amount(steps: list[tuple[int, int]], amount: int) -> None:
    """Whatever the rhythm; and waiting as long as told is always enough."""
    clock, allowed = MovableClock(), []
    limiter, limit = MemoryLimiter(clock), Limit("any", amount, 10)
    for pause, events in steps:
        clock.move(pause / 1000)
        for _ in range(events):
            try:
                limiter.hit(limit, "a")
            except TooMany as refused:
                clock.move(refused.retry_after or 0)
                limiter.hit(limit, "a")
            allowed.append(clock.moment)
    for first, beyond in zip(allowed, allowed[amount:], strict=False):
        assert beyond - first >= timedelta(seconds=10)


def test_the_sandbox_clock_moves_windows(limiter: MemoryLimiter) -> None:
    """An integrator need not wait a quarter of an hour to see a lock end."""
    clock = SandboxClock(MovableClock(), timedelta())
    limiter = MemoryLimiter(clock)
    locked = Limit("wrong_codes_at_desk", 10, 900)
    spend(limiter, locked, 10)
    assert refusal(limiter, locked) == 900
    clock.reach(timedelta(minutes=15))
    limiter.check(locked, "a")


def test_a_clock_set_back_a_little_keeps_counts(limiter: MemoryLimiter, clock: MovableClock) -> None:
    """A correction of the clock opens no budget."""
    spend(limiter, FEW, 2)
    clock.move(-2)
    limiter.hit(FEW, "a")
    assert refusal(limiter, FEW) <= 12
    clock.move(12)
    spend(limiter, FEW, 3)


def test_a_clock_set_back_far_locks_nobody_out(limiter: MemoryLimiter, clock: MovableClock) -> None:
    """A stored offset that is taken over late may set the sandbox back by years."""
    spend(limiter, FEW, 3)
    clock.move(-10_000_000)
    spend(limiter, FEW, 3)


def test_a_changed_amount_starts_afresh(limiter: MemoryLimiter) -> None:
    """The same name with another amount is another limit."""
    spend(limiter, FEW, 3)
    spend(limiter, Limit("few", 4, 10), 4)


def test_an_amount_of_nothing_refuses_everything(limiter: MemoryLimiter) -> None:
    """A way to switch something off."""
    assert refusal(limiter, Limit("none", 0, 10)) == 10


def test_memory_is_bounded_and_the_idle_go_first(clock: MovableClock) -> None:
    """Strange addresses push out one another, not who is being watched, and not another limit's subjects."""
    limiter = MemoryLimiter(clock, max_subjects=100)
    spend(limiter, FEW, 3, "watched")
    spend(limiter, MANY, 600, "elsewhere")
    for number in range(1000):
        limiter.hit(FEW, f"address {number}")
        with pytest.raises(TooMany):
            limiter.check(FEW, "watched")
    limiter.hit(FEW, "address 0")
    refusal(limiter, MANY, "elsewhere")
    assert MAX_SUBJECTS == 20_000


def test_threads_together_get_the_amount(limiter: MemoryLimiter) -> None:
    """Not one event more or less."""

    def try_once(_number: int) -> bool:
        try:
            limiter.hit(MANY, "a")
        except TooMany:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_once, range(3000))) == 600
