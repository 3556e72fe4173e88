"""The upgrade that lays codes in the order of time keeps each of them, and seals them anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sql.row_tags import sealed_columns
from eztong.adapters.storage.sqlite.row_seals import RowSeals, seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.codes.presentation_code import CodeState
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, code_id, device_id, holder_id, open_sqlite, verification_id

BEFORE = "0016"


def ms(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1000)


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with a sealed partner, a code that is shown and one that died."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    partner = dict.fromkeys(("partner_id", "name", "name_en", "sector_id", "state"), "hotel")
    insert(path, "partners", partner | {"created_at": 1})
    shown = {
        "number_hash": b"number",
        "qr_hash": b"qr",
        "code_id": code_id(1),
        "holder_id": holder_id(),
        "device_id": device_id(),
        "acceptance_id": "acc_1",
        "channel": "screen",
        "state": "issued",
        "issued_at": ms(0),
        "expires_at": ms(60),
    }
    dead = {"number_hash": b"old", "qr_hash": None, "code_id": code_id(2), "state": "superseded", "ended_at": ms(9)}
    insert(path, "codes", shown)
    insert(path, "codes", shown | dead)
    insert(path, "row_seals", {"table_name": "codes", "row_key": f"'{code_id(1)}'", "tag": b"of before"})
    seal_partner(path, keys)
    return path


def seal_partner(database: Path, keys: FileKeyring) -> None:
    """Give the partner its tag, as the version before did: what came since is empty, and changes no tag."""
    with closing(sqlite3.connect(database)) as connection:
        there = {name for _, name, *_ in connection.execute("PRAGMA table_info(partners)")}
        columns = ", ".join(name if name in there else "NULL" for name in sealed_columns("partners"))
        row = connection.execute(f"SELECT {columns} FROM partners").fetchone()  # noqa: S608 - our own names
    tag = RowSeals(keys).tag("partners", row)
    insert(database, "row_seals", {"table_name": "partners", "row_key": f"'{row[0]}'", "tag": tag})


def problems(path: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        return audit_database(path, keys, bar, full=True).problems


def test_every_code_stays_and_goes_on(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        assert stored.codes.by_hash(b"qr") == stored.codes.by_hash(b"number") == stored.codes.get(code_id(1))
        old = stored.codes.by_hash(b"old")
    assert old is not None
    assert old.state is CodeState.SUPERSEDED
    used = world.store.write(
        lambda uow: uow.codes.consume(code_id(1), verification_id(), asking_hash=b"asked", now=at(5))
    )
    assert used.value is True
    world.store.close()


def test_they_are_sealed_once_and_a_change_of_what_they_were_issued_with_is_found(
    database: Path, keys: FileKeyring
) -> None:
    upgrade_schema(database)
    assert any("not sealed yet" in problem for problem in problems(database, keys))
    assert seal_rows_of_before(database, keys) is not None
    assert problems(database, keys) == []
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute("SELECT count(*) FROM row_seals WHERE table_name = 'codes'").fetchone() == (0,)
        connection.execute("UPDATE codes SET holder_id = ? WHERE state = 'issued'", (holder_id(2),))
    assert any(code_id(1) in problem and "not as it was written" in problem for problem in problems(database, keys))


def test_what_had_tags_before_is_not_sealed_again(database: Path, keys: FileKeyring) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE partners SET sector_id = 'another'")
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert any(problem.startswith("partners ") for problem in problems(database, keys))


def test_an_upgrade_that_fails_leaves_everything_as_it_was(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE codes_before (in_the_way TEXT)")
        before = connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall()
    with pytest.raises(Exception, match="codes_before"):
        upgrade_schema(database)
    with closing(sqlite3.connect(database)) as connection, connection:
        assert connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall() == before
        connection.execute("DROP TABLE codes_before")
    upgrade_schema(database)
    assert schema_differences(database) == []


def test_the_way_back_keeps_them_too(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        kept = connection.execute("SELECT code_id, state FROM codes ORDER BY code_id").fetchall()
    assert kept == [(code_id(1), "issued"), (code_id(2), "superseded")]
