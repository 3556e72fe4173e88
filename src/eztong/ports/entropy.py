"""The entropy port: the only source of randomness."""

from __future__ import annotations

from typing import Protocol


class Entropy(Protocol):
    """Gives cryptographically strong randomness; safe to call from any thread."""

    def token(self, size: int) -> bytes:
        """Return ``size`` random bytes, drawn now: for keys, nonces and secrets.

        Raises:
            ValueError: ``size`` is negative.
        """
        ...

    def id_bytes(self) -> bytes:
        """Return the random part of an identifier, ``ULID_RANDOM_BYTES`` long: unlike any other, and no secret.

        It may have been drawn earlier.
        """
        ...

    def below(self, limit: int) -> int:
        """Return a uniformly random integer in ``[0, limit)``."""
        ...
