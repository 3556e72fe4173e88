"""Addresses: one for each account, proven once by its newest link, and never replaced once it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.ports.storage.store import Store
from tests.contract.storage.notices.values import email
from tests.contract.storage.stage import at, holder_id

LINK = bytes([1]) * 32


@pytest.mark.parametrize("full", [False, True])
def test_an_address_comes_back_and_goes_alone(store: Store, *, full: bool) -> None:
    kept = email(full=full)
    assert store.write(lambda uow: uow.emails.put(kept)).value
    with store.read() as stored:
        assert stored.emails.get(holder_id()) == kept
        assert stored.emails.get(holder_id(2)) is None
        assert stored.emails.by_link(LINK) == (kept if full else None)
    assert store.write(lambda uow: [uow.emails.remove(holder_id()) for _ in range(2)]).value == [True, False]
    with store.read() as stored:
        assert stored.emails.get(holder_id()) is None


def test_a_later_one_replaces_one_that_was_not_proven(store: Store) -> None:
    later = replace(email(2, full=True), holder_id=holder_id(1))
    assert store.write(lambda uow: [uow.emails.put(one) for one in (email(full=True), later)]).value == [True, True]
    with store.read() as stored:
        assert stored.emails.by_link(LINK) is None
        assert stored.emails.get(holder_id()) == later


def test_it_is_proven_once_by_its_own_link_and_stays(store: Store) -> None:
    store.write(lambda uow: uow.emails.put(email(full=True)))
    tries = ((holder_id(2), LINK), (holder_id(), bytes(32)), (holder_id(), LINK), (holder_id(), LINK))
    proven = store.write(lambda uow: [uow.emails.prove(whose, link, now=at(9)) for whose, link in tries]).value
    assert proven == [False, False, True, False]
    assert not store.write(lambda uow: uow.emails.put(email(full=True))).value
    with store.read() as stored:
        assert stored.emails.get(holder_id()) == replace(email(), proven_at=at(9))
        assert stored.emails.by_link(LINK) is None
