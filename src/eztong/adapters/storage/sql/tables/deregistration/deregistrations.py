"""The table of deregistrations."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

deregistrations = table(
    "deregistrations",
    "Accounts that their holders end, and the receipts of what was deleted and kept.",
    text("holder_id", "[id] the account", key=True),
    text("deregistration_id", "[id] the deregistration; sorts by time", key=True),
    text("ticket_id", "[id] the ticket with number, secret and day"),
    text("state", "[state] cooling, executing, done or cancelled"),
    instant("asked_at", "when it was asked for"),
    instant("cooling_until", "until when it can be undone"),
    instant("done_at", "when the account was erased", optional=True),
    instant("cancelled_at", "when it was undone", optional=True),
    text("undone_by", "[state] session, secret, loss or guardian", optional=True),
    whole("is_held", "[state] 1 if the account's history is kept for a case"),
    binary("salt", "[keyed] salt of the commitment in the receipt"),
    binary("receipt", "[evidence] canonical receipt; no personal data", optional=True),
    text("batch_id", "[id] batch that signed the receipt", optional=True),
    whole("leaf_index", "[evidence] its place in the batch", optional=True),
    text("authority_reference", "[id] case at the authority that is to be ended; emptied then", optional=True),
    instant("revoked_at", "when the authority confirmed the end of the registration", optional=True),
)
_RUNS = deregistrations.c.done_at.is_(None) & deregistrations.c.cancelled_at.is_(None)
_DONE = deregistrations.c.done_at.is_not(None)
Index("uq_deregistrations_ticket_id", deregistrations.c.ticket_id, unique=True)
Index(
    "uq_deregistrations_running",
    deregistrations.c.holder_id,
    unique=True,
    sqlite_where=_RUNS,
    postgresql_where=_RUNS,
)
Index("ix_deregistrations_done_at", deregistrations.c.done_at, sqlite_where=_DONE, postgresql_where=_DONE)
