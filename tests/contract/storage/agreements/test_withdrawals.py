"""An acceptance is withdrawn by one conditional change."""

from __future__ import annotations

from dataclasses import replace

from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import at, batch_id, holder_id


def test_an_acceptance_is_withdrawn_once_and_only_by_its_own_account(store: Store) -> None:
    given = values.acceptance()
    store.write(lambda uow: uow.agreements.add_acceptance(given, document=b"{}", batch_id=batch_id(), leaf_index=0))

    def withdraw(number: int, second: int) -> bool:
        holder = holder_id(number)
        return store.write(lambda uow: uow.agreements.withdraw(holder, given.acceptance_id, now=at(second))).value

    assert not withdraw(2, 5)
    assert withdraw(1, 6)
    assert not withdraw(1, 7)
    with store.read() as stored:
        kept = stored.agreements.newest_acceptance(given.holder_id, given.kind)
        assert kept == replace(given, withdrawn_at=at(6))
        assert [one.is_withdrawn for one in stored.agreements.signed(given.holder_id)] == [True]
