"""What lies in the store and cannot be read, since it is not as this program wrote it.

It is its owner's trouble alone: what is done for others, and what only takes away, passes over it.
"""

from __future__ import annotations

from eztong.domain.errors import EztongError


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
