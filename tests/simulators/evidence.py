"""What the specifications alone let somebody outside do: check proofs by the published keys, make up numbers."""

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


def unknown_number(seed: int) -> str:
    """Return a number of the right form that was never issued (the check digit is ISO 7064 MOD 11,10)."""
    body = f"88{seed:015d}"
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return body + str((11 - rest) % 10)
