"""The port of a ring whose keys turn: what the console has done to keys, after two operators agreed on it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.ports.entropy import Entropy
from eztong.ports.keys import KeyInfo


class KeyTurning(Protocol):
    """Makes new keys. Safe to call from any thread, and beside other processes."""

    def reload_if_changed(self) -> bool:
        """Take over what another process changed, and return whether there was something."""
        ...

    def rotate(self, purpose: str, *, entropy: Entropy, now: datetime, expected: str) -> KeyInfo:
        """Make the key ``expected`` the active one of ``purpose``; the others age. Durable when it returns.

        Raises:
            RotatedMeanwhile: another one would be the next. Nothing was changed.
            RotationRefused: the purpose stays, or rotated just now. Nothing was changed.
        """
        ...
