"""Sets of agreements and marks on clauses: they come back, and each change takes hold once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eztong.domain.agreement_sets.clause_mark import MarkState
from eztong.domain.agreements import AgreementKind, AgreementState, ChangeClass, RuleKind
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values as other_values
from tests.contract.storage.agreement_sets import values
from tests.contract.storage.stage import at, holder_id, in_turn, make

DRAFT, SCHEDULED, IN_FORCE = AgreementState.DRAFT, AgreementState.SCHEDULED, AgreementState.IN_FORCE
NOBODY = HolderId("")


@pytest.mark.parametrize("full", [False, True])
def test_a_set_comes_back_with_its_members(store: Store, *, full: bool) -> None:
    made = values.agreement_set(full=full)
    assert store.write(lambda uow: uow.agreement_sets.add(made)).value
    with store.read() as stored:
        assert stored.agreement_sets.get(made.set_id) == made
        assert list(stored.agreement_sets.list()) == [made]
        assert stored.agreement_sets.get(make("set", 9)) is None


def test_a_number_is_given_once_and_the_newest_comes_first(store: Store) -> None:
    first, second = values.agreement_set(1), values.agreement_set(2)
    again = replace(first, set_id=make("set", 3))
    added = store.write(lambda uow: [uow.agreement_sets.add(one) for one in (first, second, again)]).value
    assert added == [True, True, False]
    with store.read() as stored:
        assert list(stored.agreement_sets.list()) == [second, first]


def test_a_set_moves_once_with_its_times(store: Store) -> None:
    draft = values.agreement_set()
    scheduled = replace(draft, state=SCHEDULED, in_force_from=at(50), published_at=at(40))
    store.write(lambda uow: uow.agreement_sets.add(draft))
    moved = store.write(lambda uow: [uow.agreement_sets.move(draft, scheduled) for _ in range(2)]).value
    assert moved == [True, False]
    with store.read() as stored:
        assert stored.agreement_sets.get(draft.set_id) == scheduled
        assert list(stored.agreement_sets.due(now=at(50)).those) == [scheduled]
        assert stored.agreement_sets.due(now=at(49.999)).is_empty


def test_a_draft_goes_with_its_texts_and_nothing_else_does(store: Store) -> None:
    draft, other = values.agreement_set(1), values.agreement_set(2, state=IN_FORCE)
    own = other_values.agreement("1.0", state=DRAFT)
    english = other_values.agreement("1.0", state=DRAFT, language="en")
    kept = other_values.agreement("0.9")
    adding = [lambda uow, one=one: uow.agreements.add(one) for one in (own, english, kept)]
    sets = [lambda uow, one=one: uow.agreement_sets.add(one) for one in (draft, other)]
    store.write(in_turn(*adding, *sets))
    removed = store.write(
        lambda uow: [uow.agreement_sets.remove_draft(one.set_id) for one in (draft, draft, other)]
    ).value
    assert removed == [True, False, False]
    with store.read() as stored:
        assert list(stored.agreement_sets.list()) == [other]
        assert [one.version for one in stored.agreements.versions(AgreementKind.SERVICE, "zh-CN")] == ["0.9"]


def test_a_text_moves_in_every_language_and_is_superseded_once(store: Store) -> None:
    both = [other_values.agreement("1.0", state=DRAFT, language=language) for language in ("zh-CN", "en")]
    store.write(in_turn(*[lambda uow, one=one: uow.agreements.add(one) for one in both]))
    assert store.write(lambda uow: uow.agreements.move(both[0], IN_FORCE, in_force_from=at(7))).value
    assert not store.write(lambda uow: uow.agreements.move(both[0], IN_FORCE, in_force_from=at(8))).value
    with store.read() as stored:
        assert [(one.language, one.in_force_from) for one in stored.agreements.standing()] == [
            ("en", at(7)),
            ("zh-CN", at(7)),
        ]
    superseded = store.write(
        lambda uow: [uow.agreements.supersede(AgreementKind.SERVICE, "1.0") for _ in range(2)]
    ).value
    assert superseded == [True, False]
    with store.read() as stored:
        assert list(stored.agreements.standing()) == []
        assert stored.agreements.in_force(AgreementKind.SERVICE, "en") is None


def test_versions_come_newest_first_of_their_document_and_language(store: Store) -> None:
    several = [
        replace(other_values.agreement(version), in_force_from=at(number), kind=kind)
        for number, version, kind in (
            (1, "1.0", AgreementKind.SERVICE),
            (3, "1.2", AgreementKind.SERVICE),
            (2, "1.1", AgreementKind.SERVICE),
            (4, "1.0", RuleKind.PRIVACY),
        )
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.agreements.add(one) for one in several]))
    with store.read() as stored:
        found = stored.agreements.versions(AgreementKind.SERVICE, "zh-CN")
        assert [one.version for one in found] == ["1.2", "1.1", "1.0"]
        assert list(stored.agreements.versions(AgreementKind.SERVICE, "en")) == []
        assert stored.agreements.in_force(RuleKind.PRIVACY, "zh-CN") == several[3]


def test_a_grace_that_runs_lets_the_version_before_count_until_it_is_ended(store: Store) -> None:
    first = replace(other_values.agreement("1.0", state=AgreementState.SUPERSEDED), change_class=ChangeClass.A)
    second = replace(other_values.agreement("1.1"), in_force_from=at(5), change_class=ChangeClass.B)
    member = replace(values.agreement_set(full=True).members[0], version="1.1", grace_until=at(900))
    store.write(
        in_turn(
            lambda uow: uow.agreements.add(first),
            lambda uow: uow.agreements.add(second),
            lambda uow: uow.agreement_sets.add(replace(values.agreement_set(), members=(member,))),
        )
    )
    kind = AgreementKind.SERVICE
    with store.read() as stored:
        assert stored.agreements.versions_that_count()[kind] == {"1.0", "1.1"}
        assert stored.agreements.versions_that_will_count()[kind] == {"1.1"}
    ended = store.write(lambda uow: [uow.agreements.end_grace(now=at(now)) for now in (899, 900, 901)]).value
    assert ended == [False, True, False]
    assert store.write(lambda uow: uow.agreements.versions_that_count()).value[kind] == {"1.1"}


def start_telling(name: str, key: str) -> Callable[[UnitOfWork], None]:
    return lambda uow: getattr(uow, name).start_telling(key)


def told(name: str, key: str, seen: str, until: str, *, done: bool = False) -> Callable[[UnitOfWork], bool]:
    def job(uow: UnitOfWork) -> bool:
        done_at = at(9) if done else None
        moved: bool = getattr(uow, name).told(key, seen=HolderId(seen), until=HolderId(until), done_at=done_at)
        return moved

    return job


@pytest.mark.parametrize("name", ["agreement_sets", "clause_marks"])
def test_telling_goes_on_where_it_stood_and_ends_once(store: Store, name: str) -> None:
    made, mark = values.agreement_set(), values.clause_mark()
    key = made.set_id if name == "agreement_sets" else mark.mark_id
    store.write(in_turn(lambda uow: uow.agreement_sets.add(made), lambda uow: uow.clause_marks.add(mark)))
    with store.read() as stored:
        assert getattr(stored, name).to_tell() is None
    store.write(start_telling(name, key))
    with store.read() as stored:
        assert getattr(stored, name).to_tell() == (key, NOBODY)
    assert store.write(told(name, key, "", "hld_5")).value
    assert not store.write(told(name, key, "", "hld_6")).value
    with store.read() as stored:
        assert getattr(stored, name).to_tell() == (key, "hld_5")
    assert store.write(told(name, key, "hld_5", "hld_5", done=True)).value
    assert not store.write(told(name, key, "hld_5", "hld_7")).value
    with store.read() as stored:
        assert getattr(stored, name).to_tell() is None


def test_accounts_are_listed_in_their_order_and_only_those_that_have_not_ended(store: Store) -> None:
    states = {1: HolderState.ACTIVE, 2: HolderState.DRAFT, 3: HolderState.FROZEN, 4: HolderState.DEREGISTERED}
    holders = [replace(other_values.holder(number), state=state) for number, state in states.items()]
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in holders]))
    with store.read() as stored:
        assert list(stored.holders.accounts_after(NOBODY, limit=9)) == [holder_id(1), holder_id(3)]
        assert list(stored.holders.accounts_after(NOBODY, limit=1)) == [holder_id(1)]
        assert list(stored.holders.accounts_after(holder_id(1), limit=9)) == [holder_id(3)]


@pytest.mark.parametrize("full", [False, True])
def test_a_mark_comes_back_and_is_read_by_its_text_once_it_stood(store: Store, *, full: bool) -> None:
    mark = values.clause_mark(full=full)
    assert store.write(lambda uow: uow.clause_marks.add(mark)).value
    with store.read() as stored:
        assert stored.clause_marks.get(mark.mark_id) == mark
        assert list(stored.clause_marks.list()) == [mark]
        assert list(stored.clause_marks.of_text(mark.kind, mark.version)) == ([mark] if full else [])
        assert list(stored.clause_marks.of_text(mark.kind, "9.9")) == []
        assert stored.clause_marks.get(make("mrk", 9)) is None


def test_a_clause_has_one_mark_that_is_proposed_or_stands(store: Store) -> None:
    first, second, other = values.clause_mark(1), values.clause_mark(2), values.clause_mark(3, clause="2.8")
    added = store.write(lambda uow: [uow.clause_marks.add(one) for one in (first, second, other)]).value
    assert added == [True, False, True]
    store.write(lambda uow: uow.clause_marks.move(first.mark_id, MarkState.REFUSED, seen=MarkState.PROPOSED))
    assert store.write(lambda uow: uow.clause_marks.add(second)).value


def test_a_mark_moves_from_the_state_that_was_seen_only(store: Store) -> None:
    mark = values.clause_mark()
    store.write(lambda uow: uow.clause_marks.add(mark))
    stands, lifted = MarkState.STANDING, MarkState.LIFTED
    moved = store.write(
        lambda uow: [
            uow.clause_marks.move(mark.mark_id, lifted, seen=stands, lifted_at=at(9)),
            uow.clause_marks.move(mark.mark_id, stands, seen=MarkState.PROPOSED),
            uow.clause_marks.move(mark.mark_id, lifted, seen=stands, lifted_at=at(9)),
        ]
    ).value
    assert moved == [False, True, True]
    with store.read() as stored:
        assert stored.clause_marks.get(mark.mark_id) == replace(mark, state=lifted, lifted_at=at(9))
