"""The runner of jobs: every due one is done once, the most urgent first, and none keeps another from it."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from eztong.domain.errors import Unavailable
from eztong.domain.jobs.fate import Fate, LeasedJob, LeaseLost
from eztong.domain.jobs.job import LEASE, RULES, WORK_FOR, Job, JobEnd, JobKind
from eztong.ports.act import SYSTEM, Act
from eztong.usecases.jobs.free_leases import free_leases
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import FILE, Stage

KIND = JobKind.MESSAGE


@dataclass(slots=True)
class Hand:
    """A handler that remembers what it did; ``before`` runs first and may raise or say another fate."""

    before: Callable[[LeasedJob], Fate | None] = lambda _leased: None
    done: list[str] = field(default_factory=list)
    gate: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, leased: LeasedJob) -> Fate:
        fate = self.before(leased)
        with self.gate:
            self.done.append(leased.job.job_id)
        return fate or Fate.DONE


class Death(BaseException):
    """The process ends here."""


def job(name: str, *, priority: int = 2, kind: JobKind = KIND) -> Job:
    return Job(job_id=name, kind=kind, key=name, priority=priority, created_at=START, next_attempt_at=START)


def queue(stage: Stage, *jobs: Job) -> None:
    stage.write(lambda uow: [uow.jobs.add(one) for one in jobs])


def run(stage: Stage, handler: Callable[[LeasedJob], Fate], limit: int | None = None) -> QueueRun:
    return run_due(KIND, handler, services=stage.services, limit=limit)


def waiting(stage: Stage, name: str) -> Job:
    found = stage.read(lambda stored: stored.jobs.waiting(KIND, name))
    assert found is not None
    return found


def ended(stage: Stage, name: str) -> tuple[str, bytes]:
    ((as_what, sealed),) = stage.select("SELECT ended_as, sealed FROM jobs WHERE job_id = ?", name)
    return as_what, sealed


# --- done ---------------------------------------------------------------------------------------------------------


def test_nothing_is_done_where_nothing_is_due(stage: Stage) -> None:
    queue(stage, replace(job("later"), next_attempt_at=START + timedelta(seconds=1)))
    hand = Hand()
    assert (run(stage, hand), hand.done) == (QueueRun(), [])


def test_what_is_due_is_done_the_most_urgent_first_and_ends(stage: Stage) -> None:
    queue(stage, job("last"), job("first", priority=0), job("second", priority=1))
    hand = Hand()
    assert run(stage, hand) == QueueRun(done=3)
    assert hand.done == ["first", "second", "last"]
    assert {ended(stage, name) for name in hand.done} == {("done", b"")}
    assert run(stage, hand) == QueueRun()


def test_other_kinds_are_left_alone(stage: Stage) -> None:
    queue(stage, job("mine"), job("other", kind=JobKind.REFUSAL))
    hand = Hand()
    run(stage, hand)
    assert hand.done == ["mine"]


def test_a_run_does_no_more_than_its_limit_and_says_that_more_is_due(stage: Stage) -> None:
    queue(stage, *(job(f"{number}") for number in range(3)))
    assert run(stage, Hand(), limit=2) == QueueRun(done=2, again=True)
    assert run(stage, Hand(), limit=2) == QueueRun(done=1)


def test_without_a_limit_the_rule_of_the_kind_is_it(stage: Stage) -> None:
    share = RULES[KIND].at_once
    queue(stage, *(job(f"{number:03}") for number in range(share + 1)))
    assert run(stage, Hand()) == QueueRun(done=share, again=True)


def test_what_its_handler_noted_itself_is_done_and_not_noted_again(stage: Stage) -> None:
    queue(stage, job("noted"))

    def note(leased: LeasedJob) -> Fate:
        def end(act: Act) -> bool:
            return act.uow.jobs.end(leased.job.job_id, JobEnd.DONE, lease=leased.lease, now=act.now)

        assert stage.services.perform(SYSTEM, end)
        return Fate.NOTED

    assert run(stage, Hand(note)) == QueueRun(done=1)


# --- failed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError("13900000001"), KeyError("phone"), Unavailable()])
def test_whatever_one_raises_it_waits_is_counted_by_kind_and_stops_no_other(stage: Stage, error: Exception) -> None:
    queue(stage, job("bad"), job("good"))

    def fail(leased: LeasedJob) -> None:
        if leased.job.job_id == "bad":
            raise error

    hand, kind = Hand(fail), type(error).__name__
    assert run(stage, hand) == QueueRun(done=1, failures={kind: 1})
    assert hand.done == ["good"]
    assert stage.observer.seen == [("queue_failure", KIND.value, kind)]
    again = waiting(stage, "bad")
    assert (again.attempts, again.leased_until) == (1, None)
    assert again.next_attempt_at == START + RULES[KIND].backoff.first


def test_what_has_no_answer_yet_waits_as_long_and_is_no_failure(stage: Stage) -> None:
    queue(stage, job("asked"))
    for pause in (2, 4, 8):
        assert run(stage, Hand(lambda _leased: Fate.POSTPONED)) == QueueRun()
        assert waiting(stage, "asked").next_attempt_at == stage.clock.now() + timedelta(seconds=pause)
        stage.clock.pass_by(seconds=pause)
    assert (waiting(stage, "asked").attempts, stage.observer.seen) == (3, [])


def test_nothing_is_counted_that_was_not_committed(stage: Stage) -> None:
    queue(stage, job("bad"))

    def fail(_leased: LeasedJob) -> None:
        stage.store.close()
        raise OSError

    with pytest.raises(Unavailable):
        run(stage, Hand(fail))
    assert stage.observer.seen == []


# --- not begun ----------------------------------------------------------------------------------------------------


def test_what_is_of_no_use_any_more_is_dropped_and_not_done(stage: Stage) -> None:
    queue(stage, replace(job("late"), expires_at=START), job("lasting"))
    hand = Hand()
    assert run(stage, hand) == QueueRun(done=1)
    assert (hand.done, ended(stage, "late")) == (["lasting"], ("dropped", b""))


def test_work_stops_half_way_through_the_lease_and_the_rest_is_given_back_untried(stage: Stage) -> None:
    queue(stage, *(replace(job(name), attempts=7) for name in "abc"))

    def be_slow(_leased: LeasedJob) -> None:
        stage.clock.pass_by(seconds=WORK_FOR.total_seconds() / 2)

    slow = Hand(be_slow)
    assert run(stage, slow) == QueueRun(done=2, again=True)
    assert waiting(stage, "c") == replace(job("c"), attempts=7)


def test_what_is_more_urgent_and_comes_meanwhile_goes_next(stage: Stage) -> None:
    queue(stage, job("a"), job("b"))
    urgent = [job("urgent", priority=0)]

    def interrupt(_leased: LeasedJob) -> None:
        queue(stage, *urgent)

    hand = Hand(interrupt)
    assert run(stage, hand) == QueueRun(done=1, again=True)
    assert (hand.done, waiting(stage, "b").attempts) == (["a"], 0)
    urgent.clear()
    run(stage, hand)
    assert hand.done == ["a", "urgent", "b"]


# --- leases -------------------------------------------------------------------------------------------------------


def overtake(stage: Stage, leased: LeasedJob) -> None:
    """Let the lease lapse and another worker take the job."""
    now = stage.clock.pass_by(seconds=LEASE.total_seconds())
    assert stage.write(lambda uow: uow.jobs.lease(leased.job.job_id, now=now, until=now + LEASE))


@pytest.mark.parametrize(("error", "counted"), [(None, {}), (OSError(), {"OSError": 1}), (LeaseLost(), {})])
def test_a_lost_lease_writes_nothing_and_is_counted_once(
    stage: Stage, error: Exception | None, counted: dict[str, int]
) -> None:
    queue(stage, job("slow"))

    def be_too_slow(leased: LeasedJob) -> None:
        overtake(stage, leased)
        if error is not None:
            raise error

    assert run(stage, Hand(be_too_slow)) == QueueRun(failures={"LeaseLost": 1} | counted)
    left = waiting(stage, "slow")
    assert (left.attempts, left.leased_until) == (0, stage.clock.now() + LEASE)


def test_a_crash_leaves_a_lease_that_lapses_and_then_the_work_is_done_again(stage: Stage) -> None:
    queue(stage, *(job(name) for name in "abc"))

    def die(leased: LeasedJob) -> None:
        if leased.job.job_id == "b":
            raise Death

    before, after = Hand(die), Hand()
    with pytest.raises(Death):
        run(stage, before)
    stage.clock.pass_by(seconds=LEASE.total_seconds(), milliseconds=-1)
    assert run(stage, after) == QueueRun()
    stage.clock.pass_by(milliseconds=1)
    assert run(stage, after) == QueueRun(done=3)
    assert (before.done, after.done) == (["a"], ["a", "b", "c"])


def test_workers_at_once_share_the_work_and_do_each_once(stage: Stage) -> None:
    names = [f"{number:03}" for number in range(60)]
    queue(stage, *(job(name) for name in names))
    hand = Hand()

    def work(_worker: int) -> None:
        while run(stage, hand, limit=7).again:
            pass

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    work(0)
    assert Counter(hand.done) == Counter(names)


# --- rows that cannot be read -------------------------------------------------------------------------------------


def damage(stage: Stage, name: str) -> None:
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("UPDATE jobs SET created_at = created_at | (1 << 60) WHERE job_id = ?", (name,))


def test_rows_that_cannot_be_read_are_counted_and_stop_no_other(stage: Stage) -> None:
    queue(stage, *(job(name, priority=0) for name in ("bad", "worse")), job("good"), job("better"))
    for name in ("bad", "worse"):
        damage(stage, name)
    known, hand = UnreadableJobs(KIND), Hand()

    def go_on() -> QueueRun:
        return run_due(KIND, hand, services=stage.services, limit=2, unreadable=known)

    (failure,) = go_on().failures.items()
    assert failure[1] == 2
    assert go_on() == QueueRun(done=2, again=True)
    assert sorted(hand.done) == ["better", "good"]


def test_a_row_that_cannot_be_read_is_tried_again_after_pauses_that_grow(stage: Stage) -> None:
    queue(stage, job("bad"))
    damage(stage, "bad")
    known = UnreadableJobs(KIND)
    pauses, waited = list[timedelta](), timedelta()
    for _ in range(5000):
        if run_due(KIND, Hand(), services=stage.services, unreadable=known).failures:
            pauses.append(waited)
            waited = timedelta()
        stage.clock.pass_by(seconds=1)
        waited += timedelta(seconds=1)
    rule = RULES[KIND].backoff
    assert pauses[1:] == [rule.pause_after(failed) for failed in range(len(pauses) - 1)]
    assert pauses[-1] == rule.longest


def test_a_row_that_can_be_read_again_is_done(stage: Stage) -> None:
    queue(stage, job("bad"))
    damage(stage, "bad")
    known, hand = UnreadableJobs(KIND), Hand()
    run_due(KIND, hand, services=stage.services, unreadable=known)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("UPDATE jobs SET created_at = next_attempt_at")
    assert run_due(KIND, hand, services=stage.services, unreadable=known) == QueueRun(done=1)
    run_due(KIND, hand, services=stage.services, unreadable=known)
    assert len(known) == 0


def refuse(stage: Stage, name: str, when: str = "leased_until IS NOT NULL") -> None:
    """Let the store refuse to change the row of a job, as it does where a cell of it is not of its kind."""
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute(
            f"CREATE TRIGGER refuse BEFORE UPDATE ON jobs WHEN OLD.job_id = '{name}' AND NEW.{when} "
            "BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )


def test_one_that_cannot_be_leased_stops_no_other_and_is_tried_again_after_a_pause(stage: Stage) -> None:
    queue(stage, job("bad", priority=0), job("good"), job("better"))
    refuse(stage, "bad")
    known, hand = UnreadableJobs(KIND), Hand()

    def go_on() -> QueueRun:
        return run_due(KIND, hand, services=stage.services, unreadable=known)

    assert go_on() == QueueRun(done=2, failures={"NotLeased": 1})
    assert stage.take_left_out() == {("jobs", "IntegrityError")}
    assert go_on() == QueueRun()
    assert (hand.done, stage.take_left_out()) == (["better", "good"], set())
    stage.clock.pass_by(seconds=RULES[KIND].backoff.first.total_seconds())
    queue(stage, job("urgent", priority=1), replace(job("late"), priority=2))
    assert go_on() == QueueRun(done=2, failures={"NotLeased": 1})
    assert (hand.done[2:], stage.take_left_out()) == (["urgent", "late"], {("jobs", "IntegrityError")})


def test_one_that_cannot_be_leased_is_done_once_it_can(stage: Stage) -> None:
    queue(stage, job("bad"))
    refuse(stage, "bad")
    known, hand = UnreadableJobs(KIND), Hand()
    run_due(KIND, hand, services=stage.services, unreadable=known)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("DROP TRIGGER refuse")
    stage.clock.pass_by(seconds=RULES[KIND].backoff.first.total_seconds())
    assert run_due(KIND, hand, services=stage.services, unreadable=known) == QueueRun(done=1)
    assert stage.take_left_out() == {("jobs", "IntegrityError")}


def test_one_whose_end_cannot_be_noted_keeps_no_other_from_its_end(stage: Stage) -> None:
    queue(stage, job("bad"), job("good"))
    refuse(stage, "bad", "ended_at IS NOT NULL")
    assert run(stage, Hand()) == QueueRun(done=1, failures={"LeaseLost": 1})
    assert (ended(stage, "good"), stage.take_left_out()) == (("done", b""), {("jobs", "IntegrityError")})


@pytest.mark.parametrize("kind", JobKind)
def test_a_new_server_does_at_once_what_a_dead_one_was_at_but_no_application(stage: Stage, kind: JobKind) -> None:
    queue(stage, job("of the dead", kind=kind))

    def die(_leased: LeasedJob) -> Fate:
        raise Death

    with pytest.raises(Death):
        run_due(kind, die, services=stage.services)
    hand = Hand()
    assert stage.act(free_leases, kind) == (0 if kind is JobKind.REGISTRATION else 1)
    run_due(kind, hand, services=stage.services)
    assert hand.done == ([] if kind is JobKind.REGISTRATION else ["of the dead"])
