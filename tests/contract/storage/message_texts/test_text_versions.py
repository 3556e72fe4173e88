"""Versions of texts come back, by their text and by whether they were published, and each is settled once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.message_texts.version import TextState, TextVersion
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.message_texts import values
from tests.contract.storage.stage import at, make


@pytest.mark.parametrize("full", [False, True])
def test_a_version_comes_back(store: Store, *, full: bool) -> None:
    made = values.version(full=full)
    store.write(lambda uow: uow.text_versions.add(made))
    with store.read() as stored:
        assert stored.text_versions.get(made.version_id) == made
        assert stored.text_versions.get(make("txt", 9)) is None
        assert list(stored.text_versions.of_text("test", limit=9).those) == [made]
        assert list(stored.text_versions.of_text("otp", limit=9).those) == []
        assert list(stored.text_versions.published().those) == ([made] if full else [])


def test_the_newest_come_first_and_one_is_settled_once(store: Store) -> None:
    first, second = values.version(1), values.version(2, full=True)
    for one in (first, second):
        store.write(partial(_add, one))
    later = replace(first, state=TextState.PUBLISHED, published_at=at(9))
    moved = store.write(lambda uow: [uow.text_versions.move(first, later) for _ in range(2)]).value
    assert moved == [True, False]
    with store.read() as stored:
        assert list(stored.text_versions.of_text("test", limit=9).those) == [second, later]
        assert list(stored.text_versions.of_text("test", limit=1).those) == [second]
        assert len(stored.text_versions.published().those) == 2


def _add(version: TextVersion, uow: UnitOfWork) -> None:
    uow.text_versions.add(version)
