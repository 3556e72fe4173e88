"""The secret hasher over argon2id. Only a few hash at once: each takes a core and many megabytes for its time."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Final

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret
from typing_extensions import override

from eztong.adapters.bounded_gate import BoundedGate
from eztong.ports.secret_hasher import SALT_BYTES, SecretHasher

_HASH_BYTES: Final = 32
_NO_SALT: Final = bytes(SALT_BYTES)
_PATIENCE_SECONDS: Final = 5.0
WAITING: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HashCost:
    """What one hash costs. The defaults follow OWASP's advice for argon2id: 19 MiB, two passes, one lane."""

    memory_kib: int = 19_456
    passes: int = 2
    lanes: int = 1


class Argon2Hasher(SecretHasher):
    """Hashes with argon2id; ``at_once`` bounds memory and cores, ``waiting`` the worker threads that wait for them."""

    def __init__(self, cost: HashCost, *, at_once: int, waiting: int = WAITING) -> None:
        """Take the cost of a hash, how many may run at the same time and how many may wait for that."""
        self._cost = cost
        self._gate = BoundedGate(at_once=at_once, waiting=waiting, patience=_PATIENCE_SECONDS)
        self._nobody = _nobodys(cost)

    @override
    def turn(self) -> AbstractContextManager[None]:
        return self._gate.enter()

    @override
    def make_hash(self, secret: str, *, salt: bytes) -> str:
        with self._gate.enter():
            return _hash(secret, salt, self._cost)

    @override
    def is_right(self, secret: str, encoded: str | None) -> bool:
        # Nobody's hash is compared in full, too: who asks for a stranger waits as long as for a friend.
        with self._gate.enter():
            try:
                verify_secret((self._nobody if encoded is None else encoded).encode(), secret.encode(), Type.ID)
            except (VerificationError, InvalidHashError):
                return False
        return encoded is not None


def _hash(secret: str, salt: bytes, cost: HashCost) -> str:
    return hash_secret(
        secret.encode(),
        salt,
        time_cost=cost.passes,
        memory_cost=cost.memory_kib,
        parallelism=cost.lanes,
        hash_len=_HASH_BYTES,
        type=Type.ID,
    ).decode()


@cache
def _nobodys(cost: HashCost) -> str:
    """Return what is compared where there is no hash: the same for everybody, so it is made once."""
    return _hash("", _NO_SALT, cost)
