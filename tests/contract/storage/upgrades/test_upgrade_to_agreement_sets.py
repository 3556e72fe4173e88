"""The upgrade that brings sets of agreements: what is in force becomes the first set, and its tags fit."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.agreement_sets.agreement_set import FIRST_SET
from eztong.domain.agreements import AgreementState, ChangeClass
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0027"
OURS = ("agreement_sets", "agreement_members", "clause_marks")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    return path


def add_text(path: Path, kind: str, version: str, language: str, state: str, since: int) -> None:
    row = {"kind": kind, "version": version, "language": language, "title": "T", "text": "t", "text_hash": "h"}
    insert(path, "agreements", row | {"change_class": "A", "state": state, "in_force_from": since})


def problems(database: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    return [one for one in found if any(table in one for table in OURS)]


def test_what_is_in_force_becomes_the_first_set(database: Path, keys: FileKeyring) -> None:
    for kind in ("service", "authorisation"):
        for language in ("zh-CN", "en"):
            add_text(database, kind, "1.0", language, "superseded", 1_000)
            add_text(database, kind, "1.2", language, "in_force", 2_000)
    insert(database, "service_settings", {"name": "agreement_values", "value": "{}"})
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        (first,) = stored.agreement_sets.list()
    world.store.close()
    assert (first.set_id, first.number, first.state) == (FIRST_SET, 1, AgreementState.IN_FORCE)
    assert (first.changes, first.printed, first.made_by) == (None, "{}", None)
    assert first.published_at == first.in_force_from
    assert [(one.kind.value, one.version, one.change_class) for one in first.members] == [
        ("authorisation", "1.2", ChangeClass.A),
        ("service", "1.2", ChangeClass.A),
    ]
    assert problems(database, keys) == []


def test_an_empty_database_gets_no_set(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        assert list(stored.agreement_sets.list()) == []
    world.store.close()


def test_the_way_back_takes_tables_and_tags(database: Path, keys: FileKeyring) -> None:
    add_text(database, "service", "1.2", "en", "in_force", 2_000)
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    move(database, BEFORE, down=True)
    move(database, "head")
    assert schema_differences(database) == []
