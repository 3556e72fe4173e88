"""Versions of the periods come back, and each is settled once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.retention.version import RetentionState, RetentionVersion
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.retention import values
from tests.contract.storage.stage import at, make


@pytest.mark.parametrize("full", [False, True])
def test_a_version_comes_back(store: Store, *, full: bool) -> None:
    made = values.version(full=full)
    store.write(lambda uow: uow.retention_versions.add(made))
    with store.read() as stored:
        assert stored.retention_versions.get(made.version_id) == made
        assert stored.retention_versions.get(make("ret", 9)) is None
        assert list(stored.retention_versions.list(limit=9).those) == [made]
        assert list(stored.retention_versions.published().those) == ([made] if full else [])


def test_the_newest_come_first_and_one_is_settled_once(store: Store) -> None:
    first, second = values.version(1), values.version(2, full=True)
    for one in (first, second):
        store.write(partial(_add, one))
    later = replace(first, state=RetentionState.PUBLISHED, published_at=at(9))
    moved = store.write(lambda uow: [uow.retention_versions.move(first, later) for _ in range(2)]).value
    assert moved == [True, False]
    with store.read() as stored:
        assert list(stored.retention_versions.list(limit=1).those) == [second]
        assert len(stored.retention_versions.published().those) == 2


def _add(version: RetentionVersion, uow: UnitOfWork) -> None:
    uow.retention_versions.add(version)
