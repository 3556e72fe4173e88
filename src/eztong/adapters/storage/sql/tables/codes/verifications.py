"""The table of verifications: the hot path."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

verifications = table(
    "verifications",
    "Authentications and their immutable outcomes.",
    text("partner_id", "[id] who asked", key=True),
    text("verification_id", "[id] the verification; sorts by time", key=True),
    text("holder_id", "[id] the account, if known", optional=True),
    text("code_id", "[id] the code that was used", optional=True),
    text("request_id", "[id] the request that was answered", optional=True),
    text("outcome", "[state] passed, not_passed, declined, expired or unavailable"),
    text("reason", "[state] exact reason, never told to the partner", optional=True),
    text("scene", "[state] scene"),
    text("desk", "[state] desk", optional=True),
    text("method", "[state] qr, number or request"),
    text("claims", "[state] claims that were told, separated by spaces"),
    instant("created_at", "when it was decided"),
    binary("result", "[evidence] canonical result without a name; empty if sealed", optional=True),
    binary("sealed_result", "[sealed] canonical result that tells a masked name", optional=True),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
    text("api_key_id", "[id] key that asked", optional=True),
)
Index("ix_verifications_holder_id", verifications.c.holder_id, verifications.c.verification_id)
