"""A request is set aside once, for one account; it is claimed when its time has come, and never twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from msgspec.structs import replace as with_changes

from eztong.adapters.storage.sqlite.schema import schema_differences
from eztong.domain.codes.verification import Outcome
from eztong.domain.requests.request import RequestState
from eztong.ports.storage.requests import SetAside
from eztong.ports.storage.store import Store, UnitOfWork
from tests.contract.storage import values
from tests.contract.storage.revisions import move
from tests.contract.storage.stage import World, at, holder_id, partner_id, request_id

ASIDE = SetAside(partner_id=partner_id(), request_id=request_id(), holder_id=holder_id(), declines_at=at(60))


@pytest.fixture
def waiting(store: Store) -> Store:
    """A store with one open request."""
    store.write(lambda uow: uow.requests.add(values.request(), token_hash=b"t" * 32))
    return store


def test_it_is_set_aside_once_and_read_back(waiting: Store) -> None:
    later = replace(ASIDE, holder_id=holder_id(2), declines_at=at(90))
    assert [waiting.write(lambda uow, one=one: uow.requests.set_aside(one)).value for one in (ASIDE, later)] == [  # type: ignore[misc]  # a lambda's default
        True,
        False,
    ]
    with waiting.read() as stored:
        assert stored.requests.set_aside_of(request_id()) == ASIDE
        assert stored.requests.set_aside_of(request_id(2)) is None


def test_it_is_due_at_its_moment_and_claimed_once(waiting: Store) -> None:
    waiting.write(lambda uow: uow.requests.set_aside(ASIDE))
    assert not waiting.write(lambda uow: uow.requests.begin_declining(ASIDE, now=at(59))).value
    claims = [waiting.write(lambda uow: uow.requests.begin_declining(ASIDE, now=at(60))).value for _ in range(2)]
    assert claims == [True, False]


def test_only_its_own_holder_takes_it_up_and_then_nothing_is_due(waiting: Store) -> None:
    waiting.write(lambda uow: uow.requests.set_aside(ASIDE))
    assert not waiting.write(lambda uow: uow.requests.take_up(request_id(), holder_id(2))).value
    assert waiting.write(lambda uow: uow.requests.take_up(request_id(), holder_id())).value
    assert not waiting.write(lambda uow: uow.requests.take_up(request_id(), holder_id())).value
    assert not waiting.write(lambda uow: uow.requests.begin_declining(ASIDE, now=at(60))).value
    with waiting.read() as stored:
        assert stored.requests.set_aside_of(request_id()) == replace(ASIDE, declines_at=None)


def test_what_is_answered_is_neither_set_aside_nor_due(waiting: Store) -> None:
    def answer(uow: UnitOfWork) -> None:
        uow.requests.set_aside(ASIDE)
        uow.requests.advance(replace(values.request(), state=RequestState.FINISHED), expected=[RequestState.INIT])

    waiting.write(answer)
    assert not waiting.write(lambda uow: uow.requests.begin_declining(ASIDE, now=at(60))).value
    assert not waiting.write(lambda uow: uow.requests.take_up(request_id(), holder_id())).value


def test_earlier_answers_come_newest_first_with_what_was_asked(store: Store) -> None:
    def add(uow: UnitOfWork) -> None:
        for number in (1, 2):
            uow.requests.add(values.request(number), token_hash=bytes([number]) * 32)
            verification = with_changes(
                values.verification(number), request_id=request_id(number), outcome=Outcome.DECLINED, scene="s"
            )
            uow.verifications.add(verification)

    store.write(add)
    with store.read() as stored:
        found = stored.requests.answers(holder_id(), partner_id(), "s", since=at(0))
        assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
        assert len(found) == 2
        assert all(one.claims == values.request().claims and one.outcome is Outcome.DECLINED for one in found)
        assert stored.requests.answers(holder_id(2), partner_id(), "s", since=at(0)) == []
        assert stored.requests.answers(holder_id(), partner_id(), "other", since=at(0)) == []
        assert stored.requests.answers(holder_id(), partner_id(), "s", since=at(9_999)) == []


@pytest.mark.sqlite
def test_requests_of_the_version_before_are_kept_by_the_migration(world: World) -> None:
    request = values.request(full=True)
    world.store.write(lambda uow: uow.requests.add(request, token_hash=b"t" * 32))
    world.store.close()
    for revision, down in (("0013", True), ("head", False)):
        move(world.path, revision, down=down)
        with closing(sqlite3.connect(world.path)) as database:
            columns = {row[1] for row in database.execute("PRAGMA table_info(requests)")}
        assert ("declines_at" in columns) is not down
    assert schema_differences(world.path) == []
    with world.reopen().read() as stored:
        assert stored.requests.get(request.partner_id, request.request_id) == request
        assert stored.requests.set_aside_of(request.request_id) is None
