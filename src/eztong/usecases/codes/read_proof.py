"""Rebuild the proof of something that was attested earlier."""

from __future__ import annotations

from typing import Any

from eztong.domain.canonical_json import parse_document
from eztong.domain.errors import NotFound, ProofInvalid
from eztong.domain.evidence.proof import proof_format, rebuild_batch
from eztong.domain.holder import Holder
from eztong.domain.identifiers import BatchId, HolderId, VerificationId
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import open_result


def proof_part(batch_id: BatchId, leaf_index: int, *, stored: Repositories) -> dict[str, Any]:
    """Return leaf index, path and note of one leaf, rebuilt from the store.

    Raises:
        NotFound: the batch is gone.
        ProofInvalid: the stored leaves no longer give the signed root, or have no such leaf.
    """
    note = stored.batches.note(batch_id)
    if note is None:
        raise NotFound("The batch is no longer kept.")
    leaves = stored.batches.leaves(batch_id)
    batch = rebuild_batch(leaves, note=note)
    if not 0 <= leaf_index < len(leaves):
        raise ProofInvalid("leaf_index: the batch has no such leaf")
    return batch.proof_part(leaf_index)


def proof_file(document: bytes, part: dict[str, Any]) -> dict[str, Any]:
    """Return the self-contained proof file of a document.

    Raises:
        ProofInvalid: the stored note is malformed.
    """
    return {"format": proof_format(part["note"]), "document": parse_document(document), **part}


def acceptance_receipt(holder_id: HolderId, acceptance_id: str, *, stored: Repositories) -> dict[str, Any]:
    """Return the proof file of an acceptance, for its holder.

    Raises:
        NotFound: none, or another holder's.
    """
    leaf = stored.agreements.acceptance_leaf(holder_id, acceptance_id)
    if leaf is None:
        raise NotFound
    document, batch_id, index = leaf
    return proof_file(document, proof_part(batch_id, index, stored=stored))


def act_receipt(holder_id: HolderId, act_id: str, *, stored: Repositories) -> dict[str, Any]:
    """Return the proof file of an attested act, for its holder.

    Raises:
        NotFound: none, or another holder's.
    """
    leaf = stored.acts.leaf(holder_id, act_id)
    if leaf is None:
        raise NotFound
    document, batch_id, index = leaf
    return proof_file(document, proof_part(batch_id, index, stored=stored))


def record_proof(
    holder: Holder, verification_id: VerificationId, *, stored: Repositories, keys: Keys
) -> dict[str, Any]:
    """Return the proof file of a verification, for its holder.

    Raises:
        NotFound: none, or another holder's.
    """
    verification = stored.verifications.one_of_holder(holder.holder_id, verification_id)
    if verification is None:
        raise NotFound
    result = open_result(verification, holder=holder, keys=keys)
    return proof_file(result, proof_part(verification.batch_id, verification.leaf_index, stored=stored))
