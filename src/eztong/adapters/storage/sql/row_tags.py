"""Tags of rows: a keyed digest of a row's columns, the same on every database.

Columns that are empty are left out of the tag, so a column that a later version adds changes no tag as long as it is
empty. The key is derived from the look-up key, which never rotates.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import msgspec

from eztong.adapters.storage.sql.tables import metadata
from eztong.gm.sm3 import HmacSm3Key
from eztong.ports.keys import Keys, MacPurpose

IN_ROW: Final = frozenset({"codes"})
"""Tables whose rows carry their tag themselves, in the column ``tag``: they are too many for a second row each."""

_OUTSIDE: Final = {"codes": frozenset({"tag", "state", "ended_at", "verification_id", "asking_hash", "replayed_at"})}
"""Columns that no tag covers. Verifications say the same as the first ones; the others decide nothing by themselves."""

_TAG_BYTES: Final = 16
_encode = msgspec.msgpack.Encoder().encode


class RowTags:
    """What makes and checks the tags of rows."""

    def __init__(self, keys: Keys) -> None:
        """Derive the key."""
        self._mac = HmacSm3Key(keys.mac(MacPurpose.LOOKUP, b"row_seal\x00v1")).digest

    def tag(self, table: str, values: Sequence[Any]) -> bytes:
        """Return the tag of a row, given the values of :func:`sealed_columns` in their order."""
        filled = [(name, value) for name, value in zip(sealed_columns(table), values, strict=True) if value is not None]
        return self._mac(_encode((table, filled)))[:_TAG_BYTES]

    def tag_of(self, table: str, row: Mapping[str, Any]) -> bytes:
        """Return the tag of a row by the names of its columns."""
        return self.tag(table, [row[name] for name in sealed_columns(table)])

    def fits(self, table: str, values: Sequence[Any], tag: object) -> bool:
        """Say whether a row has the tag that it should have."""
        try:
            return isinstance(tag, bytes) and hmac.compare_digest(tag, self.tag(table, values))
        except (UnicodeError, TypeError, OverflowError):
            # Values of a kind that we never write.
            return False


@cache
def sealed_columns(table: str) -> tuple[str, ...]:
    """Return the columns that a row's tag covers, in the table's order."""
    columns, outside = metadata.tables[table].columns, _OUTSIDE.get(table, ())
    # Plain strings: SQLAlchemy's names are of a class of their own.
    return tuple(f"{column.name}" for column in columns if column.name not in outside)
