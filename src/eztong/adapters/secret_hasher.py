"""Argon2id over argon2-cffi, with few hashes at a time so that a flood of sign-ins cannot take all memory and cores."""

from __future__ import annotations

import threading
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from typing_extensions import override

from eztong.ports.secret_hasher import SecretHasher

# OWASP's floor for argon2id: 19 MiB, two passes, one lane; about 20 ms here.
MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
AT_ONCE: Final = 4


class Argon2Hasher(SecretHasher):
    """Hashes with a salt of its own for each secret."""

    def __init__(self, *, at_once: int = AT_ONCE) -> None:
        """Allow ``at_once`` computations side by side; the others wait."""
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._gate = threading.BoundedSemaphore(at_once)
        self._nobodys: str | None = None

    @override
    def hash(self, secret: str) -> str:
        with self._gate:
            return self._hasher.hash(secret)

    @override
    def fits(self, secret: str, encoded: str | None) -> bool:
        known = encoded if encoded is not None else self._hash_of_nobody()
        with self._gate:
            try:
                self._hasher.verify(known, secret)
            except (VerificationError, InvalidHashError):
                return False
        return encoded is not None

    def _hash_of_nobody(self) -> str:
        # Compared with when there is no account, so that a name that does not exist takes as long as one that does.
        if self._nobodys is None:
            self._nobodys = self.hash("nobody's")
        return self._nobodys
