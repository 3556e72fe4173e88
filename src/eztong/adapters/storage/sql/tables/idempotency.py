"""The table of idempotency keys."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

idempotency_keys = table(
    "idempotency_keys",
    "First use of each idempotency key of a partner.",
    text("partner_id", "[id] the partner", key=True),
    binary("key_hash", "[keyed] SM3 of the key", key=True),
    text("operation", "[state] which call"),
    binary("body_hash", "[keyed] SM3 of the body"),
    text("resource_id", "[id] what was made"),
    instant("created_at", "when"),
)
Index("ix_idempotency_keys_created_at", idempotency_keys.c.created_at)
