"""The upgrade that makes operators rows: what waited for a second operator waits as a proposal."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.operators.proposal import LIFE, Proposal, ProposalKind
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, make, open_sqlite

BEFORE = "0019"


def ms(seconds: float) -> int:
    return round(at(seconds).timestamp() * 1000)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database of the version before, with a certificate request that waits and one that was decided."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    for number, state in ((1, "pending"), (2, "approved")):
        row = {
            "request_id": make("csr", number),
            "merchant_id": "0NSJ0001",
            "common_name": "Hotel",
            "public_key": b"spki",
            "document": b"der",
            "state": state,
            "requested_by": " Li.Na ",
            "requested_at": ms(number),
            "decided_by": "wang" if number == 2 else None,
            "decided_at": ms(9) if number == 2 else None,
            "decision_reason": "seen" if number == 2 else None,
        }
        insert(path, "certificate_requests", row)
    return path


def test_a_request_that_waited_is_an_open_proposal_of_its_time(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert schema_differences(database) == []
    seal_rows_of_before(database, keys)
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        found, operators = list(stored.proposals.list(limit=9).those), list(stored.operators.list().those)
    world.store.close()
    expected = Proposal(
        proposal_id=make("prp", 1),
        kind=ProposalKind.CERTIFICATE,
        subject=make("csr", 1),
        reason="taken in before proposals were kept",
        by="li.na",
        at=at(1),
        until=at(1) + LIFE,
    )
    assert (found, operators) == ([expected], [])


def test_a_check_of_the_upgraded_database_finds_nothing(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    with Progress(disable=True) as bar:
        found = audit_database(database, keys, bar, full=True).problems
    assert not any("proposals" in one for one in found), found


def test_the_way_back_leaves_the_requests_and_comes_again(database: Path) -> None:
    upgrade_schema(database)
    move(database, BEFORE)
    upgrade_schema(database)
    assert schema_differences(database) == []
