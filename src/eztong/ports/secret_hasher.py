"""The secret hasher port: secrets that people choose (passwords, PINs) are kept as slow, memory-hard, salted hashes.

Never called inside a unit of work: it takes tens of milliseconds. Only a few hash at once and only a few wait for it;
one more is :class:`Busy`, at once. Whoever counts a try before the secret is compared takes the turn first, so that
being busy costs nobody a try.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Final, Protocol

SALT_BYTES: Final = 16


class SecretHasher(Protocol):
    """Hashes and compares; safe to call from any thread."""

    def turn(self) -> AbstractContextManager[None]:
        """Keep a turn for a block: what this thread hashes in it does not wait, and cannot be busy.

        Raises:
            Busy: too many hash or wait; the block was not begun.
        """
        ...

    def make_hash(self, secret: str, *, salt: bytes) -> str:
        """Return the encoded hash with its parameters and salt (:data:`SALT_BYTES` fresh random bytes).

        Raises:
            Busy: too many hash or wait.
        """
        ...

    def is_right(self, secret: str, encoded: str | None) -> bool:
        """Say whether the secret made this hash. None costs the same time and is never right (no enumeration).

        Raises:
            Busy: too many hash or wait.
        """
        ...
