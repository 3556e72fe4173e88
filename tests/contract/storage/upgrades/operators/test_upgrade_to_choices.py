"""The upgrade that brings texts and periods which operators choose touches nothing else, and so does the way back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.operators.proposal import ProposalKind
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.message_texts import values as texts
from tests.contract.storage.operators.values import proposal
from tests.contract.storage.retention import values as periods
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, open_sqlite

BEFORE = "0052"
TABLES = ("text_versions", "retention_versions", "proposals")
CHOICES = (ProposalKind.MESSAGE_TEXT, ProposalKind.RETENTION_LONGER, ProposalKind.RETENTION_SHORTER)


def problems(database: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    return [one for one in found if any(table in one for table in TABLES)]


def test_what_was_there_stays_in_both_directions(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    assert schema_differences(path) == []
    world = World(keys, open_sqlite, path)

    def begin(uow: UnitOfWork) -> None:
        uow.text_versions.add(texts.version(full=True))
        uow.retention_versions.add(periods.version(full=True))
        uow.proposals.add(proposal(9))
        for number, kind in enumerate(CHOICES, start=1):
            uow.proposals.add(replace(proposal(number), kind=kind))

    world.store.write(begin)
    world.store.close()
    assert problems(path, keys) == []
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        kept = connection.execute("SELECT proposal_id FROM proposals").fetchall()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert (kept, tables & {"text_versions", "retention_versions"}) == ([(proposal(9).proposal_id,)], set())
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    assert (schema_differences(path), problems(path, keys)) == ([], [])
