"""Operators, proposals and attested acts: moved by narrow conditional changes, each by one call only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.holder import HolderState
from eztong.domain.operators.operator import OperatorState
from eztong.domain.operators.proposal import ProposalKind, ProposalState, SecondStep
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values as people
from tests.contract.storage.operators import values
from tests.contract.storage.stage import at, holder_id, in_turn, make

FULL = pytest.mark.parametrize("full", [False, True])
ACTIVE, DISABLED = OperatorState.ACTIVE, OperatorState.DISABLED
KIND = ProposalKind.CERTIFICATE


@FULL
def test_an_operator_comes_back_and_the_name_is_theirs(store: Store, *, full: bool) -> None:
    made = values.operator(full=full)
    assert store.write(lambda uow: uow.operators.add(made)).value
    assert not store.write(lambda uow: uow.operators.add(values.operator(full=not full))).value
    store.write(lambda uow: uow.operators.add(values.operator("a")))
    with store.read() as stored:
        assert stored.operators.get("li.na") == made
        assert stored.operators.get("nobody") is None
        assert [one.name for one in stored.operators.list().those] == ["a", "li.na"]


def test_each_change_of_an_operator_is_made_from_what_was_seen_only(store: Store) -> None:
    store.write(lambda uow: uow.operators.add(values.operator()))
    tried = replace(values.operator(), wrong_tries=1, locked_until=at(9))
    assert store.write(lambda uow: uow.operators.set_tries(tried, expected=0)).value
    assert not store.write(lambda uow: uow.operators.set_tries(tried, expected=0)).value
    linked, nobody = replace(tried, persons=frozenset({b"one"})), frozenset[bytes]()
    assert store.write(lambda uow: uow.operators.link(linked, seen=nobody)).value
    assert not store.write(lambda uow: uow.operators.link(tried, seen=nobody)).value
    assert store.write(lambda uow: uow.operators.move("li.na", DISABLED, seen=ACTIVE)).value
    assert not store.write(lambda uow: uow.operators.move("li.na", DISABLED, seen=ACTIVE)).value
    with store.read() as stored:
        assert stored.operators.get("li.na") == replace(linked, state=DISABLED)
    given = replace(
        values.operator(),
        secret_hash="new",
        secret_known_to=frozenset({"a", "b"}),
        secret_at=at(5),
        given_counts_until=at(6),
    )
    assert not store.write(lambda uow: uow.operators.set_secret(given, seen="other")).value
    assert store.write(lambda uow: uow.operators.set_secret(given, seen="$argon2id$")).value
    assert store.write(lambda uow: uow.operators.link(given, seen=linked.persons)).value
    with store.read() as stored:
        assert stored.operators.get("li.na") == replace(given, state=DISABLED)


@FULL
def test_a_proposal_comes_back(store: Store, *, full: bool) -> None:
    made = values.proposal(full=full)
    assert store.write(lambda uow: uow.proposals.add(made)).value
    with store.read() as stored:
        assert stored.proposals.get(made.proposal_id) == made
        assert stored.proposals.get("prp_none") is None
        assert list(stored.proposals.of_subject(KIND, "csr_1")) == [made]
        assert list(stored.proposals.of_subject(KIND, "csr_2")) == []


def test_one_open_proposal_stands_for_a_subject_and_the_newest_come_first(store: Store) -> None:
    several = [
        values.proposal(1, full=True),
        values.proposal(2),
        values.proposal(3),
        values.proposal(4, subject="csr_2"),
    ]
    assert store.write(lambda uow: [uow.proposals.add(one) for one in several]).value == [True, True, False, True]
    with store.read() as stored:
        assert [one.proposal_id for one in stored.proposals.list(limit=2).those] == [make("prp", 4), make("prp", 2)]
        assert [one.proposal_id for one in stored.proposals.of_subject(KIND, "csr_1")] == [
            make("prp", 2),
            make("prp", 1),
        ]


def test_a_proposal_is_ended_once_and_in_time(store: Store) -> None:
    store.write(lambda uow: [uow.proposals.add(one) for one in (values.proposal(1), values.proposal(2, subject="x"))])
    approved = replace(values.proposal(1, full=True), about=None)
    rejected = replace(approved, state=ProposalState.REJECTED)
    late = replace(
        values.proposal(2, subject="x"),
        state=ProposalState.APPROVED,
        ended=SecondStep(by="wang", at=at(1000), reason="late"),
    )
    ended = store.write(lambda uow: [uow.proposals.end(one) for one in (approved, rejected, late)]).value
    assert ended == [True, False, False]
    with store.read() as stored:
        assert stored.proposals.get(approved.proposal_id) == approved
        assert stored.proposals.get(late.proposal_id) == values.proposal(2, subject="x")
    with pytest.raises(ValueError, match="by whom"):
        store.write(lambda uow: uow.proposals.end(values.proposal(2)))


def test_a_proposal_whose_time_is_over_makes_room_and_no_other(store: Store) -> None:
    store.write(lambda uow: uow.proposals.add(values.proposal()))
    assert not store.write(lambda uow: uow.proposals.expire(KIND, "csr_1", now=at(999))).value
    assert store.write(lambda uow: uow.proposals.expire(KIND, "csr_1", now=at(1000))).value
    assert not store.write(lambda uow: uow.proposals.expire(KIND, "csr_1", now=at(1000))).value
    with store.read() as stored:
        assert stored.proposals.get(make("prp", 1)) == replace(values.proposal(), state=ProposalState.EXPIRED)


def test_acts_come_back_by_what_they_were_done_to_and_by_account(store: Store) -> None:
    several = [values.act(2, full=True), values.act(1, full=True), values.act(3)]

    def add(uow: UnitOfWork, number: int) -> None:
        leaf = uow.attest(b'{"n":%d}' % number)
        uow.acts.add(several[number], document=b'{"n":%d}' % number, batch_id=leaf.batch_id, leaf_index=leaf.index)

    store.write(in_turn(*[lambda uow, n=n: add(uow, n) for n in range(3)]))
    with store.read() as stored:
        assert list(stored.acts.of_subject("prp_1")) == [several[1], several[0], several[2]]
        assert list(stored.acts.of_holder(holder_id())) == [several[1], several[0]]
        assert list(stored.acts.of_subject("prp_2")) == []
        document, _batch, index = stored.acts.leaf(holder_id(), several[1].act_id) or (b"", None, None)
        assert (document, index) == (b'{"n":1}', 1)
        assert stored.acts.leaf(holder_id(2), several[1].act_id) is None
        assert stored.acts.leaf(holder_id(), make("act", 9)) is None


@FULL
def test_steps_of_an_application_come_back_oldest_first(store: Store, *, full: bool) -> None:
    several = [values.step(2, full=full), values.step(1, full=full), values.step(3, full=full, of_holder=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.applications.add(one) for one in several]))
    with store.read() as stored:
        assert list(stored.applications.steps(holder_id())) == [several[1], several[0]]


def test_applications_under_review_are_found_and_no_others(store: Store) -> None:
    review = [replace(people.holder(n, full=False), state=HolderState.UNDER_REVIEW) for n in (3, 1, 2)]
    other = replace(people.holder(4, full=False), state=HolderState.REFUSED)
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in (*review, other)]))
    with store.read() as stored:
        assert list(stored.applications.waiting(limit=2).those) == [review[1], review[2]]
