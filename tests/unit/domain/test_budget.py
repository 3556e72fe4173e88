"""Budgets: what fits, how long it counts, and when it fits again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.budget import Budget, Spent, check_within, total
from eztong.domain.errors import TooMany
from tests.simulators.batches import NOW

DAY = Budget("day", 3, timedelta(days=1))
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds


def slots(budget: Budget, *moments: datetime) -> list[Spent]:
    """Return what a store would hold after one event at each moment."""
    counted: dict[datetime, int] = {}
    for moment in moments:
        slot = budget.slot_at(moment)
        counted[slot] = counted.get(slot, 0) + 1
    return [Spent(slot, amount) for slot, amount in sorted(counted.items())]


def counting(budget: Budget, spent: list[Spent], *, now: datetime) -> list[Spent]:
    """Return the slots that a store returns at ``now``."""
    return [one for one in spent if one.slot >= budget.counts_since(now)]


def test_as_much_as_the_budget_fits_and_not_more() -> None:
    check_within(DAY, slots(DAY, NOW, NOW, NOW), now=NOW)
    with pytest.raises(TooMany):
        check_within(DAY, slots(DAY, NOW, NOW, NOW, NOW), now=NOW)


def test_nothing_spent_is_within() -> None:
    check_within(DAY, [], now=NOW)


def test_what_can_never_fit_is_told_to_wait_the_whole_window() -> None:
    with pytest.raises(TooMany) as caught:
        check_within(Budget("never", -1, timedelta(hours=1)), [], now=NOW)
    assert caught.value.retry_after == 3600


def test_who_spent_too_much_is_told_to_the_second_when_enough_has_left_the_window() -> None:
    first = DAY.slot_at(NOW)
    spent = [Spent(first, 1), Spent(first + DAY.width, 3)]
    leaves = first + DAY.window + DAY.width
    for left, told in ((timedelta(0), 86_400 + int(DAY.width.total_seconds()) + 1), (timedelta(seconds=0.5), 1)):
        with pytest.raises(TooMany) as caught:
            check_within(DAY, spent, now=leaves - left if left else first)
        assert caught.value.retry_after == told
    with pytest.raises(TooMany) as caught:
        check_within(DAY, [Spent(first, 1), Spent(first + DAY.width, 4)], now=leaves)
    assert caught.value.retry_after == DAY.width.total_seconds() + 1


@given(st.lists(st.integers(0, 3 * 86_400), min_size=4, max_size=12), MOMENTS)
def test_whoever_waits_as_long_as_told_fits_then_and_what_counts_is_never_less_than_the_window(
    ago: list[int], now: datetime
) -> None:
    moments = [now - timedelta(seconds=seconds) for seconds in ago]
    spent = counting(DAY, slots(DAY, *moments), now=now)
    in_window = sum(now - moment < DAY.window for moment in moments)
    assert total(spent) >= in_window
    assert total(spent) <= sum(now - moment < DAY.window + 2 * DAY.width for moment in moments)
    try:
        check_within(DAY, spent, now=now)
    except TooMany as why:
        assert why.retry_after is not None
        later = now + timedelta(seconds=why.retry_after)
        check_within(DAY, counting(DAY, spent, now=later), now=later)


@given(MOMENTS)
def test_a_moment_lies_in_its_slot(now: datetime) -> None:
    assert DAY.slot_at(now) <= now < DAY.slot_at(now) + DAY.width
    assert DAY.slot_at(DAY.slot_at(now)) == DAY.slot_at(now)
