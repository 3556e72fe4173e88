"""Counts lie in slots, grow from the last time, and are summed for a chart with every slot in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.traffic.counts import SLOT, Count, grown, series, slot_of

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_moment_lies_in_the_slot_that_began_before_it() -> None:
    assert slot_of(NOON + timedelta(minutes=4, seconds=59, microseconds=9)) == NOON
    assert slot_of(NOON + SLOT) == NOON + SLOT
    assert slot_of(NOON + timedelta(minutes=59), wide=HOUR) == NOON


def test_what_began_anew_counts_from_nothing() -> None:
    assert grown({"a": 5, "b": 2, "c": 7}, {"a": 3, "b": 9, "c": 7}) == {"a": 2, "b": 2}


@given(st.lists(st.integers(0, 300), max_size=40))
def test_a_chart_has_every_slot_and_all_that_lies_in_it(minutes: list[int]) -> None:
    counts = [Count(slot_of(NOON + timedelta(minutes=one)), "answer.2xx", 1) for one in minutes]
    other = Count(NOON, "verification.passed", 9)
    found = series([*counts, other], prefix="answer.", since=NOON, until=NOON + 4 * HOUR, wide=HOUR)
    wanted = [sum(60 * hour <= one < 60 * hour + 60 for one in minutes) for hour in range(5)]
    assert list(found.get("2xx", [0] * 5)) == wanted
    assert set(found) <= {"2xx"}
