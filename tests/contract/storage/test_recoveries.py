"""Recoveries that wait: found by account, browser and link; one waits at a time; each ends once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.recovery import RecoveryState, StoppedBy
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.stage import at, holder_id, in_turn
from tests.contract.storage.values_people import recovery


@pytest.mark.parametrize("full", [True, False], ids=["full", "bare"])
def test_a_recovery_comes_back_by_account_browser_and_link(store: Store, *, full: bool) -> None:
    one = recovery(full=full)
    store.write(in_turn(lambda uow: uow.recoveries.add(one), lambda uow: uow.recoveries.add(recovery(2, of_holder=2))))
    with store.read() as stored:
        assert stored.recoveries.newest(holder_id()) == one
        assert stored.recoveries.of_session(one.session_hash) == one
        assert stored.recoveries.by_stop_hash(one.stop_hash) == one
        assert list(stored.recoveries.list(holder_id())) == [one]
        assert stored.recoveries.of_session(b"x" * 32) is None
        assert stored.recoveries.by_stop_hash(b"x" * 32) is None


def test_the_newest_comes_first(store: Store) -> None:
    first, second = recovery(1, full=True), recovery(2)
    store.write(in_turn(*[lambda uow, one=one: uow.recoveries.add(one) for one in (second, first)]))
    with store.read() as stored:
        assert list(stored.recoveries.list(holder_id())) == [second, first]
        assert stored.recoveries.newest(holder_id()) == second


def test_two_never_wait_for_one_account(store: Store) -> None:
    store.write(lambda uow: uow.recoveries.add(recovery(1)))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.recoveries.add(recovery(2)))
    with store.read() as stored:
        assert len(stored.recoveries.list(holder_id())) == 1


def test_only_the_first_end_of_a_recovery_counts(store: Store) -> None:
    one = recovery()
    store.write(lambda uow: uow.recoveries.add(one))

    def end(state: RecoveryState, by: StoppedBy | None) -> bool:
        return store.write(lambda uow: uow.recoveries.end(one, state, by=by, now=at(5))).value

    assert end(RecoveryState.STOPPED, StoppedBy.SESSION)
    assert not end(RecoveryState.COMPLETED, None)
    with store.read() as stored:
        ended = stored.recoveries.newest(holder_id())
    assert ended == replace(one, state=RecoveryState.STOPPED, ended_at=at(5), ended_by=StoppedBy.SESSION)


def test_an_account_is_moved_only_from_where_it_was_seen(store: Store) -> None:
    before = replace(values.holder(full=True), state=HolderState.ACTIVE, freeze_cause=None, stopped=())
    frozen = before.frozen(FreezeCause.SELF)
    store.write(lambda uow: uow.holders.add(before))
    assert store.write(lambda uow: uow.holders.move(before, frozen)).value
    assert not store.write(lambda uow: uow.holders.move(before, before.moved_to(HolderState.TERMINATED))).value
    with store.read() as stored:
        assert stored.holders.get(before.holder_id) == frozen
