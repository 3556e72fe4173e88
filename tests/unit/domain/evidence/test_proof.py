"""Proofs: the life of a key, and every part that may fail, told by name."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.proof import PublishedKey, parse_published_keys, rebuild_batch, verify_proof
from eztong.domain.evidence.signed_note import ChainPlace, key_hash
from eztong.gm.sm2 import PrivateKey
from tests.simulators.batches import FIRST, NOW, Signer, as_bytes, proof_file, signed_batch

SIGNER = Signer("results-1", PrivateKey.generate())
OTHER = Signer("results-2", PrivateKey.generate())
DOCUMENTS = [{"id": f"ver_{n}", "outcome": "passed"} for n in range(3)]
SECOND = timedelta(seconds=1)


def refused(proof: Mapping[str, Any], keys: Mapping[str, PublishedKey]) -> str:
    """Return why a proof does not hold."""
    with pytest.raises(ProofInvalid) as caught:
        verify_proof(as_bytes(proof), keys=keys)
    return caught.value.detail


def made(signer: Signer = SIGNER, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - what signed_batch takes
    """Return a proof of the second document."""
    return proof_file(DOCUMENTS[1], signed_batch(DOCUMENTS, signer, **more), 1)


def test_a_proof_tells_document_batch_and_key() -> None:
    verified = verify_proof(as_bytes(made()), keys=SIGNER.published() | OTHER.published())
    assert verified.document == DOCUMENTS[1]
    assert (verified.batch.origin, verified.batch.size, verified.batch.time) == ("eztong.localhost", 3, NOW)
    assert verified.key_id == "results-1"


@pytest.mark.parametrize(
    ("not_before", "retired_at", "holds"),
    [
        (NOW, None, True),
        (NOW, NOW, True),
        (NOW - SECOND, NOW + SECOND, True),
        (NOW + SECOND, None, False),
        (NOW - 2 * SECOND, NOW - SECOND, False),
    ],
)
def test_a_batch_counts_only_within_the_life_of_its_key(not_before: Any, retired_at: Any, *, holds: bool) -> None:  # noqa: ANN401 - moments
    keys = replace(SIGNER, not_before=not_before, retired_at=retired_at).published()
    if holds:
        verify_proof(as_bytes(made()), keys=keys)
    else:
        assert refused(made(), keys) == "key: the batch was signed outside the key's published life"


def test_a_proof_of_version_1_stays_valid() -> None:
    old = made(place=None)
    assert old["format"] == "eztong/proof/v1"
    assert verify_proof(as_bytes(old), keys=SIGNER.published()).batch.place is None


def test_a_proof_of_version_2_tells_its_place_in_the_chain() -> None:
    assert made()["format"] == "eztong/proof/v2"
    assert verify_proof(as_bytes(made()), keys=SIGNER.published()).batch.place == FIRST


@pytest.mark.parametrize(("place", "named"), [(FIRST, "eztong/proof/v1"), (None, "eztong/proof/v2")])
def test_a_file_may_not_name_another_version_than_its_note(place: ChainPlace | None, named: str) -> None:
    assert refused(made(place=place) | {"format": named}, SIGNER.published()).startswith("note: ")


def test_an_unpublished_key_is_named() -> None:
    assert refused(made(), OTHER.published()).startswith("key: the note names a key")
    assert refused(made(), {}).startswith("key: ")


def test_another_key_under_the_same_name_is_noticed_by_its_hash() -> None:
    impostor = replace(OTHER, name="results-1")
    assert refused(made(impostor), SIGNER.published()).startswith("key: the key hash")


def test_a_signature_of_another_key_under_a_true_hash_is_refused() -> None:
    spki = SIGNER.private.public_key().to_spki()
    tied = key_hash(key_name="results-1", spki=spki)
    proof = made(replace(OTHER, name="results-1"))
    head, _, blob = proof["note"].rstrip("\n").rpartition(" ")
    forged = base64.b64encode(tied + base64.b64decode(blob)[4:]).decode()
    assert refused(proof | {"note": f"{head} {forged}\n"}, SIGNER.published()).startswith("signature: ")


def test_the_document_is_hashed_in_its_canonical_form_whatever_the_spelling() -> None:
    proof = made()
    proof["document"] = dict(reversed(proof["document"].items()))
    text = json.dumps(proof, indent=3, ensure_ascii=True).encode()
    assert verify_proof(text, keys=SIGNER.published()).document == DOCUMENTS[1]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"", "file"),
        (b"[]", "file"),
        (b"{}", "file"),
        (b"\xff", "file"),
        (b'{"format": "eztong/proof/v1", "format": "eztong/proof/v1"}', "file"),
        (b"[" * 100_000, "file"),
        (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "file"),
    ],
)
def test_what_is_no_proof_file_is_refused(text: bytes, part: str) -> None:
    with pytest.raises(ProofInvalid, match=f"^{part}: "):
        verify_proof(text, keys=SIGNER.published())


def test_a_lone_surrogate_has_no_canonical_form() -> None:
    text = as_bytes(made()).replace(b"ver_1", b"\\ud800")
    with pytest.raises(ProofInvalid, match=r"^document: it has no canonical form"):
        verify_proof(text, keys=SIGNER.published())


def test_a_path_may_not_be_endless() -> None:
    step = base64.b64encode(b"x" * 32).decode()
    assert refused(made() | {"path": [step] * 31}, SIGNER.published()).startswith("path: ")


def test_published_keys_read_back() -> None:
    retired = replace(OTHER, retired_at=NOW)
    text = as_bytes({"format": "eztong/keys/v1", "origin": "x", "keys": [SIGNER.entry(), retired.entry()]})
    keys = parse_published_keys(text)
    assert set(keys) == {"results-1", "results-2"}
    assert (keys["results-1"].retired_at, keys["results-2"].retired_at) == (None, NOW)
    verify_proof(as_bytes(made()), keys=keys)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "eztong/keys/v2"},
        {"keys": None},
        {"keys": [SIGNER.entry(), SIGNER.entry()]},
        {"keys": [SIGNER.entry() | {"spki": "AAAA"}]},
        {"keys": [SIGNER.entry() | {"spki": 7}]},
        {"keys": [SIGNER.entry() | {"not_before": "yesterday"}]},
        {"keys": [{"key_id": "results-1"}]},
        {"keys": ["results-1"]},
    ],
)
def test_a_malformed_key_file_is_refused(change: dict[str, Any]) -> None:
    text = as_bytes({"format": "eztong/keys/v1", "origin": "x", "keys": [SIGNER.entry()]} | change)
    with pytest.raises(ProofInvalid, match=r"^keys: "):
        parse_published_keys(text)


def test_a_batch_is_rebuilt_only_from_its_own_leaves() -> None:
    batch = signed_batch(DOCUMENTS, SIGNER)
    assert rebuild_batch(batch.levels[0], note=batch.note).proof_part(2) == batch.proof_part(2)
    for leaves in (batch.levels[0][:2], [*batch.levels[0], batch.levels[0][0]], batch.levels[0][::-1]):
        with pytest.raises(ProofInvalid, match=r"^root: "):
            rebuild_batch(leaves, note=batch.note)
