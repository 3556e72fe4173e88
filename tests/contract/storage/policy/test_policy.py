"""Versions of the policy and its decisions: they come back, and each change takes hold once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.policy.simulation import PastDecision
from eztong.domain.policy.version import PublicationState
from eztong.domain.registration import Verdict
from eztong.ports.storage.store import Store
from tests.contract.storage.policy import values
from tests.contract.storage.stage import at, holder_id, in_turn, make


@pytest.mark.parametrize("full", [False, True])
def test_a_version_comes_back(store: Store, *, full: bool) -> None:
    made = values.version(full=full)
    assert store.write(lambda uow: uow.policy_versions.add(made)).value
    with store.read() as stored:
        assert stored.policy_versions.get(made.version_id) == made
        assert list(stored.policy_versions.list().those) == [made]
        assert stored.policy_versions.get(make("pol", 9)) is None


def test_a_name_is_given_once_while_it_means_something_and_the_newest_comes_first(store: Store) -> None:
    first, gone = values.version(1, name="a"), values.version(2, full=True, name="a")
    refused = replace(values.version(3, name="a"), state=PublicationState.REFUSED)
    again = values.version(4, name="a")
    added = store.write(lambda uow: [uow.policy_versions.add(one) for one in (first, gone, refused, again)]).value
    assert added == [True, True, True, False]
    with store.read() as stored:
        assert list(stored.policy_versions.list().those) == [refused, gone, first]


def test_a_version_moves_once_with_its_times_and_says_what_it_said(store: Store) -> None:
    proposed = values.version()
    published = replace(proposed, state=PublicationState.PUBLISHED, in_force_from=at(50), published_at=at(40))
    other_words = replace(published, policy=values.version(full=True).policy)
    store.write(lambda uow: uow.policy_versions.add(proposed))
    moved = store.write(lambda uow: [uow.policy_versions.move(proposed, other_words) for _ in range(2)]).value
    assert moved == [True, False]
    with store.read() as stored:
        assert stored.policy_versions.get(proposed.version_id) == published


@pytest.mark.parametrize("full", [False, True])
def test_a_decision_comes_back_with_its_application(store: Store, *, full: bool) -> None:
    made, other = values.decision(1, full=full), values.decision(2, of_holder=2)
    store.write(in_turn(*[lambda uow, one=one: uow.policy_decisions.add(one) for one in (made, other)]))
    with store.read() as stored:
        assert list(stored.policy_decisions.of_holder(holder_id())) == [made]


def test_decisions_come_in_the_order_of_time_page_by_page(store: Store) -> None:
    made = [values.decision(number, second=second) for number, second in ((1, 5), (2, 3), (3, 5), (4, 7))]
    store.write(in_turn(*[lambda uow, one=one: uow.policy_decisions.add(one) for one in made]))
    in_order = [made[1], made[0], made[2], made[3]]
    with store.read() as stored:
        decisions = stored.policy_decisions
        assert list(decisions.page(since=at(0), after=None, limit=9).found.those) == in_order
        assert list(decisions.page(since=at(5), after=None, limit=9).found.those) == in_order[1:]
        found: list[PastDecision] = []
        page = decisions.page(since=at(0), after=None, limit=1)
        found += page.found.those
        while page.after is not None:
            page = decisions.page(since=at(0), after=page.after, limit=1)
            found += page.found.those
    assert found == in_order


def test_approvals_are_counted_from_a_moment_and_no_further_than_asked(store: Store) -> None:
    made = [
        values.decision(1, second=1),
        values.decision(2, second=2, full=True),
        replace(values.decision(3, second=3), verdict=Verdict.REVIEW),
        values.decision(4, second=4),
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.policy_decisions.add(one) for one in made]))
    with store.read() as stored:
        counted = [stored.policy_decisions.approved_since(at(since), at_most=9) for since in (0, 2, 3, 5)]
        assert counted == [3, 2, 1, 0]
        assert stored.policy_decisions.approved_since(at(0), at_most=2) == 2


def test_decisions_of_an_application_go_and_no_others(store: Store) -> None:
    mine, others = values.decision(1), values.decision(2, of_holder=2)
    store.write(in_turn(*[lambda uow, one=one: uow.policy_decisions.add(one) for one in (mine, others)]))
    store.write(lambda uow: uow.policy_decisions.erase(holder_id()))
    with store.read() as stored:
        assert list(stored.policy_decisions.page(since=at(0), after=None, limit=9).found.those) == [others]
