"""Table of integrators' session keys."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

input_sessions = table(
    "input_sessions",
    "Session keys that integrators encrypted parameters with, by keyed hash.",
    binary("session_mac", "[keyed] keyed hash of the session key", key=True),
    text("partner_id", "[id] the account that brought it first"),
    binary("iv_mac", "[keyed] keyed hash of its initialisation vector; empty where any may be used"),
    whole("failed", "[state] 1 if what came with it did not open"),
    instant("used_at", "when it was brought first"),
)
Index("ix_input_sessions_failures", input_sessions.c.partner_id, input_sessions.c.failed, input_sessions.c.used_at)
Index("ix_input_sessions_used_at", input_sessions.c.used_at)
