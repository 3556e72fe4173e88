"""Proofs: every document of every batch proves; no changed proof does; nothing unexpected is ever raised."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.proof import parse_published_keys, rebuild_batch, verify_proof
from eztong.gm.sm2 import PrivateKey
from tests.simulators.batches import FIRST, Signer, as_bytes, proof_file, signed_batch

SIGNER = Signer("results-1", PrivateKey.generate())
KEYS = SIGNER.published()
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(codec="utf-8"))
)
names = st.text(st.characters(codec="ascii"), max_size=8)
documents = st.dictionaries(names, st.one_of(scalars, st.lists(scalars, max_size=3)), max_size=4)
anything = st.recursive(
    st.one_of(scalars, st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = [{"id": f"ver_{number}", "outcome": "passed"} for number in range(11)]
BATCH = signed_batch(DOCUMENTS, SIGNER)


@settings(max_examples=40)
@given(st.lists(documents, min_size=1, max_size=12), st.booleans())
def test_every_document_of_a_batch_proves(batch: list[dict[str, Any]], chained: bool) -> None:
    signed = signed_batch(batch, SIGNER, place=FIRST if chained else None)
    for index, document in enumerate(batch):
        verified = verify_proof(as_bytes(proof_file(document, signed, index)), keys=KEYS)
        assert verified.document == document
        assert (verified.key_id, verified.batch.size) == ("results-1", len(batch))


@given(st.integers(0, 10), st.sampled_from(["format", "document", "leaf_index", "path", "note"]), anything)
def test_no_other_value_in_any_field_proves(index: int, name: str, value: object) -> None:
    proof = proof_file(DOCUMENTS[index], BATCH, index)
    if proof[name] == value:
        return
    with pytest.raises(ProofInvalid):
        verify_proof(as_bytes(proof | {name: value}), keys=KEYS)


@given(st.integers(0, 10), st.integers(0, 10**6), st.integers(0, 255))
def test_a_changed_byte_of_the_file_proves_nothing_else(index: int, place: int, byte: int) -> None:
    text = bytearray(as_bytes(proof_file(DOCUMENTS[index], BATCH, index)))
    text[place % len(text)] = byte
    try:
        verified = verify_proof(bytes(text), keys=KEYS)
    except ProofInvalid:
        return
    assert verified.document == DOCUMENTS[index], "a blank or another spelling of the same JSON"


@given(st.one_of(st.binary(max_size=200), anything.map(lambda value: repr(value).encode())))
def test_arbitrary_files_are_refused(text: bytes) -> None:
    with pytest.raises(ProofInvalid):
        verify_proof(text, keys=KEYS)
    with pytest.raises(ProofInvalid):
        parse_published_keys(text)


@given(
    st.dictionaries(st.sampled_from(["format", "origin", "keys"]), anything),
    st.lists(st.one_of(anything, st.just(SIGNER.entry())), max_size=2),
)
def test_arbitrary_key_files_are_refused_or_read(document: dict[str, object], entries: list[object]) -> None:
    for text in (as_bytes(document), as_bytes(document | {"format": "eztong/keys/v1", "keys": entries})):
        try:
            keys = parse_published_keys(text)
        except ProofInvalid as error:
            assert error.detail.startswith("keys: ")
            continue
        assert set(keys) <= {"results-1"}


@given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 255))
def test_a_changed_store_is_noticed_when_a_batch_is_rebuilt(place: int, byte: int, flip: int) -> None:
    leaves = list(BATCH.levels[0])
    rebuilt = rebuild_batch(leaves, note=BATCH.note)
    assert [list(level) for level in rebuilt.levels] == [list(level) for level in BATCH.levels]
    leaf = bytearray(leaves[place])
    leaf[byte] ^= flip
    changed = [*leaves[:place], bytes(leaf), *leaves[place + 1 :]]
    if changed == leaves:
        return
    with pytest.raises(ProofInvalid, match="root"):
        rebuild_batch(changed, note=BATCH.note)
