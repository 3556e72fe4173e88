"""The secret hasher port: secrets that people choose (passwords, PINs) are kept as slow, salted hashes."""

from __future__ import annotations

from typing import Protocol


class SecretHasher(Protocol):
    """Hashes and compares. Slow on purpose: never to be called inside a unit of work. Safe to call from any thread."""

    def hash(self, secret: str) -> str:
        """Return a self-describing hash with a fresh salt."""
        ...

    def fits(self, secret: str, encoded: str | None) -> bool:
        """Say whether ``encoded`` was made of ``secret``; None takes as long and never fits."""
        ...
