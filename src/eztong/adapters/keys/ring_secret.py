"""What is derived from the secret of a ring: one value for each use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from typing_extensions import override

from eztong.domain.sealing import DATA_KEY_BYTES
from eztong.gm.sm3 import HmacSm3Key

_NAME_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class RingSecret:
    """The key that seals the ring's keys, the key of its check, and a name that opens nothing."""

    sealing: bytes
    check: HmacSm3Key
    name: str

    @classmethod
    def derive(cls, secret: bytes) -> Self:
        """Derive the three values from 16 secret bytes."""
        root = HmacSm3Key(secret)
        return cls(
            sealing=root.digest(b"eztong/keyring/v1/seal")[:DATA_KEY_BYTES],
            check=HmacSm3Key(root.digest(b"eztong/keyring/v1/check")),
            name=root.digest(b"eztong/keyring/v1/id").hex()[:_NAME_CHARACTERS],
        )

    @override
    def __repr__(self) -> str:
        return f"RingSecret({self.name})"
