"""What lies in the store and cannot be read, since it is not as this program wrote it.

It is its owner's trouble alone: what is done for others, and what only takes away, passes over it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from eztong.domain.errors import EztongError

T = TypeVar("T")
R = TypeVar("R")


class StoredDamaged(EztongError):
    """Something in the store is not as this program wrote it, so that it cannot be read."""

    code = "stored_damaged"
    advice = "Nothing was changed. Report the request id to the operator, who runs: eztong db check --full."


class SealedDataDamaged(StoredDamaged):
    """Something sealed in the store does not open: it was changed there, or belongs elsewhere."""

    code = "sealed_data_damaged"


class RowDamaged(StoredDamaged):
    """A row of the store cannot be read: a value in it is none that this program writes. It is never quoted."""

    code = "row_damaged"

    def __init__(self, table: str, key: str) -> None:
        """Name the row's table, and the columns by which the check names the row."""
        super().__init__(
            f"A row of the table {table} (known by {key}) cannot be read; nothing was changed. "
            "The operator finds it with eztong db check --full, and restores a backup of before."
        )


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A list across accounts: what can be read of it, and why each of the others cannot, which keep nobody waiting.

    Whoever lists says how many are missing; none is passed over in silence.
    """

    those: Sequence[T]
    damaged: Sequence[StoredDamaged] = ()

    @property
    def unreadable(self) -> int:
        """How many cannot be read."""
        return len(self.damaged)

    @property
    def failures(self) -> Sequence[str]:
        """The kind of each failure, as queues count them."""
        return [type(one).__name__ for one in self.damaged]

    @property
    def is_empty(self) -> bool:
        """Say whether there is no row at all, readable or not."""
        return not self.those and not self.damaged

    def each(self, read: Callable[[T], R]) -> Listed[R]:
        """Return what ``read`` returns for each; one that meets something damaged counts as unreadable itself."""
        made: list[R] = []
        missed = [*self.damaged]
        for one in self.those:
            try:
                made.append(read(one))
            except StoredDamaged as error:
                missed.append(error)
        return Listed(made, missed)
