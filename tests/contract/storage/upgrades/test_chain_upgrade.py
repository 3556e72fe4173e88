"""A database of the version before the chain: its batches stay as they are, the chain begins after the last of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.storage.rounds.group_commit import Signing
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import upgrade_schema
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.cli.data.database_audit import audit_database
from eztong.domain.canonical_json import render_canonical
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.evidence.proof import verify_proof
from eztong.domain.evidence.signed_note import BatchRoot, parse_note, render_note
from eztong.domain.identifiers import BatchId
from eztong.ports.keys import SignPurpose
from eztong.usecases.codes.read_proof import proof_file, proof_part
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import ORIGIN, at
from tests.simulators.batches import BATCH_ID

BEFORE = "0015"
DOCUMENT = render_canonical({"format": "eztong/result/v1", "id": "ver_1", "partner": "hotel", "outcome": "passed"})


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> FileKeyring:
    ring = tmp_path_factory.mktemp("k")
    return create_keyring(ring / "keyring.json", ring / "root.key", entropy=SystemEntropy(), now=at(0))


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before, with a partner and a batch."""
    path = tmp_path / "old.db"
    move(path, BEFORE)
    root = BatchRoot(origin=ORIGIN, size=1, root=leaf_hash(DOCUMENT), batch_id=BATCH_ID, time=at(1))
    made = keys.sign(SignPurpose.RESULTS, root.text().encode())
    note = render_note(root, key_name=made.key_id, key_hash=made.key_hash, signature=made.signature)
    batch = {"batch_id": BATCH_ID, "note": note, "leaves": root.root, "created_at": round(at(1).timestamp() * 1000)}
    partner = dict.fromkeys(("partner_id", "name", "name_en", "sector_id", "state"), "hotel") | {"created_at": 1}
    insert(path, "batches", batch)
    insert(path, "partners", partner)
    insert(path, "service_settings", {"name": "mode", "value": "sandbox"})
    return path


def problems(path: Path, keys: FileKeyring) -> list[str]:
    with Progress(disable=True) as bar:
        return audit_database(path, keys, bar, full=True).problems


def test_rows_of_before_are_said_to_be_unsealed_until_they_are_sealed_once(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    assert any("not sealed yet" in problem for problem in problems(database, keys))
    sealed = seal_rows_of_before(database, keys)
    assert sealed is not None
    assert sealed >= 2
    assert seal_rows_of_before(database, keys) is None
    assert not any("rows" in problem or "partners" in problem for problem in problems(database, keys))


def test_a_new_database_has_nothing_to_seal(tmp_path: Path, keys: FileKeyring) -> None:
    fresh = tmp_path / "fresh.db"
    upgrade_schema(fresh)
    assert seal_rows_of_before(fresh, keys) is None
    assert problems(fresh, keys) == []


def test_the_chain_begins_after_the_last_batch_of_before(database: Path, keys: FileKeyring) -> None:
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    signing = Signing(keys=keys, clock=SystemClock(), entropy=SystemEntropy(), origin=ORIGIN)
    store = SqliteStore(database, signing)
    try:
        batch = store.write(lambda uow: uow.attest(b"new")).batch
        assert batch is not None
        place = parse_note(batch.note).unverified_root.place
        assert place is not None
        assert (place.number, place.previous) == (1, leaf_hash(DOCUMENT))
        with store.read() as stored:
            part = proof_part(BatchId(BATCH_ID), 0, stored=stored)
        old = proof_file(DOCUMENT, part)
    finally:
        store.close()
    assert old["format"] == "eztong/proof/v1"
    published = {key.key_id: key for key in keys.published()}
    assert verify_proof(render_canonical(old), keys=published).batch.place is None
