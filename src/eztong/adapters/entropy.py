"""Randomness: the operating system's, and a replayable one for tests and vectors, which warns."""

from __future__ import annotations

import os
import secrets
import threading
import warnings
from typing import ClassVar, Final

from typing_extensions import override

from eztong.domain.identifiers import ULID_RANDOM_BYTES
from eztong.gm.sm3 import DIGEST_SIZE, sm3_state
from eztong.ports.entropy import Entropy

_COUNTER_BYTES = 8
_DRAWN_AT_ONCE: Final = 64
"""How many ids share one call of the system."""


class ReplayedRandomnessWarning(UserWarning):
    """Predictable randomness is in use: every key and code made with it can be guessed."""


class SystemEntropy(Entropy):
    """The operating system's generator.

    What ids need is drawn many at a time: each call of the system lets the interpreter go, and a round of the group
    commit needs an id for each of its jobs. They are the same bytes, only read earlier. Each is handed out once, since
    ``pop`` takes one atomically, and a forked child begins without those of its parent. Keys, nonces and secrets are
    drawn when they are asked for: what a copy of the machine would repeat guards nothing.
    """

    _for_ids: ClassVar[list[bytes]] = []

    @override
    def token(self, size: int) -> bytes:
        return secrets.token_bytes(size)

    @override
    def id_bytes(self) -> bytes:
        try:
            return self._for_ids.pop()
        except IndexError:
            drawn = secrets.token_bytes(ULID_RANDOM_BYTES * _DRAWN_AT_ONCE)
            starts = range(ULID_RANDOM_BYTES, len(drawn), ULID_RANDOM_BYTES)
            self._for_ids.extend(drawn[at : at + ULID_RANDOM_BYTES] for at in starts)
            return drawn[:ULID_RANDOM_BYTES]

    @classmethod
    def forget(cls) -> None:
        """Drop what was drawn and not handed out."""
        cls._for_ids.clear()

    @override
    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)


os.register_at_fork(after_in_child=SystemEntropy.forget)


class ReplayEntropy(Entropy):
    """SM3 in counter mode over a seed: the same seed and calls give the same bytes. For tests and vectors only.

    Block ``n`` is ``SM3(SM3(seed) || n)`` with ``n`` in eight bytes, big-endian; each call begins a new block.
    """

    def __init__(self, seed: bytes) -> None:
        """Start the sequence of ``seed``, loudly."""
        warnings.warn("predictable randomness is in use", ReplayedRandomnessWarning, stacklevel=2)
        # Hashed first: seeds of any length, and none that is the beginning of another's blocks.
        self._state = sm3_state(sm3_state(seed).digest())
        self._counter = 0
        self._gate = threading.Lock()

    @override
    def token(self, size: int) -> bytes:
        if size < 0:
            raise ValueError("a token cannot have fewer than no bytes")
        count = -(-size // DIGEST_SIZE)
        with self._gate:
            first, self._counter = self._counter, self._counter + count
        return b"".join(self._block(number) for number in range(first, first + count))[:size]

    @override
    def id_bytes(self) -> bytes:
        return self.token(ULID_RANDOM_BYTES)

    @override
    def below(self, limit: int) -> int:
        if limit < 1:
            raise ValueError("there is no number below the limit")
        bits = (limit - 1).bit_length()
        # Numbers that reach the limit are thrown away, so that all that remain are equally likely.
        while True:
            drawn = int.from_bytes(self.token((bits + 7) // 8)) >> (-bits % 8)
            if drawn < limit:
                return drawn

    def _block(self, number: int) -> bytes:
        state = self._state.copy()
        state.update(number.to_bytes(_COUNTER_BYTES))
        return state.digest()
