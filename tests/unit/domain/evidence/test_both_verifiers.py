"""The product's verifier and the specification's own agree on both versions, and on what lies between them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.proof import parse_published_keys
from eztong.domain.evidence.signed_note import ChainPlace
from eztong.gm.sm2 import PrivateKey
from tests.simulators.batches import FIRST, WRITER_ID, Signer, as_bytes, check, proof_file, signed_batch
from tests.simulators.evidence import check_independently

SIGNER = Signer("results-1", PrivateKey.generate())
KEYS = as_bytes({"format": "eztong/keys/v1", "origin": "eztong.localhost", "keys": [SIGNER.entry()]})
DOCUMENTS = [{"id": f"ver_{n}", "outcome": "passed"} for n in range(5)]
LATER = ChainPlace(writer=WRITER_ID, number=10**15 - 1, previous=b"p" * 32)


def made(place: ChainPlace | None) -> dict[str, Any]:
    return proof_file(DOCUMENTS[4], signed_batch(DOCUMENTS, SIGNER, place=place), 4)


@pytest.mark.parametrize("place", [None, FIRST, LATER], ids=["version 1", "version 2", "version 2, later"])
def test_both_accept_either_version(place: ChainPlace | None, tmp_path: Path) -> None:
    assert parse_published_keys(KEYS)
    proof = as_bytes(made(place))
    assert check(proof, KEYS).batch.place == place
    done = check_independently(proof, KEYS, tmp_path)
    assert (done.returncode, done.stdout.split(":")[0]) == (0, "valid"), done.stdout + done.stderr


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (None, "eztong/proof/v1", "eztong/proof/v2"),
        (FIRST, "eztong/proof/v2", "eztong/proof/v1"),
        (FIRST, "eztong/batch/v2", "eztong/batch/v1"),
        (None, "eztong/batch/v1", "eztong/batch/v2"),
        (FIRST, "number 1", "number 2"),
        (FIRST, "number 1", "number 01"),
        (FIRST, "previous AA", "previous AB"),
        (FIRST, "writer wri_01", "writer wri_02"),
        (FIRST, "writer wri_01", "writer wrI_01"),
    ],
)
def test_both_refuse_what_was_changed(place: ChainPlace | None, old: str, new: str, tmp_path: Path) -> None:
    text = as_bytes(made(place)).decode()
    assert old in text
    proof = text.replace(old, new, 1).encode()
    with pytest.raises(ProofInvalid):
        check(proof, KEYS)
    done = check_independently(proof, KEYS, tmp_path)
    assert (done.returncode, done.stdout.split(":")[0]) == (1, "invalid"), done.stdout + done.stderr
