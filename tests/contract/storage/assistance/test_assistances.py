"""Assistances: found by elder, helper and invitation; one is active for an elder; each step is taken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.assistance.assistance import Assistance, AssistanceEnd, AssistanceState
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, holder_id, in_turn, make

S = AssistanceState


def invited(number: int = 1, *, elder: int = 1) -> Assistance:
    return Assistance(
        assistance_id=make("ast", number),
        elder_id=holder_id(elder),
        state=S.INVITED,
        asked_at=at(1),
        days=7,
        with_uses=number % 2 == 1,
        invite_hash=bytes([number]) * 32,
        sealed_digits=b"sealed digits",
    )


def active(number: int = 1, *, elder: int = 1, helper: int = 9) -> Assistance:
    return invited(number, elder=elder).accepted(holder_id(helper), now=at(2)).confirmed(now=at(3))


@pytest.mark.parametrize(
    "one", [invited(), active(), active().ended(AssistanceEnd.HELPER, now=at(5))], ids=["invited", "active", "ended"]
)
def test_it_comes_back_by_id_elder_and_helper(store: Store, one: Assistance) -> None:
    other = active(2, elder=2, helper=8)
    store.write(in_turn(*[lambda uow, it=it: uow.assistances.add(it) for it in (one, other)]))
    with store.read() as stored:
        found = stored.assistances
        assert found.get(one.assistance_id) == one
        assert found.get(make("ast", 7)) is None
        assert list(found.of_elder(holder_id())) == [one]
        assert list(found.of_helper(holder_id(9))) == ([one] if one.helper_id else [])
        assert found.active_of(holder_id()) == (one if one.state is S.ACTIVE else None)
        assert found.by_invitation(bytes([1]) * 32) == (one if one.invite_hash else None)


def test_the_newest_comes_first_also_of_two_with_the_same_digits(store: Store) -> None:
    first, second = (replace(invited(number), invite_hash=b"same") for number in (1, 2))
    store.write(in_turn(*[lambda uow, it=it: uow.assistances.add(it) for it in (second, first, active(3, elder=3))]))
    with store.read() as stored:
        assert list(stored.assistances.of_elder(holder_id())) == [second, first]
        assert stored.assistances.by_invitation(b"same") == second


def test_two_are_never_active_for_one_elder(store: Store) -> None:
    store.write(lambda uow: uow.assistances.add(active(1)))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.write(lambda uow: uow.assistances.add(active(2, helper=8)))


def test_each_step_is_taken_once_and_only_from_where_it_was_seen(store: Store) -> None:
    before = invited()
    after = before.accepted(holder_id(9), now=at(2))
    store.write(lambda uow: uow.assistances.add(before))
    assert store.write(lambda uow: uow.assistances.change(before, after)).value is True
    assert store.write(lambda uow: uow.assistances.change(before, after)).value is False
    with store.read() as stored:
        assert stored.assistances.get(before.assistance_id) == after
        assert stored.assistances.by_invitation(before.invite_hash or b"") is None
