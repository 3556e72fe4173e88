"""Work that outlives the process: the outbox, queued applications, settings and the sandbox's inbox."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from eztong.domain.message import OutboxEntry
from eztong.ports.storage import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import World, at, holder_id, in_turn, make


def queue(store: Store, *entries: OutboxEntry) -> None:
    store.write(in_turn(*[lambda uow, entry=entry: uow.queues.add_message(entry) for entry in entries]))


def due(store: Store, seconds: float, *, limit: int = 50) -> list[OutboxEntry]:
    with store.read() as stored:
        return list(stored.queues.due_messages(now=at(seconds), limit=limit))


def test_a_message_is_not_due_before_its_time(store: Store) -> None:
    queue(store, values.outbox(due=5))
    assert due(store, 4.999) == []


def test_a_message_is_due_at_its_time(store: Store) -> None:
    queue(store, values.outbox(due=5))
    assert len(due(store, 5)) == 1


def test_messages_are_due_in_the_order_of_their_times(store: Store) -> None:
    queue(store, values.outbox(1, due=7), values.outbox(2, due=5), values.outbox(3, due=6))
    assert [entry.message_id for entry in due(store, 9)] == [make("msg", number) for number in (2, 3, 1)]


def test_messages_of_the_same_time_are_due_in_the_order_of_their_ids(store: Store) -> None:
    queue(store, values.outbox(3), values.outbox(1), values.outbox(2))
    assert [entry.message_id for entry in due(store, 9)] == [make("msg", number) for number in (1, 2, 3)]


def test_no_more_messages_come_than_asked_for(store: Store) -> None:
    queue(store, *[values.outbox(number) for number in range(5)])
    assert len(due(store, 9, limit=3)) == 3


def test_a_postponed_message_waits_until_then(store: Store) -> None:
    entry = values.outbox(due=5)
    queue(store, entry)
    store.write(lambda uow: uow.queues.postpone_message(entry.message_id, until=at(20)))
    assert (len(due(store, 19.999)), len(due(store, 20))) == (0, 1)


def test_postponing_counts_a_try(store: Store) -> None:
    entry = values.outbox()
    queue(store, entry)
    store.write(lambda uow: uow.queues.postpone_message(entry.message_id, until=at(20)))
    assert due(store, 20)[0].attempts == entry.attempts + 1


def test_a_postponed_message_keeps_its_body(store: Store) -> None:
    entry = values.outbox()
    queue(store, entry)
    store.write(lambda uow: uow.queues.postpone_message(entry.message_id, until=at(20)))
    assert due(store, 20)[0].sealed == entry.sealed


def test_a_delivered_message_is_never_due_again(store: Store) -> None:
    entry = values.outbox()
    queue(store, entry)
    store.write(lambda uow: uow.queues.mark_delivered(entry.message_id, now=at(9)))
    assert due(store, 1_000_000) == []


def test_delivering_one_message_leaves_the_others(store: Store) -> None:
    queue(store, values.outbox(1), values.outbox(2))
    store.write(lambda uow: uow.queues.mark_delivered(make("msg", 1), now=at(9)))
    assert [entry.message_id for entry in due(store, 9)] == [make("msg", 2)]


def test_a_delivered_message_loses_its_body(world: World) -> None:
    entry = values.outbox()
    queue(world.store, entry)
    world.store.write(lambda uow: uow.queues.mark_delivered(entry.message_id, now=at(9)))
    world.store.close()
    with closing(sqlite3.connect(world.path)) as connection:
        assert connection.execute("SELECT sealed FROM outbox").fetchall() == [(b"",)]


def test_a_delivered_body_is_nowhere_in_the_file(world: World) -> None:
    queue(world.store, values.outbox())
    world.store.write(lambda uow: uow.queues.mark_delivered(values.outbox().message_id, now=at(9)))
    world.store.close()
    assert values.outbox().sealed not in world.path.read_bytes()


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
