"""The secret hasher over argon2id. Only a few hash at once: each takes a core and many megabytes for its time."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret
from typing_extensions import override

from eztong.ports.secret_hasher import SALT_BYTES, SecretHasher

_HASH_BYTES: Final = 32
_NO_SALT: Final = bytes(SALT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCost:
    """What one hash costs. The defaults follow OWASP's advice for argon2id: 19 MiB, two passes, one lane."""

    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1


class Argon2Hasher(SecretHasher):
    """Hashes with argon2id; ``at_once`` bounds memory and cores, whoever waits waits."""

    def __init__(self, cost: HashCost, *, at_once: int) -> None:
        """Take the cost of a hash and how many may run at the same time."""
        self._cost = cost
        self._turns = threading.BoundedSemaphore(at_once)
        self._nobody = self.make_hash("", salt=_NO_SALT)

    @override
    def make_hash(self, secret: str, *, salt: bytes) -> str:
        with self._turns:
            return hash_secret(
                secret.encode(),
                salt,
                time_cost=self._cost.passes,
                memory_cost=self._cost.memory_kib,
                parallelism=self._cost.lanes,
                hash_len=_HASH_BYTES,
                type=Type.ID,
            ).decode()

    @override
    def is_right(self, secret: str, encoded: str | None) -> bool:
        # Nobody's hash is compared in full, too: who asks for a stranger waits as long as for a friend.
        with self._turns:
            try:
                verify_secret((self._nobody if encoded is None else encoded).encode(), secret.encode(), Type.ID)
            except (VerificationError, InvalidHashError):
                return False
        return encoded is not None
