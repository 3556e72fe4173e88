"""Phrases: one for each account, replaced by a later one, removed once."""

from __future__ import annotations

from eztong.domain.own_data.phrase import OwnPhrase
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, holder_id, in_turn


def phrase(number: int, minute: int = 1) -> OwnPhrase:
    return OwnPhrase(holder_id=holder_id(number), sealed=bytes([number, minute]), set_at=at(minute))


def test_a_later_one_replaces_the_own_alone_and_it_is_removed_once(store: Store) -> None:
    store.write(in_turn(*[lambda uow, one=one: uow.phrases.put(one) for one in (phrase(1), phrase(2), phrase(1, 5))]))
    with store.read() as stored:
        assert stored.phrases.get(holder_id(1)) == phrase(1, 5)
        assert stored.phrases.get(holder_id(2)) == phrase(2)
        assert stored.phrases.get(holder_id(3)) is None
    assert store.write(lambda uow: [uow.phrases.remove(holder_id(1)) for _ in range(2)]).value == [True, False]
    with store.read() as stored:
        assert stored.phrases.get(holder_id(1)) is None
        assert stored.phrases.get(holder_id(2)) == phrase(2)
