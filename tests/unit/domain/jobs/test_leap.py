"""What a clock put off that stood ahead goes on once it is right; what is meant for a far day waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.jobs.fate import try_again_at
from eztong.domain.jobs.job import LEASE, RULES, Job, JobKind
from eztong.domain.jobs.leap import KNOWS_NO_DAY, set_right

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
LEAP, TICK = timedelta(days=30), timedelta(milliseconds=1)
CALLED = [kind for kind in JobKind if kind not in KNOWS_NO_DAY]


def job(kind: JobKind = JobKind.REGISTRATION) -> Job:
    return Job(job_id="job", kind=kind, key="work", created_at=NOW, next_attempt_at=NOW)


@pytest.mark.parametrize("kind", CALLED)
def test_a_retry_beyond_the_longest_pause_is_due_now_and_one_within_keeps_its_time(kind: JobKind) -> None:
    longest = RULES[kind].backoff.longest
    tried = replace(job(kind), attempts=1, next_attempt_at=NOW + longest)
    assert set_right(tried, now=NOW) == tried
    beyond = replace(tried, next_attempt_at=NOW + longest + TICK)
    assert set_right(beyond, now=NOW) == replace(beyond, next_attempt_at=NOW)


@pytest.mark.parametrize("kind", CALLED)
def test_what_was_due_when_it_was_decided_under_a_clock_ahead_is_due_now(kind: JobKind) -> None:
    ahead = replace(job(kind), created_at=NOW + LEAP, next_attempt_at=NOW + LEAP)
    assert set_right(ahead, now=NOW) == replace(ahead, next_attempt_at=NOW)


@pytest.mark.parametrize("kind", JobKind)
def test_what_waits_for_a_far_day_waits_for_it_whenever_it_was_decided(kind: JobKind) -> None:
    for decided in (NOW, NOW - LEAP, NOW + LEAP):
        waits = replace(job(kind), created_at=decided, next_attempt_at=decided + timedelta(hours=72))
        assert set_right(waits, now=NOW) == waits


def test_a_birthday_is_never_called_before_its_day() -> None:
    tried = replace(job(JobKind.BIRTHDAY), attempts=1, next_attempt_at=NOW + LEAP)
    assert set_right(tried, now=NOW) == tried


def test_a_lease_that_ends_later_than_a_lease_can_is_over_and_every_other_stands() -> None:
    leased = replace(job(), leased_until=NOW + LEASE)
    assert set_right(leased, now=NOW) == leased
    assert set_right(replace(leased, leased_until=NOW + LEASE + TICK), now=NOW) == job()


def test_what_somebody_is_at_is_left_alone() -> None:
    tried = replace(job(), attempts=1, next_attempt_at=NOW + LEAP, leased_until=NOW + TICK)
    assert set_right(tried, now=NOW) == tried
    assert set_right(replace(tried, leased_until=NOW), now=NOW).next_attempt_at == NOW


@given(
    kind=st.sampled_from(JobKind),
    attempts=st.integers(0, 99),
    waits=st.timedeltas(timedelta(), timedelta(days=9999)),
    later=st.timedeltas(timedelta(), timedelta(days=9999)),
)
def test_under_a_clock_that_only_goes_on_nothing_is_ever_changed(
    kind: JobKind, attempts: int, waits: timedelta, later: timedelta
) -> None:
    decided = replace(job(kind), next_attempt_at=NOW + waits)
    assert set_right(decided, now=NOW + later) == decided
    tried = replace(decided, attempts=attempts + 1, next_attempt_at=try_again_at(decided, now=NOW))
    leased = replace(tried, leased_until=NOW + LEASE)
    for one in (tried, leased):
        assert set_right(one, now=NOW + later) == one
