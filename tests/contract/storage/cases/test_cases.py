"""Cases have numbers of their own, move only from where they were seen, and wait in the order of their days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.domain.cases.case import Case, CaseState
from eztong.ports.storage.store import Store
from tests.contract.storage.cases import values
from tests.contract.storage.stage import holder_id, in_turn, make


@pytest.mark.parametrize("full", [False, True])
def test_cases_come_back_and_a_number_is_given_once(store: Store, *, full: bool) -> None:
    case = values.case(full=full)
    taken = replace(values.case(2), number=case.number)
    assert store.write(lambda uow: [uow.cases.add(case), uow.cases.add(taken)]).value == [True, False]
    with store.read() as stored:
        assert stored.cases.get(case.case_id) == stored.cases.by_number(case.number) == case
        assert stored.cases.get(make("cas", 2)) is None
        assert stored.cases.by_number("1") is None
        assert list(stored.cases.of_holder(holder_id(1))) == [case]
        assert list(stored.cases.of_holder(holder_id(2))) == []


def test_cases_move_only_from_the_state_and_the_proposal_that_were_seen(store: Store) -> None:
    opened, other = values.case(), values.case(2)
    store.write(in_turn(lambda uow: uow.cases.add(opened), lambda uow: uow.cases.add(other)))
    waits = replace(opened, state=CaseState.PROPOSED, proposal_id=make("prp", 1))
    newer = replace(waits, proposal_id=make("prp", 2))
    full = replace(values.case(full=True), opened_at=opened.opened_at)
    moves = ((opened, waits), (opened, newer), (waits, newer), (waits, full), (newer, full))
    moved = [store.write(lambda uow, a=a, b=b: uow.cases.move(a, b)).value for a, b in moves]  # type: ignore[misc]  # a lambda's default
    assert moved == [True, False, True, False, True]
    with store.read() as stored:
        assert stored.cases.get(opened.case_id) == full
        assert stored.cases.get(other.case_id) == other


def test_those_that_wait_come_by_their_day_page_by_page(store: Store) -> None:
    several = [
        values.case(3, due=700),
        values.case(1, due=800),
        values.case(4, full=True, due=600),
        values.case(2, due=700),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.cases.add(one) for one in several]))
    ordered = [several[3], several[0], several[1]]
    with store.read() as stored:
        assert list(stored.cases.waiting(limit=9).those) == ordered
        seen: list[Case] = []
        after = None
        while found := stored.cases.waiting(after=after, limit=1).those:
            seen += found
            after = (to_ms(found[0].due.at), found[0].case_id)
    assert seen == ordered


def test_secrets_of_one_account_end(store: Store) -> None:
    mine, other = values.case(1, full=True), values.case(2, full=True, of=2)
    store.write(in_turn(lambda uow: uow.cases.add(mine), lambda uow: uow.cases.add(other)))
    store.write(lambda uow: uow.cases.end_secrets(holder_id(1)))
    with store.read() as stored:
        assert stored.cases.get(mine.case_id) == replace(mine, secret_hash=None)
        assert stored.cases.get(other.case_id) == other


def test_steps_and_evidence_come_back_in_order_and_are_of_one_case(store: Store) -> None:
    steps = [values.step(2, full=True), values.step(1), values.step(3, of_case=2)]
    held = [values.evidence(2), values.evidence(1), values.evidence(1), values.evidence(3, of_case=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.cases.add_step(one) for one in steps]))
    added = [store.write(lambda uow, one=one: uow.cases.add_evidence(one)).value for one in held]  # type: ignore[misc]  # a lambda's default
    assert added == [True, True, False, True]
    with store.read() as stored:
        assert list(stored.cases.steps(make("cas", 1))) == [values.step(1), values.step(2, full=True)]
        assert list(stored.cases.evidence(make("cas", 1))) == [values.evidence(1), values.evidence(2)]
