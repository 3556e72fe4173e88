"""The table of emergencies in which one operator did what takes two."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

break_glasses = table(
    "break_glasses",
    "Times in which one operator could do alone what takes two, and who reviewed them.",
    text("glass_id", "[id] the emergency; sorts by time", key=True),
    text("operator", "[id] name of the operator"),
    text("reason", "[state] why; no personal data"),
    instant("began_at", "when it began"),
    instant("until", "when it ends by itself"),
    instant("ended_at", "when it was ended before", optional=True),
    text("reviewed_by", "[state] name of the operator who looked at it afterwards", optional=True),
    instant("reviewed_at", "when that was", optional=True),
    text("review", "[state] what they found; no personal data", optional=True),
)
_WAITS = break_glasses.c.reviewed_at.is_(None)
Index("ix_break_glasses_unreviewed", break_glasses.c.glass_id, sqlite_where=_WAITS, postgresql_where=_WAITS)
