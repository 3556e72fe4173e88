"""Pauses between tries grow, and never beyond the longest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.jobs.backoff import Backoff
from eztong.domain.jobs.job import RULES, JobKind

EVERY_KIND = pytest.mark.parametrize("backoff", [RULES[kind].backoff for kind in JobKind], ids=list(JobKind))


def test_pauses_double_until_the_longest() -> None:
    backoff = Backoff(timedelta(seconds=30), timedelta(minutes=15))
    seconds = [backoff.pause_after(failures).total_seconds() for failures in range(8)]
    assert seconds == [30, 60, 120, 240, 480, 900, 900, 900]


@EVERY_KIND
@pytest.mark.parametrize("failures", [42, 10_000, 10**18])
def test_any_number_of_failures_waits_as_long_as_the_longest(backoff: Backoff, failures: int) -> None:
    assert backoff.pause_after(failures) == backoff.longest


@given(
    first=st.timedeltas(timedelta(milliseconds=1), timedelta(days=400)),
    longest=st.timedeltas(timedelta(milliseconds=1), timedelta.max),
    failures=st.integers(-5, 10**6),
)
def test_a_pause_is_never_longer_than_the_longest_nor_shorter_than_the_one_before(
    first: timedelta, longest: timedelta, failures: int
) -> None:
    backoff = Backoff(first, longest)
    pause = backoff.pause_after(failures)
    assert timedelta() < pause <= longest
    assert backoff.pause_after(failures + 1) >= pause
