"""The table of what is left of evidence whose row is gone."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

leaf_stubs = table(
    "leaf_stubs",
    "What is left of an attested row that erasure or retention removed: enough to tell that from loss.",
    text("batch_id", "[id] batch that signed it", key=True),
    whole("leaf_index", "[evidence] its place in the batch", key=True),
    binary("leaf_hash", "[evidence] hash of the document that stood there"),
    text("attested", "[state] table that the row was in"),
    instant("at", "when what it said was"),
)
