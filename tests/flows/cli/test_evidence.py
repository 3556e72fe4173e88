"""``eztong evidence verify`` needs a proof and published keys, and names the part that does not hold."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eztong.domain.canonical_json import render_canonical
from eztong.domain.evidence.merkle import leaf_hash, tree_levels
from eztong.domain.evidence.proof import SignedBatch
from eztong.domain.evidence.signed_note import BatchRoot, key_hash, render_note
from eztong.gm.sm2 import PrivateKey
from tests.flows.cli.command import CommandLine

NOW = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
RESULT = {
    "format": "eztong/result/v1",
    "id": "ver_01KF0000000000000000000000",
    "partner": "hotel",
    "outcome": "passed",
    "environment": "sandbox",
    "claims": {"is_person": True},
}


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """A folder with proof.json and eztong-keys.json, made as the writer makes them."""
    folder = tmp_path_factory.mktemp("proved")
    key = PrivateKey.generate()
    spki = key.public_key().to_spki()
    leaves = [leaf_hash(render_canonical(RESULT)), leaf_hash(b"another")]
    levels = tree_levels(leaves)
    root = BatchRoot(
        origin="test.localhost", size=2, root=levels[-1][0], batch_id="bat_01KF0000000000000000000000", time=NOW
    )
    note = render_note(
        root,
        key_name="results-1",
        key_hash=key_hash(key_name="results-1", spki=spki),
        signature=key.sign(root.text().encode()),
    )
    proof = {"format": "eztong/proof/v1", "document": RESULT, **SignedBatch(levels, note).proof_part(0)}
    published = {
        "key_id": "results-1",
        "spki": base64.b64encode(spki).decode(),
        "not_before": "2026-01-01T00:00:00.000Z",
        "retired_at": None,
    }
    keys = {"format": "eztong/keys/v1", "origin": "test.localhost", "keys": [published]}
    (folder / "proof.json").write_text(json.dumps(proof))
    (folder / "eztong-keys.json").write_text(json.dumps(keys))
    return CommandLine(folder)


def change(proved: CommandLine, name: str, old: str, new: str) -> Path:
    """Write a copy of the proof with one change."""
    text = (proved.folder / "proof.json").read_text()
    assert old in text
    path = proved.folder / name
    path.write_text(text.replace(old, new, 1))
    return path


def test_a_proof_is_explained_in_plain_words(proved: CommandLine) -> None:
    done = proved.run("evidence", "verify", "proof.json", "--keys", "eztong-keys.json")
    assert done.code == 0
    assert done.out.startswith("valid: ")
    for word in ("passed", "hotel", "results-1", "bat_01KF", "is_person=yes"):
        assert word in done.out


def test_keys_beside_the_proof_are_found_and_json_is_alone_on_stdout(proved: CommandLine) -> None:
    done = proved.run("evidence", "verify", "proof.json", "--json")
    assert done.err == ""
    assert done.json()["valid"] is True
    assert done.json()["document"] == RESULT


def test_a_proof_may_come_in_by_a_pipe(proved: CommandLine) -> None:
    text = (proved.folder / "proof.json").read_bytes()
    assert proved.run("evidence", "verify", "-", "--keys", "eztong-keys.json", stdin=text).code == 0


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("passed", "passes", "document"),
        ("results-1", "results-2", "key"),
        ("test.localhost", "best.localhost", "signature"),
        ('"leaf_index": 0', '"leaf_index": 2', "leaf_index"),
        ("eztong/proof/v1", "eztong/proof/v2", "note"),
        ("eztong/proof/v1", "eztong/proof/v3", "file"),
    ],
)
def test_a_changed_part_is_named(proved: CommandLine, old: str, new: str, part: str) -> None:
    path = change(proved, f"changed-{part}.json", old, new)
    done = proved.run("evidence", "verify", path.name, "--json")
    assert done.code == 1
    assert done.json() == {"valid": False, "part": part, "why": done.json()["why"]}
    said = proved.run("evidence", "verify", path.name)
    assert said.out.startswith(f"invalid: {part}: ")


def test_without_keys_nothing_is_fetched(proved: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_bytes((proved.folder / "proof.json").read_bytes())
    done = CommandLine(tmp_path).run("evidence", "verify", "proof.json")
    assert done.code == 2
    assert "--keys" in done.err


def test_keys_at_an_address_that_does_not_answer(proved: CommandLine) -> None:
    done = proved.run("evidence", "verify", "proof.json", "--keys", "http://127.0.0.1:9/keys.json")
    assert done.code == 4
