"""Settings and the sandbox's inbox."""

from __future__ import annotations

import pytest

from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.stage import at, in_turn, make


def test_a_setting_is_replaced(store: Store) -> None:
    store.write(in_turn(*[lambda uow, value=value: uow.settings.set("mode", value) for value in ("a", "b")]))
    with store.read() as stored:
        assert stored.settings.get("mode") == "b"


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
