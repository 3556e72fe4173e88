"""What the authority does not answer now is asked again, by one worker at a time, and decided once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import AuthorityUnavailable, HolderNotActive
from eztong.domain.holder import HolderState
from eztong.domain.identity.authority_answer import AuthorityAnswer
from eztong.domain.jobs.job import LEASE
from eztong.domain.registration import Verdict
from eztong.usecases.registration.register_identity import register_at_once, register_identity
from tests.simulators.due_work import resume_due_registrations
from tests.unit.usecases.fakes import START, matched
from tests.unit.usecases.registration.applying import NUMBER, PENDING, apply, command, decisions, ended, prepare, queued
from tests.unit.usecases.stage import ZHAO, Stage

# --- asked again --------------------------------------------------------------------------------------------------


def test_an_authority_that_is_away_leaves_the_application_queued(stage: Stage) -> None:
    stage.authority.answer = AuthorityUnavailable()
    assert apply(stage).state is HolderState.APPLIED
    waits = queued(stage)
    assert waits is not None
    assert (waits.next_attempt_at, waits.attempts, waits.leased_until) == (START + timedelta(seconds=30), 1, None)
    assert decisions(stage) == []
    asked = len(stage.authority.asked)
    assert register_identity(command(), services=stage.services).state is HolderState.APPLIED
    assert len(stage.authority.asked) == asked


def test_a_pending_answer_is_asked_for_again_under_the_same_reference(stage: Stage) -> None:
    stage.authority.answer = PENDING
    holder = apply(stage)
    stage.authority.answer = None
    assert resume_due_registrations(services=stage.services).done == 0
    stage.clock.pass_by(seconds=30)
    run = resume_due_registrations(services=stage.services)
    assert (run.done, run.failures, run.again) == (1, {}, False)
    assert stage.holder(ZHAO).state is HolderState.ACTIVE
    assert [reference for _, _, reference in stage.authority.asked] == [holder.holder_id] * 2
    assert (queued(stage), ended(stage)) == (None, ["done"])


def test_each_try_in_vain_doubles_the_pause(stage: Stage) -> None:
    stage.authority.answer = PENDING
    apply(stage)
    for pause, attempts in ((30, 2), (60, 3), (120, 4)):
        waits = queued(stage)
        assert waits is not None
        stage.clock.moment = waits.next_attempt_at
        run = resume_due_registrations(services=stage.services)
        assert (run.done, run.failures) == (0, {})
        waits = queued(stage)
        assert waits is not None
        assert (waits.attempts, waits.next_attempt_at - stage.clock.now()) == (attempts, timedelta(seconds=2 * pause))


def test_an_application_that_fails_is_counted_postponed_and_stops_no_other(stage: Stage) -> None:
    stage.authority.answer = PENDING
    apply(stage)
    broken = replace(ZHAO, phone="13900000008", session=b"broken")
    apply(stage, broken)
    stage.change(broken, sealed_number=b"damaged")
    stage.authority.answer = None
    stage.clock.pass_by(minutes=1)
    run = resume_due_registrations(services=stage.services, limit=2)
    assert (run.done, run.failures, run.again) == (1, {"SealedDataDamaged": 1}, True)
    assert ("queue_failure", "registrations", "SealedDataDamaged") in stage.observer.seen
    assert stage.holder(ZHAO).state is HolderState.ACTIVE
    assert stage.holder(broken).state is HolderState.APPLIED


def test_what_another_worker_leases_is_left_to_it(stage: Stage) -> None:
    stage.authority.answer = PENDING
    apply(stage)
    waits, now = queued(stage), stage.clock.pass_by(minutes=1)
    assert waits is not None
    assert stage.write(lambda uow: uow.jobs.lease(waits.job_id, now=now, until=now + LEASE))
    assert resume_due_registrations(services=stage.services).done == 0
    assert len(stage.authority.asked) == 1


def test_an_application_that_was_decided_meanwhile_leaves_the_queue(stage: Stage) -> None:
    stage.authority.answer = PENDING
    apply(stage)
    stage.change(ZHAO, state=HolderState.REFUSED)
    stage.clock.pass_by(seconds=30)
    assert resume_due_registrations(services=stage.services).failures == {}
    assert (queued(stage), ended(stage)) == (None, ["dropped"])
    assert len(stage.authority.asked) == 1


def test_at_once_with_an_answer_the_verdict_is_returned_to_be_counted(stage: Stage) -> None:
    prepare(stage)
    assert stage.act(register_at_once, command(), NUMBER, matched("first")) is Verdict.APPROVE
    assert stage.holder(ZHAO).authority_reference == "ref-first"
    assert ("registration", "approve") not in stage.observer.seen


def test_at_once_without_an_answer_the_application_is_queued(stage: Stage) -> None:
    prepare(stage)
    assert stage.act(register_at_once, command(), NUMBER, None) is None
    assert stage.holder(ZHAO).state is HolderState.APPLIED
    assert stage.act(register_at_once, command(), NUMBER, matched()) is None
    assert stage.holder(ZHAO).state is HolderState.APPLIED


def test_an_approval_without_an_eid_mark_approves_nobody(stage: Stage) -> None:
    stage.authority.answer = replace(matched(), eid_mark=None)
    with pytest.raises(HolderNotActive):
        apply(stage)
    assert stage.holder(ZHAO).state is HolderState.APPLIED
    assert queued(stage) is not None


# --- under a lease ------------------------------------------------------------------------------------------------


def test_who_applies_asks_under_a_lease_so_that_no_worker_asks_beside_it(stage: Stage) -> None:
    prepare(stage)
    beside = []

    def meanwhile() -> None:
        stage.clock.pass_by(seconds=LEASE.total_seconds(), milliseconds=-1)
        beside.append(resume_due_registrations(services=stage.services).done)

    stage.authority.meanwhile.happens = meanwhile
    assert register_identity(command(), services=stage.services).state is HolderState.ACTIVE
    assert (beside, len(stage.authority.asked)) == ([0], 1)


@pytest.mark.parametrize("answer", [None, PENDING], ids=["decided", "pending"])
def test_an_answer_that_comes_after_the_lease_is_left_to_the_worker_that_has_it(
    stage: Stage, answer: AuthorityAnswer | None
) -> None:
    prepare(stage)

    def sleep() -> None:
        now = stage.clock.pass_by(seconds=LEASE.total_seconds())
        job = queued(stage)
        assert job is not None
        assert stage.write(lambda uow: uow.jobs.lease(job.job_id, now=now, until=now + LEASE))

    stage.authority.answer, stage.authority.meanwhile.happens = answer, sleep
    assert register_identity(command(), services=stage.services).state is HolderState.APPLIED
    job = queued(stage)
    assert job is not None
    assert (job.attempts, job.leased_until, decisions(stage)) == (0, stage.clock.now() + LEASE, [])
    stage.authority.answer = None
    stage.clock.pass_by(seconds=LEASE.total_seconds())
    assert resume_due_registrations(services=stage.services).done == 1
    assert (stage.holder(ZHAO).state, ended(stage)) == (HolderState.ACTIVE, ["done"])


def test_a_worker_that_lost_its_lease_writes_no_decision(stage: Stage) -> None:
    stage.authority.answer = PENDING
    apply(stage)
    stage.authority.answer = None

    def sleep() -> None:
        stage.clock.pass_by(seconds=LEASE.total_seconds())
        assert resume_due_registrations(services=stage.services).done == 1

    stage.authority.meanwhile.happens = sleep
    stage.clock.pass_by(seconds=30)
    assert resume_due_registrations(services=stage.services).failures == {"LeaseLost": 1}
    assert (stage.holder(ZHAO).state, ended(stage)) == (HolderState.ACTIVE, ["done"])
    assert [one.kind for one in stage.events(ZHAO)] == [], "one decision, made by the second"
    assert stage.observer.seen.count(("registration", "approve")) == 1


def test_a_decision_that_fails_leaves_the_job_as_it_was(stage: Stage) -> None:
    stage.authority.answer = replace(matched(), eid_mark=None)
    with pytest.raises(HolderNotActive):
        apply(stage)
    stage.authority.answer = None
    stage.clock.pass_by(seconds=LEASE.total_seconds())
    assert resume_due_registrations(services=stage.services).done == 1
    assert stage.holder(ZHAO).state is HolderState.ACTIVE
