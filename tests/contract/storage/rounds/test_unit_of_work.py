"""One unit of work: all or nothing, durable before it is answered, seen by readers only when it is committed."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from eztong.domain.errors import StateConflict, Unavailable
from eztong.ports.storage.store import Committed, Store, UnitOfWork, submitted
from tests.contract.storage.stage import (
    PATIENCE,
    World,
    each_in_a_thread,
    read_setting,
    setting,
    together,
)


def write_then_fail(uow: UnitOfWork) -> None:
    uow.settings.set("first", "there")
    uow.settings.set("second", "there")
    raise StateConflict("This job fails after writing.")


def test_a_job_returns_its_value(store: Store) -> None:
    assert store.write(lambda _uow: 42).value == 42


def test_a_job_sees_what_it_wrote(store: Store) -> None:
    def write_and_read(uow: UnitOfWork) -> str | None:
        uow.settings.set("mine", "there")
        return uow.settings.get("mine")

    assert store.write(write_and_read).value == "there"


def test_a_job_that_raises_leaves_nothing(store: Store) -> None:
    with pytest.raises(StateConflict):
        store.write(write_then_fail)
    assert (read_setting(store, "first"), read_setting(store, "second")) == (None, None)


def test_the_exception_reaches_the_caller_unchanged(store: Store) -> None:
    error = StateConflict("exactly this one")

    def fail(_uow: UnitOfWork) -> None:
        raise error

    with pytest.raises(StateConflict) as caught:
        store.write(fail)
    assert caught.value is error


def test_the_others_of_a_batch_stay_when_one_fails(store: Store) -> None:
    futures = together(store, [setting("before"), write_then_fail, setting("after")])
    assert isinstance(futures[1].exception(PATIENCE), StateConflict)
    assert [read_setting(store, name) for name in ("before", "first", "after")] == ["there", None, "there"]


def test_a_later_job_of_a_batch_sees_the_earlier(store: Store) -> None:
    seen = together(store, [setting("mine"), lambda uow: uow.settings.get("mine")])
    assert seen[1].result(PATIENCE).value == "there"


def test_a_later_job_of_a_batch_does_not_see_one_that_failed(store: Store) -> None:
    seen = together(store, [write_then_fail, lambda uow: uow.settings.get("first")])
    assert seen[1].result(PATIENCE).value is None


def test_the_store_works_on_after_a_failure(store: Store) -> None:
    with pytest.raises(StateConflict):
        store.write(write_then_fail)
    store.write(setting("after"))
    assert read_setting(store, "after") == "there"


def test_a_reader_does_not_see_what_is_not_committed(store: Store) -> None:
    wrote, gate = threading.Event(), threading.Event()

    def write_and_wait(uow: UnitOfWork) -> None:
        uow.settings.set("mine", "there")
        wrote.set()
        gate.wait(PATIENCE)

    future = submitted(store, write_and_wait)
    assert wrote.wait(PATIENCE)
    seen = read_setting(store, "mine")
    gate.set()
    future.result(PATIENCE)
    assert seen is None


def test_a_reader_sees_a_commit_at_once(store: Store) -> None:
    store.write(setting("mine", "1"))
    assert read_setting(store, "mine") == "1"


def test_each_statement_of_a_reader_sees_the_newest_state(store: Store) -> None:
    with store.read() as stored:
        before = stored.settings.get("mine")
        store.write(setting("mine"))
        after = stored.settings.get("mine")
    assert (before, after) == (None, "there")


def test_a_reader_cannot_write(store: Store) -> None:
    with store.read() as stored, pytest.raises(Exception, match=r"read-?only"):
        stored.settings.set("mine", "there")


def test_every_thread_can_read(store: Store) -> None:
    store.write(setting("mine"))
    assert each_in_a_thread(8, lambda _number: read_setting(store, "mine")) == ["there"] * 8


@pytest.mark.sqlite
def test_jobs_queued_by_many_threads_share_commits(world: World) -> None:
    started, gate = threading.Event(), threading.Event()

    def block(_uow: UnitOfWork) -> None:
        started.set()
        gate.wait(PATIENCE)

    blocker = submitted(world.store, block)
    assert started.wait(PATIENCE)
    futures = each_in_a_thread(16, lambda number: submitted(world.store, setting(f"of-{number}")))
    gate.set()
    for future in (blocker, *futures):
        future.result(PATIENCE)
    world.store.close()
    assert world.commits == [1, 16]


def test_no_job_of_many_threads_is_lost(store: Store) -> None:
    def write_some(thread: int) -> None:
        for number in range(25):
            store.write(setting(f"{thread}-{number}"))

    each_in_a_thread(16, write_some)
    assert all(read_setting(store, f"{thread}-{number}") for thread in range(16) for number in range(25))


def test_concurrent_changes_of_one_value_do_not_get_lost(store: Store) -> None:
    def count_one(uow: UnitOfWork) -> None:
        uow.settings.set("count", str(int(uow.settings.get("count") or 0) + 1))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _number: store.write(count_one), range(200)))
    assert read_setting(store, "count") == "200"


def test_a_living_store_is_healthy(store: Store) -> None:
    store.check_health()


def test_close_finishes_accepted_jobs(world: World) -> None:
    futures = [submitted(world.store, setting(f"of-{number}")) for number in range(50)]
    world.store.close()
    assert all(future.done() and future.exception() is None for future in futures)


def test_a_job_after_close_is_refused(world: World) -> None:
    world.store.close()
    with pytest.raises(Unavailable):
        world.store.write(setting("late"))


def test_a_job_after_close_is_refused_in_its_future(world: World) -> None:
    world.store.close()
    assert isinstance(submitted(world.store, setting("late")).exception(PATIENCE), Unavailable)


def test_each_caller_is_told_once(world: World) -> None:
    told: list[Committed[None] | Exception] = []
    for job in (setting("kept"), write_then_fail, setting("kept, too")):
        world.store.submit(job, told.append)
    world.store.close()
    assert [type(outcome) for outcome in told] == [Committed, StateConflict, Committed]


def test_a_caller_that_fails_when_told_keeps_nobody_else_from_an_answer(store: Store) -> None:
    def fail(_outcome: object) -> None:
        raise RuntimeError("this caller fails")

    store.submit(setting("first"), fail)
    assert submitted(store, setting("second")).result(PATIENCE).value is None
    assert [read_setting(store, name) for name in ("first", "second")] == ["there", "there"]


def test_who_is_told_may_ask_for_more(world: World) -> None:
    later: list[Future[Committed[None]]] = []
    done = threading.Event()

    def ask(_outcome: object) -> None:
        later.append(submitted(world.store, setting("later")))
        done.set()

    world.store.submit(setting("first"), ask)
    assert done.wait(PATIENCE)
    assert later[0].exception(PATIENCE) is None
    world.store.close()
    world.store.submit(setting("refused"), ask)
    assert isinstance(later[1].exception(PATIENCE), Unavailable)


def test_closing_twice_is_closing_once(world: World) -> None:
    world.store.close()
    world.store.close()


def test_a_closed_store_is_not_healthy(world: World) -> None:
    world.store.close()
    with pytest.raises(Unavailable):
        world.store.check_health()


def test_data_survive_reopening(world: World) -> None:
    world.store.write(setting("mine"))
    assert read_setting(world.reopen(), "mine") == "there"
