"""Signed batches made in the test, as the service makes them, for what is about proofs alone."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from eztong.domain.canonical_json import render_canonical, render_time
from eztong.domain.evidence.merkle import leaf_hash, tree_levels
from eztong.domain.evidence.proof import (
    PublishedKey,
    SignedBatch,
    VerifiedProof,
    parse_published_keys,
    proof_format,
    verify_proof,
)
from eztong.domain.evidence.signed_note import NO_ROOT, BatchRoot, ChainPlace, key_hash, render_note
from eztong.gm.sm2 import PrivateKey

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
BATCH_ID = "bat_01KF0000000000000000000000"
WRITER_ID = "wri_01KF0000000000000000000000"
FIRST = ChainPlace(writer=WRITER_ID, number=1, previous=NO_ROOT)


@dataclass(frozen=True)
class Signer:
    """A key with the name under which it is published."""

    name: str
    private: PrivateKey
    not_before: datetime = NOW - timedelta(days=1)
    retired_at: datetime | None = None

    def entry(self) -> dict[str, Any]:
        """Return the key as the key file holds it."""
        return {
            "key_id": self.name,
            "spki": base64.b64encode(self.private.public_key().to_spki()).decode(),
            "not_before": render_time(self.not_before),
            "retired_at": None if self.retired_at is None else render_time(self.retired_at),
        }

    def published(self) -> dict[str, PublishedKey]:
        """Return the key as the verifier takes it."""
        key = PublishedKey(
            key_id=self.name,
            public_key=self.private.public_key(),
            not_before=self.not_before,
            retired_at=self.retired_at,
        )
        return {self.name: key}


def signed_batch(
    documents: Sequence[Mapping[str, Any]], signer: Signer, *, time: datetime = NOW, place: ChainPlace | None = FIRST
) -> SignedBatch:
    """Sign a batch of documents; without a ``place`` as version 1 did."""
    levels = tree_levels([leaf_hash(render_canonical(dict(document))) for document in documents])
    root = BatchRoot(
        origin="eztong.localhost", size=len(documents), root=levels[-1][0], batch_id=BATCH_ID, time=time, place=place
    )
    tied = key_hash(key_name=signer.name, spki=signer.private.public_key().to_spki())
    signature = signer.private.sign(root.text().encode())
    return SignedBatch(levels, render_note(root, key_name=signer.name, key_hash=tied, signature=signature))


def proof_file(document: Mapping[str, Any], batch: SignedBatch, index: int) -> dict[str, Any]:
    """Return the proof of a document."""
    return {"format": proof_format(batch.note), "document": dict(document), **batch.proof_part(index)}


def as_bytes(proof: Mapping[str, Any]) -> bytes:
    """Return the file."""
    return json.dumps(proof).encode()


def check(proof: bytes, keys: bytes) -> VerifiedProof:
    """Verify with the product's own verifier."""
    return verify_proof(proof, keys=parse_published_keys(keys))
