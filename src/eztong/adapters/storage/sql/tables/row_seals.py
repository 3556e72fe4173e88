"""Table of the tags of rows."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, table, text

row_seals = table(
    "row_seals",
    "Keyed tags of rows and counts of tables, by which a check finds what was changed without the keys.",
    text("table_name", "[state] table of the row; #count for how many a table has", key=True),
    text("row_key", "[id] the row's key, as SQL writes it, or the table that is counted", key=True),
    binary("tag", "[keyed] keyed tag over the row's columns, or a number with its keyed tag"),
)
