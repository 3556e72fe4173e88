"""The upgrade that makes one table of the queues: what waits goes on, with its time, its tries and its payload."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.jobs.job import Job, JobEnd, JobKind, payload_place
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, holder_id, make, open_sqlite, partner_id, request_id

BEFORE = "0017"
PHONE = b'{"phone": "19900000001", "language": "en", "params": {}}'


def ms(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1000)


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before: two messages that wait, one that left, an application, three requests."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    messages: list[dict[str, object]] = [
        {},
        {"topic": "otp", "priority": 0, "expires_at": ms(300)},
        {"delivered_at": 7, "sealed": b""},
    ]
    for number, changed in enumerate(messages):
        name = make("msg", number)
        sealed = keys.seal(PHONE, nonce=bytes(12), place=("outbox", name, "sealed"))
        message = {
            "message_id": name,
            "topic": "account_frozen",
            "sealed": sealed,
            "priority": 1,
            "created_at": ms(0),
            "next_attempt_at": ms(20),
            "attempts": 3,
            "leased_until": ms(90),
        }
        insert(path, "outbox", message | changed)
        insert(path, "row_seals", {"table_name": "outbox", "row_key": f"'{name}'", "tag": b"of before"})
    insert(path, "registration_queue", {"holder_id": holder_id(), "next_attempt_at": ms(30), "attempts": 41})
    asked: list[dict[str, object]] = [{}, {"state": "finished"}, {"declines_at": None}]
    for number, changed in enumerate(asked):
        request = {
            "partner_id": partner_id(),
            "request_id": request_id(number),
            "token_hash": bytes([number]),
            "scene": "hotel_check_in",
            "claims": "",
            "grant_days": 0,
            "match_number": 10,
            "state": "doing",
            "created_at": ms(0),
            "expires_at": ms(600),
            "aside_for": holder_id(),
            "declines_at": ms(40),
        }
        insert(path, "requests", request | changed)
    return path


def upgraded(database: Path, keys: FileKeyring) -> dict[str, Job]:
    """Upgrade as the command does; return what is due at last, by id."""
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        found = [stored.jobs.due(kind, now=at(0) + timedelta(days=1), limit=9) for kind in JobKind]
    world.store.close()
    return {job.job_id: job for jobs in found for job in jobs if isinstance(job, Job)}


def problems(path: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        return audit_database(path, keys, bar, full=True).problems


def test_what_waits_goes_on_with_its_time_its_tries_and_its_lease(database: Path, keys: FileKeyring) -> None:
    frozen, code = make("msg", 0), make("msg", 1)
    message = Job(
        job_id=frozen,
        kind=JobKind.MESSAGE,
        key=frozen,
        topic="account_frozen",
        sealed=keys.seal(PHONE, nonce=bytes(12), place=("outbox", frozen, "sealed")),
        priority=1,
        created_at=at(0),
        next_attempt_at=at(20),
        attempts=3,
        leased_until=at(90),
    )
    found = upgraded(database, keys)
    assert found.pop(frozen) == message
    otp = found.pop(code)
    assert (otp.topic, otp.priority, otp.expires_at) == ("otp", 0, at(300))
    application = found.pop(f"job_{holder_id()}")
    assert (application.kind, application.key, application.holder_id) == (
        JobKind.REGISTRATION,
        holder_id(),
        holder_id(),
    )
    assert (application.next_attempt_at, application.attempts) == (at(30), 41)
    refusal = found.pop(f"job_{request_id(0)}")
    assert (refusal.kind, refusal.key, refusal.holder_id) == (JobKind.REFUSAL, request_id(0), holder_id())
    assert (refusal.next_attempt_at, refusal.expires_at) == (at(40), at(600))
    assert found == {}, "what left, was answered or was taken up waits no more"


def test_a_message_that_left_is_still_there_to_be_looked_up(database: Path, keys: FileKeyring) -> None:
    upgraded(database, keys)
    with closing(sqlite3.connect(database)) as connection:
        ended = connection.execute("SELECT job_id, ended_at, ended_as, sealed FROM jobs WHERE ended_at IS NOT NULL")
        assert ended.fetchall() == [(make("msg", 2), 7, JobEnd.DONE.value, b"")]


def test_payloads_still_open_and_rows_are_sealed_anew(database: Path, keys: FileKeyring) -> None:
    job = upgraded(database, keys)[make("msg", 1)]
    assert keys.open(job.sealed, place=payload_place(job.kind, job.job_id)) == PHONE
    found = problems(database, keys)
    assert [one for one in found if "jobs" in one or "outbox" in one or "not sealed yet" in one] == []
    with closing(sqlite3.connect(database)) as connection, connection:
        tables = connection.execute("SELECT DISTINCT table_name FROM row_seals").fetchall()
        assert tables == [("#count",), ("jobs",)]
        connection.execute("UPDATE jobs SET next_attempt_at = 0 WHERE kind = 'registrations'")
    assert any(one.startswith("jobs ") for one in problems(database, keys))


@pytest.mark.parametrize(("waiting", "then"), [("pending", "pending"), ("codes", "codes,jobs,counts")])
def test_tables_that_wait_to_be_sealed_already_still_do(database: Path, waiting: str, then: str) -> None:
    insert(database, "service_settings", {"name": "row_seals", "value": waiting})
    upgrade_schema(database)
    with closing(sqlite3.connect(database)) as connection:
        kept = connection.execute("SELECT value FROM service_settings WHERE name = 'row_seals'").fetchall()
    assert kept == [(then,)]


def test_an_upgrade_that_fails_leaves_everything_as_it_was(database: Path, keys: FileKeyring) -> None:
    def state() -> list[list[tuple[object, ...]]]:
        queries = ("SELECT sql FROM sqlite_master", "SELECT * FROM outbox", "SELECT * FROM registration_queue")
        with closing(sqlite3.connect(database)) as connection:
            return [sorted(connection.execute(query).fetchall(), key=str) for query in queries]

    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE INDEX ix_jobs_holder_id ON requests (holder_id)")
    before = state()
    with pytest.raises(Exception, match="ix_jobs_holder_id"):
        upgrade_schema(database)
    assert state() == before
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP INDEX ix_jobs_holder_id")
    assert len(upgraded(database, keys)) == 4


def test_the_way_back_keeps_what_waits_too(database: Path) -> None:
    def rows(table: str) -> list[dict[str, object]]:
        with closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1")]  # noqa: S608 - our own names

    before = rows("outbox"), rows("registration_queue"), rows("requests")
    upgrade_schema(database)
    move(database, BEFORE, down=True)
    assert (rows("outbox"), rows("registration_queue"), rows("requests")) == before
