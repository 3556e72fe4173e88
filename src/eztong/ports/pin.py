"""The PIN hasher port: a slow, memory-hard hash. Never called inside a unit of work: it takes tens of milliseconds."""

from __future__ import annotations

from typing import Protocol


class PinHasher(Protocol):
    """Hashes PINs; safe to call from any thread, and lets only a few hash at once."""

    def make_hash(self, pin: str, *, salt: bytes) -> str:
        """Return the encoded hash with its parameters and salt."""
        ...

    def is_right(self, pin: str, encoded: str | None) -> bool:
        """Say whether the PIN made this hash. None costs the same time and is never right (no enumeration)."""
        ...
