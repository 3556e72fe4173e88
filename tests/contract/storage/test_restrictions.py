"""Marks and documents: they come back, are lifted once, and hold the account by one conditional change."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.events import Actor
from eztong.domain.restrictions.document import IdentityDocument
from eztong.domain.restrictions.mark import Cause, Ceiling, Restriction
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.stage import at, holder_id, in_turn, make


def mark(number: int = 1, *, full: bool = False, of_holder: int = 1) -> Restriction:
    return Restriction(
        holder_id=holder_id(of_holder),
        restriction_id=make("rst", number),
        cause=Cause.RISK,
        ceiling=Ceiling.SUBSTANTIAL,
        rule="misuse",
        by=Actor.OPERATOR,
        since=at(number),
        until=at(number + 1) if full else None,
        lifted_by=Actor.SYSTEM if full else None,
    )


def keep(uow: UnitOfWork, *, full: bool) -> None:
    uow.restrictions.keep_document(document(full=full))


def document(*, full: bool = False) -> IdentityDocument:
    bare = IdentityDocument(holder_id=holder_id(), checked_at=at(1))
    return replace(bare, sealed_valid_until=b"\x00day", reminded=0) if full else bare


@pytest.mark.parametrize("full", [False, True])
def test_a_mark_comes_back(store: Store, *, full: bool) -> None:
    store.write(lambda uow: uow.restrictions.add(mark(full=full)))
    with store.read() as stored:
        assert list(stored.restrictions.list(holder_id())) == [mark(full=full)]


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("ceiling", Ceiling)
def test_every_cause_and_ceiling_comes_back(store: Store, cause: Cause, ceiling: Ceiling) -> None:
    store.write(lambda uow: uow.restrictions.add(replace(mark(), cause=cause, ceiling=ceiling)))
    with store.read() as stored:
        (found,) = stored.restrictions.list(holder_id())
    assert (found.cause, found.ceiling) == (cause, ceiling)


def test_marks_come_newest_first_and_are_of_one_account(store: Store) -> None:
    several = [mark(n, of_holder=of) for n, of in ((1, 1), (3, 1), (2, 2))]
    store.write(in_turn(*[lambda uow, one=one: uow.restrictions.add(one) for one in several]))
    with store.read() as stored:
        assert [one.restriction_id for one in stored.restrictions.list(holder_id())] == [make("rst", 3), make("rst", 1)]


def test_a_mark_is_lifted_once_and_alone(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=n: uow.restrictions.add(mark(n)) for n in (1, 2)]))
    lifted = [store.write(lambda uow: uow.restrictions.lift(mark(1), by=Actor.HOLDER, now=at(9))).value for _ in "ab"]
    assert lifted == [True, False]
    assert not store.write(lambda uow: uow.restrictions.lift(mark(7), by=Actor.HOLDER, now=at(9))).value
    with store.read() as stored:
        assert list(stored.restrictions.list(holder_id())) == [
            mark(2),
            replace(mark(1), until=at(9), lifted_by=Actor.HOLDER),
        ]


def test_an_account_is_held_to_a_ceiling_by_whoever_read_the_newest_marks(store: Store) -> None:
    before = values.holder(full=True)
    store.write(lambda uow: uow.holders.add(before))
    held = [store.write(lambda uow: uow.restrictions.hold_to(before, Ceiling.LOW)).value for _ in "ab"]
    assert held == [True, False]
    with store.read() as stored:
        after, seen = stored.holders.get(before.holder_id), stored.holders.to_verify(before.holder_id)
    assert after == replace(before, ceiling=Ceiling.LOW, mark_changes=before.mark_changes + 1)
    assert seen is not None
    assert after is not None
    assert seen.ceiling is Ceiling.LOW
    assert store.write(lambda uow: uow.restrictions.hold_to(after, None)).value
    with store.read() as stored:
        found = stored.holders.get(before.holder_id)
    assert found == replace(before, mark_changes=before.mark_changes + 2)


def test_no_other_change_of_an_account_touches_what_marks_hold_it_to(store: Store) -> None:
    before = values.holder(full=False)
    store.write(lambda uow: uow.holders.add(before))
    store.write(lambda uow: uow.restrictions.hold_to(before, Ceiling.NONE))
    store.write(lambda uow: uow.holders.update(replace(before, reason="other")))
    with store.read() as stored:
        found = stored.holders.get(before.holder_id)
    assert found is not None
    assert (found.ceiling, found.mark_changes, found.reason) == (Ceiling.NONE, 1, "other")


@pytest.mark.parametrize("full", [False, True])
def test_a_document_comes_back_and_a_newer_one_takes_its_place(store: Store, *, full: bool) -> None:
    for is_full in (not full, full):
        store.write(partial(keep, full=is_full))
    with store.read() as stored:
        assert stored.restrictions.document(holder_id()) == document(full=full)
        assert stored.restrictions.document(holder_id(2)) is None


def test_a_reminder_is_noted_once_and_only_of_the_document_that_was_read(store: Store) -> None:
    store.write(lambda uow: uow.restrictions.keep_document(document()))
    noted = [store.write(lambda uow: uow.restrictions.note_reminder(document(), 90)).value for _ in "ab"]
    assert noted == [True, False]
    later = replace(document(), checked_at=at(5), reminded=90)
    assert not store.write(lambda uow: uow.restrictions.note_reminder(later, 30)).value
    assert store.write(lambda uow: uow.restrictions.note_reminder(replace(document(), reminded=90), 30)).value
    with store.read() as stored:
        assert stored.restrictions.document(holder_id()) == replace(document(), reminded=30)
