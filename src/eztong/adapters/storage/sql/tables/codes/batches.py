"""The table of signed batches."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text

batches = table(
    "batches",
    "Signed and chained roots: one for each group commit that attested something.",
    text("batch_id", "[id] the batch", key=True),
    text("note", "[evidence] signed note with size, root and time"),
    binary("leaves", "[evidence] the leaf hashes in order, 32 bytes each"),
    instant("created_at", "when it was signed"),
    text("writer", "[id] writer that signed it; empty before notes named their writer", optional=True),
    counter("number", "[evidence] the how manieth of its writer", optional=True),
)
Index("uq_batches_number", batches.c.writer, batches.c.number, unique=True)
