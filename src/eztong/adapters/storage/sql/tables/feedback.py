"""Tables of feedback tickets."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

tickets = table(
    "tickets",
    "What people wrote to the service, and where the answer stands.",
    text("ticket_id", "[id] the ticket; sorts by time", key=True),
    text("number", "[id] the number that the asker was told"),
    text("kind", "[state] question, correction, complaint, report, dispute or deregistration"),
    text("state", "[state] open, answered or closed"),
    text("holder_id", "[id] the account that asked", optional=True),
    instant("created_at", "when it was opened"),
    instant("asked_at", "when the period of answering began"),
    instant("due_at", "when it must be answered"),
    whole("is_due_provisional", "[state] 1 while the working days of a year that it reaches into are not known"),
    instant("answered_at", "when it was answered last", optional=True),
    instant("closed_at", "when it ended", optional=True),
    binary("secret_hash", "[keyed] keyed hash of the secret that the asker was shown", optional=True),
    text("kek_id", "[id] the key that wraps the data key", optional=True),
    binary("data_key", "[sealed] wrapped data key of a ticket without an account", optional=True),
)
_HAS_SECRET, _OF_HOLDER = tickets.c.secret_hash.is_not(None), tickets.c.holder_id.is_not(None)
_OPEN, _CLOSED = tickets.c.state == "open", tickets.c.closed_at.is_not(None)
Index("uq_tickets_number", tickets.c.number, unique=True)
Index(
    "uq_tickets_secret_hash",
    tickets.c.secret_hash,
    unique=True,
    sqlite_where=_HAS_SECRET,
    postgresql_where=_HAS_SECRET,
)
Index(
    "ix_tickets_holder_id",
    tickets.c.holder_id,
    sqlite_where=_OF_HOLDER,
    postgresql_where=_OF_HOLDER,
)
Index(
    "ix_tickets_open",
    tickets.c.due_at,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "ix_tickets_open_kind",
    tickets.c.kind,
    tickets.c.due_at,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "ix_tickets_closed_at",
    tickets.c.closed_at,
    sqlite_where=_CLOSED,
    postgresql_where=_CLOSED,
)

ticket_messages = table(
    "ticket_messages",
    "What was written in a ticket, by either side.",
    text("ticket_id", "[id] the ticket", key=True),
    text("message_id", "[id] the message; sorts by time", key=True),
    text("author", "[state] asker or staff"),
    instant("at", "when it was written"),
    binary("sealed", "[sealed] the words"),
    text("operator", "[state] login of the staff member who wrote it", optional=True),
)
