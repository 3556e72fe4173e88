"""The upgrade that brings brands and counts leaves incidents as they are, and so does the way back."""

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
from eztong.domain.incidents.incident import Affected, Bilingual, Incident, IncidentKind, Origin
from eztong.domain.operators.proposal import ProposalKind
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.branding import values
from tests.contract.storage.operators.values import proposal
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, make, open_sqlite

BEFORE = "0044"
PLANNED = Incident(
    incident_id=make("inc", 2),
    kind=IncidentKind.MAINTENANCE,
    origin=Origin.OPERATOR,
    affects=(Affected.ALL,),
    effect=Bilingual("维护", "Maintenance"),
    workaround=None,
    starts_at=at(1),
    created_at=at(0),
    until=at(9),
    refuses=(Affected.REGISTRATION, Affected.CODES),
)


def problems(database: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    return [one for one in found if any(table in one for table in ("incidents", "brand_versions", "traffic"))]


def test_what_was_there_stays_in_both_directions(tmp_path: Path, keys: FileKeyring) -> None:
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    old = {
        **dict.fromkeys(("effect_zh", "effect_en"), "x"),
        "incident_id": make("inc", 1),
        "kind": "network",
        "origin": "operator",
        "affects": "codes",
        "starts_at": 1,
        "created_at": 1,
    }
    insert(path, "incidents", old)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    assert schema_differences(path) == []
    world = World(keys, open_sqlite, path)

    def begin(uow: UnitOfWork) -> None:
        uow.incidents.add(PLANNED)
        uow.brand_versions.add(values.version(full=True))
        uow.traffic.add(at(0), {"answer.2xx": 3})
        uow.proposals.add(replace(proposal(1), kind=ProposalKind.BRANDING))

    world.store.write(begin)
    with world.store.read() as stored:
        assert {one.refuses for one in stored.incidents.running()} == {(), PLANNED.refuses}
    world.store.close()
    assert problems(path, keys) == []
    move(path, BEFORE, down=True)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT incident_id FROM incidents ORDER BY incident_id").fetchall() == [
            (make("inc", 1),),
            (make("inc", 2),),
        ]
        assert connection.execute("SELECT count(*) FROM proposals").fetchone() == (0,)
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    assert (schema_differences(path), problems(path, keys)) == ([], [])
