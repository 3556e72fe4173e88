"""Budgets in the store: every count arrives, for its subject, budget and slot only, and outlives the process."""

from __future__ import annotations

from eztong.domain.budget import Spent
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import World, at, each_in_a_thread

BUDGET = "wrong_codes"


def spend(store: Store, *, subject: bytes = b"somebody", budget: str = BUDGET, slot: int = 0) -> None:
    store.write(lambda uow: uow.budgets.spend(subject, budget, slot=at(slot)))


def spent(store: Store, *, subject: bytes = b"somebody", budget: str = BUDGET, since: int = 0) -> list[Spent]:
    with store.read() as stored:
        return list(stored.budgets.spent(subject, budget, since=at(since)))


def test_nothing_is_spent_at_first(store: Store) -> None:
    assert spent(store) == []


def test_counts_add_up_in_their_slot_and_slots_come_oldest_first(store: Store) -> None:
    for slot in (3600, 0, 3600):
        spend(store, slot=slot)
    assert spent(store) == [Spent(at(0), 1), Spent(at(3600), 2)]


def test_slots_before_the_moment_are_left_out(store: Store) -> None:
    spend(store, slot=0)
    spend(store, slot=3600)
    assert spent(store, since=1) == [Spent(at(3600), 1)]


def test_another_subject_and_another_budget_have_their_own(store: Store) -> None:
    spend(store)
    spend(store, subject=b"another")
    spend(store, budget="code_sends_session")
    assert spent(store) == [Spent(at(0), 1)]


def test_counts_at_the_same_time_all_arrive(store: Store) -> None:
    each_in_a_thread(16, lambda _number: spend(store))
    assert spent(store) == [Spent(at(0), 16)]


def test_a_count_outlives_the_process(world: World) -> None:
    spend(world.store)
    assert spent(world.reopen()) == [Spent(at(0), 1)]
