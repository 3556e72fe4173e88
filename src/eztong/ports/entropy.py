"""The entropy port: the only source of randomness."""

from __future__ import annotations

from typing import Protocol


class Entropy(Protocol):
    """Gives cryptographically strong randomness; safe to call from any thread."""

    def token(self, size: int) -> bytes:
        """Return ``size`` random bytes."""
        ...

    def below(self, limit: int) -> int:
        """Return a uniformly random integer in ``[0, limit)``."""
        ...
