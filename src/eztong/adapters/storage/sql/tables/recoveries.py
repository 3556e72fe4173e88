"""Table of recoveries that wait."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

recoveries = table(
    "recoveries",
    "Recoveries by message code and known data alone: they wait, and can be stopped.",
    text("holder_id", "[id] the account", key=True),
    text("recovery_id", "[id] the recovery; sorts by time", key=True),
    text("state", "[state] waiting, stopped, replaced, withdrawn or completed"),
    binary("session_hash", "[keyed] browser that began it"),
    binary("stop_hash", "[keyed] keyed hash of the token in the link that stops it"),
    text("device_label", "[state] coarse kind of the browser that began it"),
    instant("started_at", "when it began to wait"),
    instant("due_at", "when the waiting is over"),
    instant("ended_at", "when it was stopped, replaced or completed", optional=True),
    text("ended_by", "[state] what stopped it: session, link, freeze or recovery", optional=True),
)
Index("ix_recoveries_session_hash", recoveries.c.session_hash)
Index("uq_recoveries_stop_hash", recoveries.c.stop_hash, unique=True)
_WAITS = sql("state = 'waiting'")
Index("uq_recoveries_waiting", recoveries.c.holder_id, unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS)
