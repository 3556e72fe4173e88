"""Counts of a slot add up, whoever adds to them; what is older is not read."""

from __future__ import annotations

from datetime import timedelta

from eztong.domain.traffic.counts import Count
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at


def test_counts_add_up_in_their_slot(store: Store) -> None:
    for slot, counts in ((at(0), {"a": 2, "b": 1}), (at(0), {"a": 3}), (at(600), {"a": 1})):
        store.write(lambda uow, slot=slot, counts=counts: uow.traffic.add(slot, counts))  # type: ignore[misc]  # bound above
    with store.read() as stored:
        assert list(stored.traffic.since(at(0))) == [
            Count(at(0), "a", 5),
            Count(at(0), "b", 1),
            Count(at(600), "a", 1),
        ]
        assert [one.slot for one in stored.traffic.since(at(0) + timedelta(seconds=1))] == [at(600)]
