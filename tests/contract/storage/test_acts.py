"""Attested acts come back as they went in, to their own account alone; acceptances are withdrawn once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eztong.domain.events import Actor
from eztong.domain.evidence.acts import ActKind, AttestedAct
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import at, batch_id, holder_id, make


def an_act(number: int = 1) -> AttestedAct:
    return AttestedAct(
        act_id=make("act", number),
        holder_id=holder_id(),
        kind=ActKind.AUTHORISATION_WITHDRAWN,
        actor=Actor.HOLDER,
        at=at(number),
        about={"acceptance": "acc_1", "version": "1.0"},
        salt=b"salt",
    )


def keeping(act: AttestedAct, index: int) -> Callable[[UnitOfWork], None]:
    return lambda uow: uow.acts.add(act, document=b"{}", batch_id=batch_id(), leaf_index=index)


def test_acts_come_back_newest_first_to_their_own_account(store: Store) -> None:
    acts = [an_act(number) for number in (1, 2)]
    for index, one in enumerate(acts):
        store.write(keeping(one, index))
    with store.read() as stored:
        assert list(stored.acts.of_holder(holder_id())) == acts[::-1]
        assert stored.acts.of_holder(holder_id(2)) == []
        assert stored.acts.leaf(holder_id(), acts[1].act_id) == (b"{}", batch_id(), 1)
        assert stored.acts.leaf(holder_id(2), acts[1].act_id) is None
        assert stored.acts.leaf(holder_id(), make("act", 9)) is None


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
