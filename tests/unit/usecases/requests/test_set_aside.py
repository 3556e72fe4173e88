"""What its holder refused before is set aside, and declined by itself unless the holder takes it up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.identifiers import RequestId
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import LEASE, Job, JobKind
from eztong.domain.requests.cool_down import RefusedBefore
from eztong.domain.requests.request import (
    Request,
    RequestState,
)
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.requests.set_request_aside import (
    check_not_refused_before,
    decline_set_aside,
    set_aside,
    take_up,
)
from tests.simulators.due_work import decline_due_refusals
from tests.unit.usecases.fakes import START
from tests.unit.usecases.requests.acts import (
    REST,
    answer,
    approving,
    ask,
    declining,
    now_of,
    suspend,
)
from tests.unit.usecases.stage import FILE, LI, WANG, Stage

# --- set aside ----------------------------------------------------------------------------------------------------


def test_the_same_question_rests_for_a_week_after_a_refusal(stage: Stage) -> None:
    answer(stage, declining(ask(stage)))
    again, holder_id = ask(stage), stage.holder_id()
    with pytest.raises(RefusedBefore) as refusal:
        stage.act(check_not_refused_before, again, holder_id, rest=REST)
    assert (refusal.value.at, refusal.value.until) == (START, START + REST)
    stage.act(check_not_refused_before, again, stage.holder_id(WANG), rest=REST)
    stage.act(check_not_refused_before, replace(again, claims=frozenset({Claim.IS_PERSON})), holder_id, rest=REST)
    stage.clock.pass_by(days=7)
    stage.act(check_not_refused_before, again, holder_id, rest=REST)


def aside(stage: Stage) -> Request:
    answer(stage, declining(ask(stage)))
    again = ask(stage)
    stage.act(set_aside, again, LI.session)
    return again


def test_a_request_that_was_set_aside_is_declined_by_itself_within_a_minute(stage: Stage) -> None:
    request = aside(stage)
    assert now_of(stage, request).state is RequestState.DOING
    stage.clock.pass_by(seconds=19)
    assert decline_due_refusals(services=stage.services).done == 0
    stage.clock.pass_by(seconds=42)
    assert decline_due_refusals(services=stage.services).done == 1
    finished = now_of(stage, request)
    assert (finished.state, finished.holder_id) == (RequestState.FINISHED, stage.holder_id())
    made = stage.read(lambda stored: stored.verifications.list(request.partner_id, before=None, limit=1))[0]
    assert (made.outcome, made.reason, made.request_id) == (Outcome.DECLINED, "refused_before", request.request_id)
    assert decline_due_refusals(services=stage.services).done == 0


def test_setting_it_aside_again_moves_no_moment(stage: Stage) -> None:
    request = aside(stage)
    first = stage.read(lambda stored: stored.requests.set_aside_of(request.request_id))
    stage.clock.pass_by(seconds=5)
    stage.act(set_aside, now_of(stage, request), LI.session)
    assert stage.read(lambda stored: stored.requests.set_aside_of(request.request_id)) == first


def test_a_request_that_was_taken_up_is_asked_after_all(stage: Stage) -> None:
    request, holder_id = aside(stage), stage.holder_id()
    assert not stage.act(take_up, request, WANG.session)
    assert stage.act(take_up, request, LI.session)
    assert not stage.act(take_up, request, LI.session)
    stage.act(check_not_refused_before, request, holder_id, rest=REST)
    stage.clock.pass_by(seconds=61)
    assert decline_due_refusals(services=stage.services).done == 0
    stage.unlock()
    assert answer(stage, approving(request)).verification.outcome is Outcome.PASSED


def test_a_partner_that_was_suspended_meanwhile_gets_no_answer_of_any_kind(stage: Stage) -> None:
    request = aside(stage)
    suspend(stage)
    stage.clock.pass_by(seconds=61)
    assert decline_due_refusals(services=stage.services).done == 0
    assert stage.rows()["verifications"] == 1
    kept = stage.read(lambda stored: stored.requests.find(RequestId(request.request_id)))
    assert kept is not None
    assert kept.verification_id is None


def waiting(stage: Stage, request: Request) -> Job | None:
    return stage.read(lambda stored: stored.jobs.waiting(JobKind.REFUSAL, request.request_id))


def test_its_pause_is_a_job_that_waits_once_and_ends_with_the_requests_time(stage: Stage) -> None:
    request = aside(stage)
    kept = stage.read(lambda stored: stored.requests.set_aside_of(request.request_id))
    job = waiting(stage, request)
    assert kept is not None
    assert job is not None
    assert (job.next_attempt_at, job.expires_at, job.holder_id) == (
        kept.declines_at,
        request.expires_at,
        stage.holder_id(),
    )
    stage.act(set_aside, now_of(stage, request), LI.session)
    assert waiting(stage, request) == job


def test_a_request_whose_time_is_over_is_not_declined_any_more(stage: Stage) -> None:
    request = aside(stage)
    stage.clock.moment = request.expires_at
    assert decline_due_refusals(services=stage.services) == QueueRun()
    assert (waiting(stage, request), stage.rows()["verifications"]) == (None, 1)


def test_a_refusal_that_cannot_be_written_now_is_tried_again(stage: Stage) -> None:
    request = aside(stage)
    stage.clock.pass_by(seconds=61)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("CREATE TRIGGER stuck BEFORE INSERT ON verifications BEGIN SELECT raise(ABORT, '1390'); END")
    assert decline_due_refusals(services=stage.services).failures == {"IntegrityError": 1}
    assert now_of(stage, request).state is RequestState.DOING
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("DROP TRIGGER stuck")
    stage.clock.pass_by(seconds=1)
    assert decline_due_refusals(services=stage.services) == QueueRun(done=1)


def test_a_refusal_that_is_called_before_its_time_waits_on(stage: Stage) -> None:
    request = aside(stage)
    job = waiting(stage, request)
    assert job is not None
    leased = LeasedJob(job, stage.clock.now() + LEASE)
    assert decline_set_aside(leased, services=stage.services) is Fate.POSTPONED
    stage.clock.pass_by(seconds=61)
    assert decline_due_refusals(services=stage.services) == QueueRun(done=1)


def test_a_worker_that_lost_its_lease_declines_nothing(stage: Stage) -> None:
    request = aside(stage)
    now = stage.clock.pass_by(seconds=61)
    job = waiting(stage, request)
    assert job is not None
    assert stage.write(lambda uow: uow.jobs.lease(job.job_id, now=now, until=now + LEASE))
    with pytest.raises(LeaseLost):
        decline_set_aside(LeasedJob(job, now + LEASE / 2), services=stage.services)
    assert stage.rows()["verifications"] == 1
    assert decline_set_aside(LeasedJob(job, now + LEASE), services=stage.services) is Fate.NOTED
    assert stage.rows()["verifications"] == 2
