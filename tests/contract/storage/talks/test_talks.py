"""Talks are one for each ticket, move only from where they were seen, and keep their steps in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.talks.talk import TalkStage
from eztong.domain.working_days import DueDay
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, holder_id, in_turn, make
from tests.contract.storage.talks import values
from tests.contract.storage.values_feedback import ticket


@pytest.mark.parametrize("full", [False, True])
def test_talks_come_back_and_a_ticket_has_one(store: Store, *, full: bool) -> None:
    talk = values.talk(full=full)
    assert store.write(lambda uow: [uow.talks.add(talk), uow.talks.add(replace(talk, former="1"))]).value == [
        True,
        False,
    ]
    with store.read() as stored:
        assert stored.talks.get(talk.ticket_id) == talk
        assert stored.talks.get(make("tkt", 9)) is None


def test_talks_move_only_from_the_stage_and_the_proposal_that_were_seen(store: Store) -> None:
    opened = values.talk()
    proposed = replace(
        opened,
        stage=TalkStage.PROPOSED,
        proposal=make("tms", 1),
        proposed_at=at(2),
        answer_by=DueDay(at(900), is_provisional=False),
    )
    newer = replace(proposed, proposal=make("tms", 2), proposed_at=at(3))
    store.write(in_turn(lambda uow: uow.talks.add(opened), lambda uow: uow.talks.add(values.talk(2))))
    moves = ((opened, proposed), (opened, newer), (proposed, newer), (proposed, replace(proposed, ended_at=at(5))))
    moved = [store.write(lambda uow, a=a, b=b: uow.talks.move(a, b)).value for a, b in moves]  # type: ignore[misc]  # a lambda's default
    assert moved == [True, False, True, False]
    with store.read() as stored:
        assert stored.talks.get(opened.ticket_id) == newer
        assert stored.talks.get(make("tkt", 2)) == values.talk(2)


def test_those_that_run_come_oldest_first_and_no_ended_one(store: Store) -> None:
    several = [values.talk(3), values.talk(1), values.talk(4, full=True), values.talk(2)]
    store.write(in_turn(*[lambda uow, one=one: uow.talks.add(one) for one in several]))
    with store.read() as stored:
        assert list(stored.talks.running(limit=9).those) == [values.talk(n) for n in (1, 2, 3)]
        assert list(stored.talks.running(limit=1).those) == [values.talk(1)]


def test_steps_come_back_in_order_and_are_of_one_ticket(store: Store) -> None:
    steps = [values.step(2, full=True), values.step(1), values.step(3, of_ticket=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.talks.add_step(one) for one in steps]))
    with store.read() as stored:
        assert list(stored.talks.steps(make("tkt", 1))) == [values.step(1), values.step(2, full=True)]


def test_a_ticket_that_ends_without_an_answer_says_so(store: Store) -> None:
    asked = ticket(of_holder=1)
    store.write(lambda uow: uow.tickets.add(asked))
    closed = [store.write(lambda uow, n=n: uow.tickets.close(asked.ticket_id, now=at(n))).value for n in (5, 6)]  # type: ignore[misc]  # a lambda's default
    assert closed == [True, False]
    with store.read() as stored:
        (found,) = stored.tickets.list(holder_id())
    assert (found.closed_at, found.answered_at, found.state.value) == (at(5), None, "closed")


def test_what_was_attested_of_a_subject_comes_with_its_places(store: Store) -> None:
    with store.read() as stored:
        assert list(stored.acts.leaves(make("tkt", 1))) == []
