"""Deregistrations: one that runs for each account, moved by narrow conditional changes, each by one call only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationState, UndoneBy
from eztong.domain.identifiers import BatchId
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.stage import at, holder_id, make

S = DeregistrationState


def deregistration(number: int = 1, *, holder: int = 1) -> Deregistration:
    return Deregistration(
        holder_id=holder_id(holder),
        deregistration_id=make("drg", number),
        ticket_id=make("tkt", number),
        state=S.COOLING,
        asked_at=at(number),
        cooling_until=at(number + 100),
    )


def done(number: int = 1) -> Deregistration:
    return replace(
        deregistration(number),
        state=S.DONE,
        done_at=at(number + 200),
        held=True,
        salt=b"\x00salt",
        receipt=b"{}",
        batch_id=BatchId(make("bat", 1)),
        leaf_index=3,
        authority_reference="case-1",
    )


def add(store: Store, *several: Deregistration) -> list[bool]:
    return store.write(lambda uow: [uow.deregistrations.add(one) for one in several]).value


def undone(uow: UnitOfWork, one: Deregistration) -> bool:
    return uow.deregistrations.cancel(one, UndoneBy.SECRET, now=at(9))


def confirmed(uow: UnitOfWork) -> bool:
    return uow.deregistrations.confirm_revoked(holder_id(), now=at(500))


def test_it_comes_back_by_account_and_by_ticket(store: Store) -> None:
    one = deregistration()
    assert add(store, one) == [True]
    with store.read() as stored:
        found = stored.deregistrations
        assert found.get(one.holder_id, one.deregistration_id) == one == found.running(one.holder_id)
        assert found.of_ticket(one.ticket_id) == one
        assert found.list(one.holder_id) == [one]
        assert found.of_ticket(make("tkt", 9)) is found.running(holder_id(2)) is None


def test_an_account_has_one_that_runs(store: Store) -> None:
    assert add(store, deregistration(1), deregistration(2), deregistration(3, holder=2)) == [True, False, True]
    assert store.write(lambda uow: uow.deregistrations.cancel(deregistration(1), UndoneBy.LOSS, now=at(9))).value
    assert add(store, deregistration(2)) == [True]


def test_undoing_counts_once_and_never_after_the_execution_began(store: Store) -> None:
    add(store, deregistration(1), deregistration(2, holder=2))
    assert store.write(lambda uow: [undone(uow, deregistration(1)), undone(uow, deregistration(1))]).value == [
        True,
        False,
    ]
    with store.read() as stored:
        found = stored.deregistrations.of_ticket(make("tkt", 1))
    assert found == replace(deregistration(1), state=S.CANCELLED, cancelled_at=at(9), undone_by=UndoneBy.SECRET)
    other = deregistration(2, holder=2)
    begun = store.write(lambda uow: [uow.deregistrations.begin(other), uow.deregistrations.begin(other)]).value
    assert begun == [True, False]
    assert not store.write(lambda uow: undone(uow, other)).value


def test_it_is_finished_once_and_only_after_it_began(store: Store) -> None:
    add(store, deregistration())
    assert not store.write(lambda uow: uow.deregistrations.finish(done())).value
    store.write(lambda uow: uow.deregistrations.begin(deregistration()))
    assert store.write(lambda uow: [uow.deregistrations.finish(done()) for _ in range(2)]).value == [True, False]
    with store.read() as stored:
        assert stored.deregistrations.of_ticket(make("tkt", 1)) == done()
        assert stored.deregistrations.running(holder_id()) is None


def test_the_authoritys_word_is_noted_once_and_ends_its_reference(store: Store) -> None:
    add(store, deregistration())
    assert not store.write(confirmed).value
    store.write(lambda uow: uow.deregistrations.begin(deregistration()))
    store.write(lambda uow: uow.deregistrations.finish(done()))
    assert [store.write(confirmed).value for _ in range(2)] == [True, False]
    with store.read() as stored:
        found = stored.deregistrations.of_ticket(make("tkt", 1))
    assert found == replace(done(), authority_reference=None, revoked_at=at(500))


@pytest.mark.parametrize("runs", [True, False])
def test_undone_ones_are_removed_with_the_account_and_no_other(store: Store, *, runs: bool) -> None:
    add(store, deregistration())
    if not runs:
        store.write(lambda uow: uow.deregistrations.cancel(deregistration(), UndoneBy.SESSION, now=at(9)))
    assert store.write(lambda uow: uow.deregistrations.remove_cancelled(holder_id())).value == (0 if runs else 1)
