"""The table of operators' signed-in browsers."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

operator_sessions = table(
    "operator_sessions",
    "Signed-in browsers of operators; only keyed hashes of their tokens.",
    binary("session_hash", "[keyed] keyed hash of the cookie's token", key=True),
    text("session_id", "[id] the session, as pages name it"),
    text("operator", "[id] name of the operator"),
    instant("created_at", "when it began"),
    instant("active_at", "when it was last used"),
    instant("ended_at", "when it was ended", optional=True),
    instant("proven_at", "when its operator last proved a second factor in it", optional=True),
)
Index("ix_operator_sessions_operator", operator_sessions.c.operator)
