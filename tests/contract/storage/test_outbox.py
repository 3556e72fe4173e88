"""The outbox: in which order messages leave, who may deliver one, and what becomes of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime

import pytest

from eztong.domain.notices import OutboxEntry, Priority
from eztong.ports.storage.outbox import OutboxRepository
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import World, at, each_in_a_thread, in_turn, make

FIRST = make("msg", 1)
LEASE = at(60)


def queue(store: Store, *entries: OutboxEntry) -> None:
    store.write(in_turn(*[lambda uow, entry=entry: uow.outbox.add(entry) for entry in entries]))


def due(store: Store, seconds: float, *, limit: int = 50) -> list[OutboxEntry]:
    with store.read() as stored:
        return list(stored.outbox.due(now=at(seconds), limit=limit))


def ids(store: Store, seconds: float = 9) -> list[str]:
    return [entry.message_id for entry in due(store, seconds)]


def lease(store: Store, *, seconds: float = 9, until: datetime = LEASE, message_id: str = FIRST) -> bool:
    return store.write(lambda uow: uow.outbox.lease(message_id, now=at(seconds), until=until)).value


def leased(store: Store, *entries: OutboxEntry) -> None:
    queue(store, *(entries or (values.outbox(),)))
    assert lease(store)


def deliver(store: Store, *, of_lease: datetime = LEASE) -> bool:
    return store.write(lambda uow: uow.outbox.mark_delivered(FIRST, lease=of_lease, now=at(9))).value


def test_a_message_is_due_at_its_time_and_not_before(store: Store) -> None:
    queue(store, values.outbox(due=5))
    assert (len(due(store, 4.999)), len(due(store, 5))) == (0, 1)


def test_messages_are_due_in_the_order_of_their_times(store: Store) -> None:
    queue(store, values.outbox(1, due=7), values.outbox(2, due=5), values.outbox(3, due=6))
    assert ids(store) == [make("msg", number) for number in (2, 3, 1)]


def test_messages_of_the_same_time_are_due_in_the_order_of_their_ids(store: Store) -> None:
    queue(store, values.outbox(3), values.outbox(1), values.outbox(2))
    assert ids(store) == [make("msg", number) for number in (1, 2, 3)]


def test_the_more_urgent_message_is_due_first_however_late_it_came(store: Store) -> None:
    urgency = {1: Priority.OTHER, 2: Priority.ACCOUNT_AT_STAKE, 3: Priority.MESSAGE_CODE}
    queue(store, *[values.outbox(number, due=number, priority=priority) for number, priority in urgency.items()])
    assert ids(store) == [make("msg", number) for number in (3, 2, 1)]


def test_no_more_messages_come_than_asked_for(store: Store) -> None:
    queue(store, *[values.outbox(number) for number in range(5)])
    assert len(due(store, 9, limit=3)) == 3


@pytest.mark.parametrize(("before", "found"), [(0, False), (1, False), (2, True)])
def test_whether_something_more_urgent_waits_is_said(store: Store, before: int, *, found: bool) -> None:
    queue(store, values.outbox(due=5, priority=Priority.ACCOUNT_AT_STAKE))
    with store.read() as stored:
        assert stored.outbox.has_due(before=before, now=at(5)) is found
        assert stored.outbox.has_due(before=before, now=at(4)) is False


def test_what_somebody_delivers_already_is_not_said_to_wait(store: Store) -> None:
    leased(store, values.outbox(priority=Priority.MESSAGE_CODE))
    with store.read() as stored:
        assert stored.outbox.has_due(before=2, now=at(9)) is False


def test_a_leased_message_is_nobody_elses_until_the_lease_lapses(store: Store) -> None:
    leased(store)
    assert (ids(store, 59.999), lease(store, seconds=59.999)) == ([], False)
    assert (ids(store, 60), lease(store, seconds=60, until=at(120))) == ([FIRST], True)


def test_of_many_workers_one_leases_a_message(store: Store) -> None:
    queue(store, values.outbox())
    assert each_in_a_thread(8, lambda number: lease(store, until=at(60 + number))).count(True) == 1


def test_a_message_cannot_be_leased_before_its_time(store: Store) -> None:
    queue(store, values.outbox(due=5))
    assert not lease(store, seconds=4.999)


def test_a_lost_lease_settles_nothing(store: Store) -> None:
    leased(store)
    assert lease(store, seconds=60, until=at(120))

    def settle(outbox: OutboxRepository) -> list[bool]:
        return [
            outbox.mark_delivered(FIRST, lease=LEASE, now=at(61)),
            outbox.postpone(FIRST, lease=LEASE, until=at(61)),
            outbox.give_back(FIRST, lease=LEASE),
            outbox.drop(FIRST, lease=LEASE),
        ]

    assert store.write(lambda uow: settle(uow.outbox)).value == [False] * 4
    assert deliver(store, of_lease=at(120))


def test_a_message_is_delivered_once(store: Store) -> None:
    leased(store)
    assert (deliver(store), deliver(store)) == (True, False)
    assert due(store, 1_000_000) == []


def test_a_postponed_message_counts_a_try_keeps_its_body_and_waits_until_then(store: Store) -> None:
    entry = values.outbox()
    leased(store, entry)
    assert store.write(lambda uow: uow.outbox.postpone(FIRST, lease=LEASE, until=at(20))).value
    assert due(store, 19.999) == []
    assert due(store, 20) == [replace(entry, attempts=entry.attempts + 1, next_attempt_at=at(20))]


def test_a_message_that_was_given_back_is_as_it_was(store: Store) -> None:
    entry = values.outbox()
    leased(store, entry)
    assert store.write(lambda uow: uow.outbox.give_back(FIRST, lease=LEASE)).value
    assert due(store, 9) == [entry]


def test_a_dropped_message_is_gone(store: Store) -> None:
    leased(store)
    assert store.write(lambda uow: uow.outbox.drop(FIRST, lease=LEASE)).value
    with store.read() as stored:
        assert stored.queues.depths()["outbox"] == 0


def test_delivering_one_message_leaves_the_others(store: Store) -> None:
    leased(store, values.outbox(1), values.outbox(2))
    deliver(store)
    assert ids(store) == [make("msg", 2)]


def test_a_message_of_a_topic_that_nobody_knows_keeps_no_other_back(store: Store) -> None:
    queue(store, replace(values.outbox(1), topic="from another version"), values.outbox(2))
    assert ids(store) == [make("msg", 1), make("msg", 2)]


def test_a_delivered_message_loses_its_body(world: World) -> None:
    leased(world.store)
    deliver(world.store)
    world.store.close()
    with closing(sqlite3.connect(world.path)) as connection:
        assert connection.execute("SELECT sealed FROM outbox").fetchall() == [(b"",)]


def test_a_delivered_body_is_nowhere_in_the_file(world: World) -> None:
    leased(world.store)
    deliver(world.store)
    world.store.close()
    assert values.outbox().sealed not in world.path.read_bytes()


def test_the_next_message_is_found_through_the_index(world: World) -> None:
    """However many wait: no sorting, no reading of all."""
    query = (
        "EXPLAIN QUERY PLAN SELECT message_id FROM outbox WHERE delivered_at IS NULL AND next_attempt_at <= 1 "
        "ORDER BY priority, next_attempt_at, message_id LIMIT 50"
    )
    world.store.close()
    with closing(sqlite3.connect(world.path)) as connection:
        plan = " ".join(row[3] for row in connection.execute(query))
    assert "ix_outbox_waiting" in plan
    assert "TEMP B-TREE" not in plan
