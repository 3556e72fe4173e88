"""Checking proofs with the product's own verifier, in this process."""

from __future__ import annotations

from eztong.domain.evidence.proof import VerifiedProof, parse_published_keys, verify_proof


def check(proof: bytes, keys: bytes) -> VerifiedProof:
    """Verify with the product's own verifier."""
    return verify_proof(proof, keys=parse_published_keys(keys))
