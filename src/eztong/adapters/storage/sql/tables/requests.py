"""The table of partner-started requests."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

requests = table(
    "requests",
    "Partner-started flows that wait for a holder.",
    text("partner_id", "[id] who asks", key=True),
    text("request_id", "[id] the request; sorts by time", key=True),
    binary("token_hash", "[keyed] keyed hash of the token in the link"),
    text("scene", "[state] scene"),
    text("desk", "[state] desk", optional=True),
    text("claims", "[state] claims wanted, separated by spaces"),
    whole("grant_days", "[state] how many days a grant shall live; 0 for this time only"),
    whole("match_number", "[state] two digits shown at the partner"),
    text("state", "[state] init, doing, finished or timeout"),
    text("reference", "[state] the partner's own reference", optional=True),
    instant("created_at", "when it was opened"),
    instant("expires_at", "when its time is over"),
    text("holder_id", "[id] who answered", optional=True),
    text("verification_id", "[id] the answer", optional=True),
    text("aside_for", "[id] account that refused the same before and opened it", optional=True),
    instant("declines_at", "when it is declined by itself; empty if the account took it up", optional=True),
)
Index("uq_requests_token_hash", requests.c.token_hash, unique=True)
Index("ix_requests_request_id", requests.c.request_id)
