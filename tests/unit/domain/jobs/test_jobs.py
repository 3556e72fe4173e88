"""What becomes of a leased job, and when it is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.jobs.fate import Fate, LeasedJob, fate_before, try_again_at
from eztong.domain.jobs.job import LEASE, RULES, WORK_FOR, Job, JobKind, payload_place

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
JOB = Job(
    job_id="job", kind=JobKind.MESSAGE, key="work", created_at=NOW, next_attempt_at=NOW, expires_at=NOW + WORK_FOR / 2
)
LEASED = LeasedJob(JOB, NOW + LEASE)
LASTING = LeasedJob(replace(JOB, expires_at=None), NOW + LEASE)


def test_a_job_is_over_at_its_end_and_not_before() -> None:
    end = NOW + WORK_FOR / 2
    assert (JOB.is_over(now=end - TICK), JOB.is_over(now=end)) == (False, True)
    assert not LASTING.job.is_over(now=NOW + timedelta(days=999))


def test_a_leased_job_is_begun_until_half_of_its_lease_has_passed() -> None:
    assert fate_before(LASTING, now=NOW + WORK_FOR - TICK, is_overtaken=False) is None
    assert fate_before(LASTING, now=NOW + WORK_FOR, is_overtaken=False) is Fate.GIVEN_BACK
    assert WORK_FOR < LEASE


def test_what_is_overtaken_is_given_back_and_what_is_of_no_use_dropped_even_then() -> None:
    assert fate_before(LEASED, now=NOW, is_overtaken=True) is Fate.GIVEN_BACK
    for is_overtaken in (False, True):
        assert fate_before(LEASED, now=NOW + WORK_FOR / 2, is_overtaken=is_overtaken) is Fate.DROPPED
        assert fate_before(LEASED, now=NOW + LEASE, is_overtaken=is_overtaken) is Fate.DROPPED


@pytest.mark.parametrize("kind", JobKind)
def test_every_kind_has_its_pauses_and_its_share(kind: JobKind) -> None:
    rule = RULES[kind]
    assert timedelta() < rule.backoff.first <= rule.backoff.longest
    assert rule.at_once > 0


@given(kind=st.sampled_from(JobKind), attempts=st.integers(0, 10**6))
def test_a_job_is_tried_again_after_the_pause_of_its_kind(kind: JobKind, attempts: int) -> None:
    again = try_again_at(replace(JOB, kind=kind, attempts=attempts), now=NOW)
    assert again == NOW + RULES[kind].backoff.pause_after(attempts)
    assert again > NOW


def test_what_is_sealed_for_a_job_is_bound_to_its_kind_and_to_it_alone() -> None:
    places = {payload_place(kind, job_id) for kind in JobKind for job_id in ("one", "other")}
    assert len(places) == 2 * len(JobKind)
    assert ("outbox", "one", "sealed") in places, "as messages were sealed before they were jobs"
