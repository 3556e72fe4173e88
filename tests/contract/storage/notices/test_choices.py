"""Choices: each by itself; uses that were not told, once; links that work once and not too long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.notices import NoticeChoices
from eztong.ports.storage.store import Store
from tests.contract.storage import values
from tests.contract.storage.notices.values import freeze_link
from tests.contract.storage.stage import at, holder_id, in_turn, verification_id

LINK = bytes([1]) * 32


def test_each_choice_changes_itself_alone(store: Store) -> None:
    mine = holder_id()
    with store.read() as stored:
        assert stored.notice_choices.get(mine) is None
    store.write(lambda uow: uow.notice_choices.set_promotions(mine, is_on=True, now=at(1)))
    store.write(lambda uow: uow.notice_choices.set_per_use(mine, is_on=True, told_until="ver_1", now=at(2)))
    store.write(lambda uow: uow.notice_choices.set_promotions(mine, is_on=False, now=at(3)))
    with store.read() as stored:
        assert stored.notice_choices.get(mine) == NoticeChoices(
            holder_id=mine, per_use=True, promotions=False, told_until="ver_1", changed_at=at(3)
        )
        assert stored.notice_choices.get(holder_id(2)) is None


def test_uses_of_who_chose_it_are_untold_until_they_are_marked_and_in_order(store: Store) -> None:
    uses = [values.verification(number, of_holder=whose) for number, whose in ((3, 1), (1, 1), (2, 2), (4, 1))]
    store.write(in_turn(*[lambda uow, one=one: uow.verifications.add(one) for one in uses]))
    store.write(lambda uow: uow.notice_choices.set_per_use(holder_id(2), is_on=False, told_until="", now=at(1)))
    store.write(
        lambda uow: uow.notice_choices.set_per_use(holder_id(), is_on=True, told_until=verification_id(1), now=at(1))
    )
    with store.read() as stored:
        found = stored.notice_choices.untold(before=at(4), limit=9).those
        assert [one.verification_id for one in found] == [verification_id(3)]
        assert len(stored.notice_choices.untold(before=at(9), limit=1).those) == 1
    (use,) = found
    assert (use.holder_id, use.at, use.outcome) == (holder_id(), at(3), Outcome.PASSED)
    assert store.write(lambda uow: [uow.notice_choices.mark_told(use) for _ in range(2)]).value == [True, False]
    with store.read() as stored:
        left = stored.notice_choices.untold(before=at(9), limit=9).those
    assert [one.verification_id for one in left] == [verification_id(4)]
    store.write(lambda uow: uow.notice_choices.set_per_use(holder_id(), is_on=False, told_until="", now=at(9)))
    assert not store.write(lambda uow: uow.notice_choices.mark_told(left[0])).value


@pytest.mark.parametrize("full", [False, True])
def test_a_link_comes_back(store: Store, *, full: bool) -> None:
    link = freeze_link(full=full)
    store.write(lambda uow: uow.notice_choices.add_link(link))
    with store.read() as stored:
        assert stored.notice_choices.link(LINK) == link
        assert stored.notice_choices.link(bytes(32)) is None
        assert list(stored.notice_choices.links(holder_id())) == [link]
        assert list(stored.notice_choices.links(holder_id(2))) == []


def test_a_link_is_used_once_and_not_after_its_end(store: Store) -> None:
    store.write(in_turn(*[lambda uow, n=n: uow.notice_choices.add_link(freeze_link(n)) for n in (1, 2)]))
    assert store.write(lambda uow: [uow.notice_choices.use_link(LINK, now=at(5)) for _ in range(2)]).value == [
        True,
        False,
    ]
    ends = freeze_link(2).until
    assert not store.write(lambda uow: uow.notice_choices.use_link(bytes([2]) * 32, now=ends)).value
    with store.read() as stored:
        assert stored.notice_choices.link(LINK) == replace(freeze_link(), used_at=at(5))


def test_links_of_an_account_end_together_and_those_that_were_used_stay_as_they_are(store: Store) -> None:
    links = (freeze_link(1), freeze_link(2), freeze_link(3, of_holder=2))
    store.write(in_turn(*[lambda uow, one=one: uow.notice_choices.add_link(one) for one in links]))
    store.write(lambda uow: uow.notice_choices.use_link(LINK, now=at(5)))
    store.write(lambda uow: uow.notice_choices.end_links(holder_id(), now=at(6)))
    with store.read() as stored:
        ended = {one.link_hash: one.used_at for one in stored.notice_choices.links(holder_id())}
        assert ended == {links[0].link_hash: at(5), links[1].link_hash: at(6)}
        assert list(stored.notice_choices.links(holder_id(2))) == [links[2]]
