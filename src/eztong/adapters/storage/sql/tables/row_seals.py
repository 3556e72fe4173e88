"""Table of the tags of rows."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, table, text

row_seals = table(
    "row_seals",
    "Keyed tags of rows, by which a check finds rows that were changed, added or removed without the keys.",
    text("table_name", "[state] table of the row", key=True),
    text("row_key", "[id] the row's key, as SQL writes it", key=True),
    binary("tag", "[keyed] keyed tag over the row's columns"),
)
