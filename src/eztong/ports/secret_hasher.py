"""The secret hasher port: secrets that people choose (passwords, PINs) are kept as slow, memory-hard, salted hashes.

Never called inside a unit of work: it takes tens of milliseconds.
"""

from __future__ import annotations

from typing import Final, Protocol

SALT_BYTES: Final = 16


class SecretHasher(Protocol):
    """Hashes and compares; safe to call from any thread, and lets only a few hash at once."""

    def make_hash(self, secret: str, *, salt: bytes) -> str:
        """Return the encoded hash with its parameters and salt (:data:`SALT_BYTES` fresh random bytes)."""
        ...

    def is_right(self, secret: str, encoded: str | None) -> bool:
        """Say whether the secret made this hash. None costs the same time and is never right (no enumeration)."""
        ...
