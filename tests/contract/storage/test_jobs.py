"""Jobs: in which order they are done, who may do one, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from eztong.domain.jobs.job import CALENDAR, Job, JobEnd, JobKind, UnreadableJob
from eztong.domain.jobs.leap import Ahead
from eztong.ports.storage.jobs import JobRepository
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import World, at, each_in_a_thread, holder_id, in_turn, make

FIRST = make("job", 1)
LEASE = at(60)
KIND = JobKind.MESSAGE


def queue(store: Store, *jobs: Job) -> None:
    store.write(in_turn(*[lambda uow, job=job: uow.jobs.add(job) for job in jobs]))


def due(store: Store, seconds: float, *, kind: JobKind = KIND, limit: int = 50) -> list[Job]:
    with store.read() as stored:
        return [job for job in stored.jobs.due(kind, now=at(seconds), limit=limit) if isinstance(job, Job)]


def ids(store: Store, seconds: float = 9, *, kind: JobKind = KIND) -> list[str]:
    return [job.job_id for job in due(store, seconds, kind=kind)]


def lease(store: Store, *, seconds: float = 9, until: datetime = LEASE, job_id: str = FIRST) -> bool:
    return store.write(lambda uow: uow.jobs.lease(job_id, now=at(seconds), until=until)).value


def leased(store: Store, *jobs: Job) -> None:
    queue(store, *(jobs or (values.job(),)))
    assert lease(store)


def end(store: Store, *, of_lease: datetime = LEASE, as_what: JobEnd = JobEnd.DONE) -> bool:
    return store.write(lambda uow: uow.jobs.end(FIRST, as_what, lease=of_lease, now=at(10))).value


def found(store: Store, *, of_holder: int = 1) -> list[Job]:
    with store.read() as stored:
        return list(stored.jobs.of_holder(holder_id(of_holder)))


# --- which is next ------------------------------------------------------------------------------------------------


def test_a_job_is_due_at_its_time_and_not_before(store: Store) -> None:
    queue(store, values.job(due=5))
    assert (len(due(store, 4.999)), len(due(store, 5))) == (0, 1)


def test_jobs_are_due_in_the_order_of_their_times(store: Store) -> None:
    queue(store, values.job(1, due=7), values.job(2, due=5), values.job(3, due=6))
    assert ids(store) == [make("job", number) for number in (2, 3, 1)]


def test_jobs_of_the_same_time_are_due_in_the_order_of_their_ids(store: Store) -> None:
    queue(store, values.job(3), values.job(1), values.job(2))
    assert ids(store) == [make("job", number) for number in (1, 2, 3)]


def test_the_more_urgent_job_is_due_first_however_late_it_came(store: Store) -> None:
    queue(store, *[values.job(number, due=number, priority=3 - number) for number in (1, 2, 3)])
    assert ids(store) == [make("job", number) for number in (3, 2, 1)]


def test_each_kind_is_asked_for_by_itself(store: Store) -> None:
    queue(store, *[values.job(number, kind=kind) for number, kind in enumerate(JobKind)])
    assert [ids(store, kind=kind) for kind in JobKind] == [[make("job", number)] for number in range(len(JobKind))]


def test_no_more_jobs_come_than_asked_for(store: Store) -> None:
    queue(store, *[values.job(number) for number in range(5)])
    assert len(due(store, 9, limit=3)) == 3


@pytest.mark.parametrize(("before", "expected"), [(0, False), (1, False), (2, True)])
def test_whether_something_more_urgent_waits_is_said(store: Store, before: int, *, expected: bool) -> None:
    queue(store, values.job(1, due=5, priority=1), values.job(2, kind=JobKind.REFUSAL, priority=0))
    with store.read() as stored:
        assert stored.jobs.has_due(KIND, before=before, now=at(5)) is expected
        assert stored.jobs.has_due(KIND, before=before, now=at(4)) is False


def test_what_somebody_does_already_is_not_said_to_wait(store: Store) -> None:
    leased(store, values.job(priority=0))
    with store.read() as stored:
        assert stored.jobs.has_due(KIND, before=2, now=at(9)) is False


@pytest.mark.sqlite
def test_the_next_job_is_found_through_the_index(world: World) -> None:
    query = (
        "EXPLAIN QUERY PLAN SELECT job_id FROM jobs WHERE kind = 'outbox' AND ended_at IS NULL "
        "AND next_attempt_at <= 1 ORDER BY priority, next_attempt_at, job_id LIMIT 50"
    )
    world.store.close()
    with world.aside() as connection:
        plan = " ".join(row[3] for row in connection.rows(query))
    assert "ix_jobs_waiting" in plan
    assert "TEMP B-TREE" not in plan


def add(store: Store, job: Job) -> bool:
    return store.write(lambda uow: uow.jobs.add(job)).value


def test_the_same_work_waits_once_and_the_first_stays_as_it_is(store: Store) -> None:
    first, again = values.job(1, key="work"), values.job(2, key="work", due=1)
    assert (add(store, first), add(store, again)) == (True, False)
    assert due(store, 9) == [first]


def test_the_same_key_of_another_kind_is_other_work(store: Store) -> None:
    assert add(store, values.job(1, key="work"))
    assert add(store, values.job(2, key="work", kind=JobKind.REFUSAL))


@pytest.mark.parametrize("as_what", JobEnd)
def test_the_same_work_may_wait_again_once_it_ended(store: Store, as_what: JobEnd) -> None:
    leased(store, values.job(1, key="work"))
    assert end(store, as_what=as_what)
    assert add(store, values.job(2, key="work"))
    assert ids(store) == [make("job", 2)]


def test_of_many_who_queue_the_same_work_at_once_one_does(store: Store) -> None:
    added = each_in_a_thread(8, lambda number: add(store, values.job(number, key="work")))
    assert added.count(True) == 1


def test_what_waits_is_found_by_its_key_until_it_ends(store: Store) -> None:
    job = values.job(key="work")

    def waiting(kind: JobKind = KIND, key: str = "work") -> Job | None:
        with store.read() as stored:
            return stored.jobs.waiting(kind, key)

    leased(store, job)
    assert waiting() == replace(job, leased_until=LEASE)
    assert (waiting(JobKind.REFUSAL), waiting(key="other")) == (None, None)
    assert end(store)
    assert waiting() is None


# --- under a lease ------------------------------------------------------------------------------------------------


def test_a_leased_job_is_nobody_elses_until_the_lease_lapses(store: Store) -> None:
    leased(store)
    assert (ids(store, 59.999), lease(store, seconds=59.999)) == ([], False)
    assert (ids(store, 60), lease(store, seconds=60, until=at(120))) == ([FIRST], True)


def test_a_job_that_is_queued_leased_is_its_makers_until_then(store: Store) -> None:
    queue(store, replace(values.job(due=1), leased_until=LEASE))
    assert (ids(store, 59.999), ids(store, 60)) == ([], [FIRST])
    assert end(store)


def test_of_many_workers_one_leases_a_job(store: Store) -> None:
    queue(store, values.job())
    assert each_in_a_thread(8, lambda number: lease(store, until=at(60 + number))).count(True) == 1


def test_a_job_cannot_be_leased_before_its_time(store: Store) -> None:
    queue(store, values.job(due=5))
    assert not lease(store, seconds=4.999)


SETTLING: dict[str, Callable[[JobRepository], bool]] = {
    "done": lambda jobs: jobs.end(FIRST, JobEnd.DONE, lease=LEASE, now=at(61)),
    "dropped": lambda jobs: jobs.end(FIRST, JobEnd.DROPPED, lease=LEASE, now=at(61)),
    "postponed": lambda jobs: jobs.postpone(FIRST, lease=LEASE, until=at(61)),
    "given back": lambda jobs: jobs.give_back(FIRST, lease=LEASE),
}
EVERY_WAY = pytest.mark.parametrize("settle", SETTLING.values(), ids=list(SETTLING))


@EVERY_WAY
def test_a_lost_lease_settles_nothing(store: Store, settle: Callable[[JobRepository], bool]) -> None:
    leased(store)
    assert lease(store, seconds=60, until=at(120))
    assert not store.write(lambda uow: settle(uow.jobs)).value
    assert end(store, of_lease=at(120))


@EVERY_WAY
def test_what_ended_is_settled_by_nobody(store: Store, settle: Callable[[JobRepository], bool]) -> None:
    leased(store, values.job(holder=1))
    assert end(store)
    assert not store.write(lambda uow: settle(uow.jobs)).value
    assert (due(store, 1_000_000), lease(store, seconds=1_000_000)) == ([], False)
    (job,) = found(store)
    assert (job.ended_as, job.ended_at) == (JobEnd.DONE, at(10))


def test_two_workers_never_do_the_same_jobs(store: Store) -> None:
    queue(store, *[values.job(number) for number in range(20)])

    def work(worker: int) -> list[str]:
        jobs, until = ids(store), at(60 + worker)
        return store.write(lambda uow: [one for one in jobs if uow.jobs.lease(one, now=at(9), until=until)]).value

    first, second = each_in_a_thread(2, work)
    assert sorted(first + second) == [make("job", number) for number in range(20)]


# --- what becomes of it -------------------------------------------------------------------------------------------


def test_a_postponed_job_counts_a_try_keeps_its_payload_and_waits_until_then(store: Store) -> None:
    job = values.job()
    leased(store, job)
    assert store.write(lambda uow: uow.jobs.postpone(FIRST, lease=LEASE, until=at(20))).value
    assert due(store, 19.999) == []
    assert due(store, 20) == [replace(job, attempts=job.attempts + 1, next_attempt_at=at(20))]


def test_a_job_that_was_given_back_is_as_it_was(store: Store) -> None:
    job = values.job()
    leased(store, job)
    assert store.write(lambda uow: uow.jobs.give_back(FIRST, lease=LEASE)).value
    assert due(store, 9) == [job]


@pytest.mark.parametrize("as_what", JobEnd)
def test_an_ended_job_says_how_and_when_and_loses_its_payload(store: Store, as_what: JobEnd) -> None:
    job = values.job(holder=1)
    leased(store, job)
    assert end(store, as_what=as_what)
    assert found(store) == [replace(job, sealed=b"", ended_at=at(10), ended_as=as_what)]


def test_ending_one_job_leaves_the_others(store: Store) -> None:
    leased(store, values.job(1), values.job(2))
    end(store)
    assert ids(store) == [make("job", 2)]


@pytest.mark.sqlite
def test_an_ended_payload_is_nowhere_in_the_file(world: World) -> None:
    leased(world.store)
    end(world.store)
    world.store.close()
    assert values.job().sealed not in world.path.read_bytes()


def test_what_waits_for_an_account_is_withdrawn_leased_or_not_and_nothing_of_others(store: Store) -> None:
    leased(store, values.job(1, holder=1), values.job(2, holder=1, due=500), values.job(3, holder=2), values.job(4))
    assert store.write(lambda uow: uow.jobs.withdraw(holder_id(), now=at(10))).value == 2
    assert [(one.ended_as, one.ended_at, one.sealed) for one in found(store)] == [(JobEnd.WITHDRAWN, at(10), b"")] * 2
    assert not end(store), "whoever does it meanwhile writes nothing for it"
    assert ids(store) == [make("job", number) for number in (3, 4)]
    assert store.write(lambda uow: uow.jobs.withdraw(holder_id(), now=at(11))).value == 0


# --- what is told of them -----------------------------------------------------------------------------------------


def test_an_accounts_jobs_come_oldest_first_and_those_of_others_not_at_all(store: Store) -> None:
    jobs = [values.job(number, holder=1, kind=kind) for number, kind in enumerate(JobKind)]
    queue(store, *reversed(jobs), values.job(98, holder=2), values.job(99))
    assert found(store) == jobs


def test_how_many_of_each_kind_wait_is_told(store: Store) -> None:
    leased(store, values.job(1), values.job(2), values.job(3), values.job(4, kind=JobKind.REFUSAL))
    assert end(store)
    with store.read() as stored:
        depths = dict.fromkeys(set(JobKind) - CALENDAR, 0) | {JobKind.MESSAGE: 2, JobKind.REFUSAL: 1}
        assert stored.jobs.depths() == depths


def test_a_kind_that_this_version_does_not_know_keeps_no_other_back(world: World) -> None:
    queue(world.store, values.job(1, holder=1), values.job(2, holder=1))
    with world.aside() as connection:
        connection.execute("UPDATE jobs SET kind = 'from another version' WHERE job_id = ?", (FIRST,))
    assert ids(world.store) == [make("job", 2)]
    assert [one.job_id for one in found(world.store)] == [make("job", 2)]
    with world.store.read() as stored:
        assert sum(stored.jobs.depths().values()) == 1


def test_a_topic_that_nobody_knows_keeps_no_other_back(store: Store) -> None:
    queue(store, replace(values.job(1), topic="from another version"), values.job(2))
    assert ids(store) == [make("job", 1), make("job", 2)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "damage",
    [
        "created_at = created_at | (1 << 60)",
        "created_at = -9000000000000000",
        "expires_at = 9000000000000000",
        "leased_until = -9000000000000000",
        "attempts = 'many'",
        "attempts = CAST(x'ff' AS TEXT)",
        "attempts = 1.5",
        "holder_id = x'ff'",
        "job_id = CAST(x'ff' AS TEXT)",
        "key = CAST(x'ff' AS TEXT)",
        "topic = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_keeps_no_other_back(world: World, damage: str) -> None:
    queue(world.store, *(values.job(number, holder=1) for number in (1, 2)))
    with world.aside() as connection:
        connection.execute(f"UPDATE jobs SET priority = 0, {damage} WHERE job_id = ?", (FIRST,))  # noqa: S608 - see above
    with world.store.read() as stored:
        first, second = stored.jobs.due(KIND, now=at(9), limit=50)
        assert isinstance(first, UnreadableJob)
        assert first.row in {FIRST.encode(), b"\xff"}
        assert isinstance(second, Job)
        assert not stored.jobs.has_due(KIND, before=1, now=at(9))
        assert stored.jobs.depths()[KIND] == 2
    assert [one.job_id for one in found(world.store)] == [make("job", 2)]


@pytest.mark.sqlite
def test_a_kind_that_is_no_text_spoils_no_count(world: World) -> None:
    queue(world.store, values.job(1), values.job(2))
    with world.aside() as connection:
        connection.execute("UPDATE jobs SET kind = CAST(x'ff' AS TEXT) WHERE job_id = ?", (FIRST,))
    with world.store.read() as stored:
        assert stored.jobs.depths()[KIND] == 1


def test_the_leases_of_a_kind_are_freed_and_nothing_else_changes(store: Store) -> None:
    leased(store, values.job(1), values.job(2, kind=JobKind.REFUSAL))
    before = lease(store, job_id=make("job", 2)), ids(store)
    assert before == (True, [])
    assert store.write(lambda uow: uow.jobs.free(KIND)).value == 1
    assert due(store, 9) == [values.job(1)]
    assert ids(store, kind=JobKind.REFUSAL) == []
    assert not end(store)


def reaching(store: Store, *, next_try: float = 100, lease: float = 100, prompt: float = 50) -> list[str]:
    ahead = Ahead(next_try=at(next_try), lease=at(lease), prompt=timedelta(seconds=prompt))
    with store.read() as stored:
        return sorted(job.job_id for job in stored.jobs.reaching(KIND, ahead))


def test_retries_and_leases_that_reach_too_far_are_found_and_nothing_that_waits_for_a_day(store: Store) -> None:
    first_try = replace(values.job(2, due=101), attempts=0)
    prompt = replace(values.job(3, due=101), attempts=0, created_at=at(51))
    leased_long = replace(values.job(4), leased_until=at(101))
    other_kind = values.job(5, kind=JobKind.REFUSAL, due=101)
    within = replace(values.job(6, due=100), leased_until=at(100))
    queue(store, values.job(1, due=101), first_try, prompt, leased_long, other_kind, within)
    assert reaching(store) == [make("job", number) for number in (1, 3, 4)]


@pytest.mark.sqlite
def test_a_row_that_cannot_be_read_keeps_no_other_from_being_set_right(world: World) -> None:
    queue(world.store, values.job(1, due=101), values.job(2, due=101))
    with world.aside() as connection:
        connection.execute("UPDATE jobs SET priority = 'x' WHERE job_id = ?", (FIRST,))
    assert reaching(world.store) == [make("job", 2)]


def test_a_job_is_set_right_only_as_it_was_read_and_only_once(store: Store) -> None:
    one = replace(values.job(due=101), leased_until=at(400))
    queue(store, one)
    right = replace(one, next_attempt_at=at(7), leased_until=None)

    def change(before: Job) -> bool:
        return store.write(lambda uow: uow.jobs.set_right(before, right)).value

    assert not change(replace(one, leased_until=None))
    assert not change(replace(one, next_attempt_at=at(100)))
    assert change(one)
    assert due(store, 9) == [right]
    assert not change(one)


def test_what_ended_is_neither_found_nor_set_right(store: Store) -> None:
    leased(store)
    assert end(store)
    assert reaching(store, next_try=0, lease=0) == []
    assert not store.write(lambda uow: uow.jobs.set_right(values.job(), values.job())).value


def test_what_ended_is_not_freed(store: Store) -> None:
    leased(store)
    assert end(store)
    assert store.write(lambda uow: uow.jobs.free(KIND)).value == 0
