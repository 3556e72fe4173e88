"""Randomness: the operating system's, and a replayable one for vectors, which warns."""

from __future__ import annotations

import secrets
import threading
import warnings

from typing_extensions import override

from eztong.gm.sm3 import sm3
from eztong.ports.entropy import Entropy


class ReplayedRandomnessWarning(UserWarning):
    """Predictable randomness is in use: every key and code made with it can be guessed."""


class SystemEntropy(Entropy):
    """The operating system's generator."""

    @override
    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    @override
    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)


class ReplayEntropy(Entropy):
    """SM3 in counter mode over a seed: the same seed gives the same bytes. For tests and vectors only."""

    def __init__(self, seed: bytes) -> None:
        """Start the sequence of ``seed``, loudly."""
        warnings.warn("predictable randomness is in use", ReplayedRandomnessWarning, stacklevel=2)
        self._seed = seed
        self._counter = 0
        self._gate = threading.Lock()

    @override
    def token(self, size: int) -> bytes:
        with self._gate:
            blocks = bytearray()
            while len(blocks) < size:
                blocks += sm3(self._seed + self._counter.to_bytes(8))
                self._counter += 1
        return bytes(blocks[:size])

    @override
    def below(self, limit: int) -> int:
        # 64 bits more than needed make the remainder's bias unmeasurable.
        return int.from_bytes(self.token((limit.bit_length() + 7) // 8 + 8)) % limit
