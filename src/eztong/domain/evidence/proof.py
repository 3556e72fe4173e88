"""Proofs: one document, its place in a batch, and the batch's signed root; checkable offline.

A proof file is one JSON object::

    {"format": "eztong/proof/v2", "document": {...}, "leaf_index": 3, "path": ["<base64>", ...], "note": "..."}

Version 2 holds a note of version 2, which names its writer, its number and the root before it; files of version 1 hold
a note of version 1 and stay valid.

Verification is the recipe in :func:`verify_proof`, steps 1 to 6, the same as in docs/specs/proof.md.
"""

from __future__ import annotations

from binascii import b2a_base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, recanonicalise
from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.merkle import HASH_BYTES, audit_path, leaf_hash, root_from_path, tree_levels
from eztong.domain.evidence.signed_note import BatchRoot, SignedNote, decode_base64, key_hash, parse_note
from eztong.gm.errors import GmError
from eztong.gm.sm2 import PublicKey

_FORMATS = {1: "eztong/proof/v1", 2: "eztong/proof/v2"}
KEYS_FORMAT = "eztong/keys/v1"
_FIELDS = {"format", "document", "leaf_index", "path", "note"}
_MAX_PATH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedKey:
    """A verification key as published under ``/.well-known/eztong-keys.json``."""

    key_id: str
    public_key: PublicKey
    not_before: datetime
    retired_at: datetime | None


@dataclass(frozen=True)
class SignedBatch:
    """A committed batch: the levels of its tree and its signed note. What its proofs share is spelled once."""

    levels: Sequence[Sequence[bytes]]
    note: str

    def proof_part(self, index: int) -> dict[str, Any]:
        """Return the proof of leaf ``index`` without its document."""
        return {"leaf_index": index, "path": audit_path(self._spelled, index), "note": self.note}

    def render_part(self, index: int) -> bytes:
        """Return :meth:`proof_part` as JSON."""
        return b'{"leaf_index":%d,"path":[%b],"note":%b}' % (index, self._paths[index], self._quoted_note)

    @cached_property
    def _spelled(self) -> Sequence[Sequence[str]]:
        return [[b2a_base64(node, newline=False).decode() for node in level] for level in self.levels]

    @cached_property
    def _paths(self) -> Sequence[bytes]:
        """The path of each leaf as JSON has it, made from the root down: two leaves share all but their last step."""
        paths = [b""]
        for level in reversed(self.levels[:-1]):
            steps = [b'"%b"' % b2a_base64(node, newline=False) for node in level]
            paths = [_path_of(place, steps, paths[place >> 1]) for place in range(len(steps))]
        return paths

    @cached_property
    def _quoted_note(self) -> bytes:
        return msgspec.json.encode(self.note)


def _path_of(place: int, steps: Sequence[bytes], above: bytes) -> bytes:
    sibling = place ^ 1
    # The last node of a level may have none.
    if sibling >= len(steps):
        return above
    return steps[sibling] + b"," + above if above else steps[sibling]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedProof:
    """What a proof proved: this document was in that batch, signed by this key."""

    document: dict[str, Any]
    batch: BatchRoot
    key_id: str


def proof_format(note: str) -> str:
    """Return the format of a proof file that holds ``note``.

    Raises:
        ProofInvalid: the note is malformed.
    """
    return _FORMATS[parse_note(note).unverified_root.version]


def rebuild_batch(leaves: Sequence[bytes], *, note: str) -> SignedBatch:
    """Return the batch again from its stored leaf hashes and note.

    Raises:
        ProofInvalid: the leaves do not give the root that the note signs: the store was changed.
    """
    if not leaves:
        raise ProofInvalid("root: the leaves of the batch are gone")
    batch = SignedBatch(tree_levels(leaves), note)
    if batch.levels[-1][0] != parse_note(note).unverified_root.root:
        raise ProofInvalid("root: the stored leaves do not give the signed root")
    return batch


