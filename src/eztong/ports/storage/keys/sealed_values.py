"""The port of everything that a key of the ring seals, across all aggregates: for sealing it again under another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from eztong.ports.keys import SealPurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedValue:
    """A value as it is stored: a data key, or a value of the service's own.

    ``row`` is the primary key of its row in ``part``. ``place`` is what it is bound to: of a data key, its owner alone.
    """

    part: str
    row: tuple[str, ...]
    purpose: SealPurpose
    key_id: str
    place: tuple[str, ...]
    sealed: bytes


class SealedValueRepository(Protocol):
    """Sealed values by parts: one part is one column of one table."""

    def parts(self) -> Sequence[str]:
        """Return the parts, in an order that stays."""
        ...

    def batch(self, part: str, *, after: tuple[str, ...], limit: int) -> Sequence[SealedValue]:
        """Return the first values of ``part`` behind a row; from the first one on where ``after`` is empty.

        Raises:
            RowDamaged: the key of a row cannot be read.
        """
        ...

    def replace(self, old: SealedValue, *, key_id: str, sealed: bytes) -> bool:
        """Put ``sealed`` in the place of ``old`` if that stands there still; return whether it did."""
        ...

    def count_by_key(self) -> Mapping[str, int]:
        """Return how many values are sealed under each key, by its id. Reads every value once."""
        ...
