"""Notices: of one account, newest first, page by page; read once, and only what was there."""

from __future__ import annotations

import pytest

from eztong.ports.storage.store import Store
from tests.contract.storage.notices.values import notice
from tests.contract.storage.stage import at, holder_id, in_turn, make


@pytest.mark.parametrize("full", [False, True])
def test_a_notice_comes_back(store: Store, *, full: bool) -> None:
    told = notice(full=full)
    store.write(lambda uow: uow.notices.add(told))
    with store.read() as stored:
        assert list(stored.notices.page(holder_id(), before=None, limit=9)) == [told]
        assert list(stored.notices.page(holder_id(2), before=None, limit=9)) == []


def test_pages_come_newest_first_and_end(store: Store) -> None:
    several = [notice(number) for number in (3, 1, 2)] + [notice(4, of_holder=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.notices.add(one) for one in several]))
    with store.read() as stored:
        first = stored.notices.page(holder_id(), before=None, limit=2)
        last = stored.notices.page(holder_id(), before=first[-1].notice_id, limit=2)
    assert [one.notice_id for one in first] == [make("msg", 3), make("msg", 2)]
    assert [one.notice_id for one in last] == [make("msg", 1)]


def test_what_came_later_or_is_anothers_stays_unread_and_what_was_read_keeps_its_time(store: Store) -> None:
    several = [notice(1, full=True), notice(2), notice(3), notice(2, of_holder=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.notices.add(one) for one in several]))
    up_to = make("msg", 2)
    assert store.write(lambda uow: uow.notices.mark_read(holder_id(), up_to, now=at(5))).value == 1
    assert store.write(lambda uow: uow.notices.mark_read(holder_id(), up_to, now=at(6))).value == 0
    with store.read() as stored:
        found = stored.notices.page(holder_id(), before=None, limit=9)
        assert [one.read_at for one in found] == [None, at(5), at(901)]
        assert (stored.notices.unread(holder_id(), at_most=9), stored.notices.unread(holder_id(2), at_most=9)) == (1, 1)


def test_what_was_told_to_one_is_removed_and_nothing_of_anybody_else(store: Store) -> None:
    several = [notice(1, full=True), notice(2), notice(2, of_holder=2)]
    store.write(in_turn(*[lambda uow, one=one: uow.notices.add(one) for one in several]))
    assert store.write(lambda uow: uow.notices.erase(holder_id())).value == 2
    assert store.write(lambda uow: uow.notices.erase(holder_id())).value == 0
    with store.read() as stored:
        assert list(stored.notices.page(holder_id(), before=None, limit=9)) == []
        assert list(stored.notices.page(holder_id(2), before=None, limit=9)) == [several[2]]


def test_unread_notices_are_counted_no_further_than_asked(store: Store) -> None:
    store.write(in_turn(*[lambda uow, number=number: uow.notices.add(notice(number)) for number in range(1, 5)]))
    with store.read() as stored:
        assert [stored.notices.unread(holder_id(), at_most=most) for most in (3, 4, 5)] == [3, 4, 4]