def parse_published_keys(text: bytes) -> dict[str, PublishedKey]:
    """Read a published key file.

    Raises:
        ProofInvalid: the file is not of the published form.
    """
    try:
        document = parse_document(text)
        if document.get("format") != KEYS_FORMAT:
            raise ProofInvalid(f"keys: the format is not {KEYS_FORMAT}")
        keys = [_parse_key(entry) for entry in document["keys"]]
    except (DocumentMalformed, GmError, KeyError, TypeError, AttributeError) as error:
        raise ProofInvalid("keys: the key file is malformed") from error
    by_id = {key.key_id: key for key in keys}
    if len(by_id) != len(keys):
        raise ProofInvalid("keys: a key id appears twice")
    return by_id


def _parse_key(entry: Mapping[str, Any]) -> PublishedKey:
    retired = entry.get("retired_at")
    return PublishedKey(
        key_id=str(entry["key_id"]),
        public_key=PublicKey.from_spki(decode_base64(entry["spki"], part="keys")),
        not_before=parse_time(entry["not_before"]),
        retired_at=None if retired is None else parse_time(retired),
    )


def verify_proof(proof_text: bytes, *, keys: Mapping[str, PublishedKey]) -> VerifiedProof:
    """Check a proof with nothing but published keys.

    1. The file has exactly the five fields, of the right types.
    2. The note parses, is of the file's version, and its canonical text is what was sent.
    3. The named key is published, its hash fits, and the batch time lies within the key's life.
    4. The signature covers the note's text.
    5. The document's canonical bytes hash to the leaf.
    6. Leaf, index and path lead to the signed root.

    Raises:
        ProofInvalid: ``detail`` begins with the part that failed.
    """
    document, index, path, note = _parse_proof(proof_text)
    root = note.unverified_root
    key = _choose_key(note, keys)
    try:
        key.public_key.verify(note.signature, note.signed_text)
    except GmError as error:
        raise ProofInvalid("signature: it does not fit the note and key") from error
    try:
        leaf = leaf_hash(recanonicalise(document))
    except DocumentMalformed as error:
        raise ProofInvalid("document: it has no canonical form") from error
    if root_from_path(leaf, index=index, size=root.size, path=path) != root.root:
        raise ProofInvalid("document: it does not lead to the signed root (document, leaf_index or path was changed)")
    return VerifiedProof(document=document, batch=root, key_id=key.key_id)


def _parse_proof(proof_text: bytes) -> tuple[dict[str, Any], int, list[bytes], SignedNote]:
    try:
        proof = parse_document(proof_text)
    except DocumentMalformed as error:
        raise ProofInvalid(f"file: {error.detail}") from error
    if set(proof) != _FIELDS or proof["format"] not in _FORMATS.values():
        raise ProofInvalid(f"file: not a proof of format {' or '.join(_FORMATS.values())}")
    document, index, path, note = proof["document"], proof["leaf_index"], proof["path"], proof["note"]
    if not isinstance(document, dict):
        raise ProofInvalid("document: it must be an object")
    if not isinstance(index, int) or isinstance(index, bool):
        raise ProofInvalid("leaf_index: it must be a whole number")
    if not isinstance(path, list) or len(path) > _MAX_PATH or not all(isinstance(step, str) for step in path):
        raise ProofInvalid("path: it must be a list of base64 hashes")
    steps = [decode_base64(step, part="path") for step in path]
    if any(len(step) != HASH_BYTES for step in steps):
        raise ProofInvalid("path: each step must have 32 bytes")
    if not isinstance(note, str):
        raise ProofInvalid("note: it must be a text")
    parsed = parse_note(note)
    if _FORMATS[parsed.unverified_root.version] != proof["format"]:
        raise ProofInvalid("note: it is not of the version that the file names")
    return document, index, steps, parsed


def _choose_key(note: SignedNote, keys: Mapping[str, PublishedKey]) -> PublishedKey:
    key = keys.get(note.key_name)
    if key is None:
        raise ProofInvalid("key: the note names a key that is not published here")
    if key_hash(key_name=key.key_id, spki=key.public_key.to_spki()) != note.key_hash:
        raise ProofInvalid("key: the key hash in the note does not fit the published key")
    time = note.unverified_root.time
    if time < key.not_before or (key.retired_at is not None and time > key.retired_at):
        raise ProofInvalid("key: the batch was signed outside the key's published life")
    return key
