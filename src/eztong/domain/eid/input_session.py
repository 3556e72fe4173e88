"""Session keys that integrators encrypted parameters with: each belongs to the account that brought it first.

AES-CBC carries no tag, so that whoever may send one ciphertext again and again with changed initialisation vectors can
ask for its plaintext bit by bit. Three rules end that: a session key serves one account, with CBC also one
initialisation vector, and an account whose ciphertexts keep failing waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.identifiers import PartnerId

FAILURES_TO_LOCK: Final = 20
LOCK_WINDOW: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSession:
    """The first use of a session key. Only keyed hashes of the key and, for CBC, of the initialisation vector."""

    session_mac: bytes
    partner_id: PartnerId
    iv_mac: bytes
    failed: bool
    used_at: datetime

    def admits(self, other: InputSession) -> bool:
        """Say whether a further use is by the same account, with the same initialisation vector."""
        return (self.partner_id, self.iv_mac) == (other.partner_id, other.iv_mac)
