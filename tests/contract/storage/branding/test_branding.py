"""Versions of the brand come back, the last one published is in force, and each is settled once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.branding.version import BrandState, BrandVersion
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage.branding import values
from tests.contract.storage.stage import at, make


@pytest.mark.parametrize("full", [False, True])
def test_a_version_comes_back(store: Store, *, full: bool) -> None:
    made = values.version(full=full)
    store.write(lambda uow: uow.brand_versions.add(made))
    with store.read() as stored:
        assert stored.brand_versions.get(made.version_id) == made
        assert list(stored.brand_versions.list(limit=9).those) == [made]
        assert stored.brand_versions.get(make("brd", 9)) is None
        assert stored.brand_versions.in_force() == (made if full else None)


def test_the_last_that_was_published_is_in_force_and_one_is_settled_once(store: Store) -> None:
    first, second = values.version(1), values.version(2, full=True)
    for one in (first, second):
        store.write(partial(_add, one))
    later = replace(first, state=BrandState.PUBLISHED, published_at=at(9))
    moved = store.write(lambda uow: [uow.brand_versions.move(first, later) for _ in range(2)]).value
    assert moved == [True, False]
    with store.read() as stored:
        assert stored.brand_versions.in_force() == later
        assert list(stored.brand_versions.list(limit=1).those) == [second]


def _add(version: BrandVersion, uow: UnitOfWork) -> None:
    uow.brand_versions.add(version)
