"""Checking proofs as somebody would who has only the published keys, and nothing of the product."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.simulators.service import Service

INDEPENDENT = Path(__file__).parents[2] / "docs" / "specs" / "verify_proof.py"


def proof_of(verification: dict[str, Any]) -> bytes:
    """Return the proof file of a verification as it was answered."""
    parts = {"format": "eztong/proof/v2", "document": verification["result"], **verification["proof"]}
    return json.dumps(parts).encode()


def published(service: Service) -> bytes:
    """Return the published keys."""
    answer = service.http.get("/.well-known/eztong-keys.json")
    answer.raise_for_status()
    return answer.content


def check_independently(proof: bytes, keys: bytes, folder: Path) -> subprocess.CompletedProcess[str]:
    """Verify with the specification's own verifier, which shares no code with the product."""
    (folder / "proof.json").write_bytes(proof)
    (folder / "keys.json").write_bytes(keys)
    return subprocess.run(
        [sys.executable, str(INDEPENDENT), "proof.json", "keys.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
