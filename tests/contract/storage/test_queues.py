"""Work that outlives the process: queued applications, settings and the sandbox's inbox."""

from __future__ import annotations

import pytest

from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import at, each_in_a_thread, holder_id, in_turn, make


def test_applications_are_due_in_the_order_of_their_times(store: Store) -> None:
    items = [values.queued(1, due=7), values.queued(2, due=5), values.queued(3, due=6)]
    store.write(in_turn(*[lambda uow, item=item: uow.queues.queue_registration(item) for item in items]))
    with store.read() as stored:
        found = stored.queues.due_registrations(now=at(6), limit=5)
    assert [item.holder_id for item in found] == [holder_id(2), holder_id(3)]


def test_an_application_queued_again_is_moved(store: Store) -> None:
    early, late = values.queued(due=5), values.queued(due=50)
    store.write(in_turn(*[lambda uow, item=item: uow.queues.queue_registration(item) for item in (early, late)]))
    with store.read() as stored:
        assert (
            list(stored.queues.due_registrations(now=at(9), limit=5)),
            stored.queues.queued_registration(holder_id()),
        ) == (
            [],
            late,
        )


def lease(store: Store, *, seconds: float = 5, life: float = 60) -> bool:
    return store.write(
        lambda uow: uow.queues.lease_registration(holder_id(), now=at(seconds), until=at(seconds + life))
    ).value


def due(store: Store, seconds: float) -> int:
    with store.read() as stored:
        return len(stored.queues.due_registrations(now=at(seconds), limit=5))


def test_a_leased_application_is_nobody_elses_until_the_lease_lapses(store: Store) -> None:
    store.write(lambda uow: uow.queues.queue_registration(values.queued(due=5)))
    assert (lease(store), lease(store, seconds=64.999), due(store, 64.999)) == (True, False, 0)
    assert (due(store, 65), lease(store, seconds=65)) == (1, True)


def test_of_many_workers_one_leases_an_application(store: Store) -> None:
    store.write(lambda uow: uow.queues.queue_registration(values.queued(due=5)))
    assert each_in_a_thread(8, lambda _number: lease(store)).count(True) == 1


def test_an_application_cannot_be_leased_before_its_time(store: Store) -> None:
    store.write(lambda uow: uow.queues.queue_registration(values.queued(due=5)))
    assert not lease(store, seconds=4.999)


def test_a_postponed_application_counts_a_try_and_is_free_again(store: Store) -> None:
    item = values.queued(due=5)
    store.write(lambda uow: uow.queues.queue_registration(item))
    lease(store)
    assert store.write(lambda uow: uow.queues.postpone_registration(item.holder_id, until=at(20))).value
    with store.read() as stored:
        found = stored.queues.queued_registration(item.holder_id)
    assert found is not None
    assert (found.attempts, found.next_attempt_at, found.leased_until) == (item.attempts + 1, at(20), None)


def test_an_application_that_was_decided_meanwhile_is_not_queued_again_by_postponing(store: Store) -> None:
    assert not store.write(lambda uow: uow.queues.postpone_registration(holder_id(), until=at(20))).value
    assert due(store, 1_000) == 0


def test_an_unqueued_application_is_gone(store: Store) -> None:
    store.write(lambda uow: uow.queues.queue_registration(values.queued()))
    store.write(lambda uow: uow.queues.unqueue_registration(holder_id()))
    with store.read() as stored:
        assert stored.queues.queued_registration(holder_id()) is None


def test_unqueueing_what_is_not_there_does_nothing(store: Store) -> None:
    store.write(lambda uow: uow.queues.unqueue_registration(holder_id()))


def test_a_setting_is_replaced(store: Store) -> None:
    store.write(in_turn(*[lambda uow, value=value: uow.queues.set_setting("mode", value) for value in ("a", "b")]))
    with store.read() as stored:
        assert stored.queues.setting("mode") == "b"


def drop_in(store: Store, *numbers: int, sealed: bytes = b"sealed") -> None:
    def add(uow: UnitOfWork) -> None:
        for number in numbers:
            uow.inbox.add(make("msg", number), phone_index=b"index", sealed=sealed, at=at(number))

    store.write(add)


def in_the_inbox(store: Store, limit: int = 50) -> list[tuple[str, bytes]]:
    with store.read() as stored:
        return [(message_id, sealed) for message_id, sealed, _ in stored.inbox.newest(limit=limit)]


def test_the_same_message_again_changes_nothing_in_the_inbox(store: Store) -> None:
    drop_in(store, 1, sealed=b"first")
    drop_in(store, 1, sealed=b"second")
    assert in_the_inbox(store) == [(make("msg", 1), b"first")]


@pytest.mark.parametrize("limit", [1, 3])
def test_the_inbox_shows_the_newest_first(store: Store, limit: int) -> None:
    drop_in(store, 1, 3, 2)
    assert [message_id for message_id, _ in in_the_inbox(store, limit)] == [make("msg", n) for n in (3, 2, 1)][:limit]


def test_a_cleared_inbox_is_empty(store: Store) -> None:
    drop_in(store, 1, 2)
    store.write(lambda uow: uow.inbox.clear())
    assert in_the_inbox(store) == []
