"""Names of accounts, many at once: one that was damaged names nobody, and keeps no other back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import bindparam, or_, select

from eztong.adapters.storage.sql.readable import as_bytes, readable, reads, text_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.domain.holder import WITH_ACCOUNT
from eztong.domain.identifiers import HolderId

_AFTER: Final = Statement(
    select(*as_bytes([holders.c.holder_id]))
    .where(holders.c.holder_id > bindparam("after"), or_(*(holders.c.state == state for state in sorted(WITH_ACCOUNT))))
    .order_by(holders.c.holder_id)
    .limit(bindparam("at_most"))
    .offset(bindparam("passed"))
)


@reads(holders)
def account_name_of(row: Row) -> HolderId:
    """Return the name of an account, which comes as bytes."""
    return HolderId(text_of(row[0]))


def accounts_after(database: Database, holder_id: HolderId, *, limit: int) -> Sequence[HolderId]:
    """Return the readable names of accounts that have not ended, in their order, from behind ``holder_id``."""
    found: list[HolderId] = []
    passed = 0
    while True:
        # A damaged name has a place in the order, but none that a text could say: so rows are counted over.
        rows = database.all(_AFTER, {"after": holder_id, "at_most": limit, "passed": passed})
        found += readable(account_name_of, rows)
        passed += len(rows)
        if len(rows) < limit or len(found) >= limit:
            return found[:limit]
