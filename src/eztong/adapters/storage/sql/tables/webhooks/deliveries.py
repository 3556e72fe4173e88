"""The tables of webhook deliveries and of the tries to make them."""

from __future__ import annotations

from sqlalchemy import Index, literal_column

from eztong.adapters.storage.sql.tables.columns import instant, table, text, whole

webhook_deliveries = table(
    "webhook_deliveries",
    "What partners' servers are told, each endpoint by itself.",
    text("partner_id", "[id] who is told", key=True),
    text("endpoint_id", "[id] where", key=True),
    text("message_id", "[id] the message; the same at each try", key=True),
    text("event_type", "[state] what happened"),
    text("body", "[id] what is sent: ids and states"),
    text("subject", "[id] what must still be so when it is due", optional=True),
    instant("due_at", "when it is told first"),
    instant("next_attempt_at", "when it is tried next"),
    instant("give_up_at", "when it is tried last"),
    text("state", "[state] pending, delivered or failed"),
    whole("attempts", "[state] tries so far"),
    text("failure", "[state] why the last try failed", optional=True),
    instant("settled_at", "when it arrived or was given up", optional=True),
)
_C = webhook_deliveries.c
_PENDING = _C.state == literal_column("'pending'")
Index(
    "ix_webhook_deliveries_pending",
    _C.partner_id,
    _C.endpoint_id,
    _C.next_attempt_at,
    _C.message_id,
    sqlite_where=_PENDING,
    postgresql_where=_PENDING,
)
Index("ix_webhook_deliveries_waiting", _C.due_at, sqlite_where=_PENDING, postgresql_where=_PENDING)
Index("ix_webhook_deliveries_due_at", _C.due_at)

webhook_attempts = table(
    "webhook_attempts",
    "The delivery log: how each try went.",
    text("partner_id", "[id] who was told", key=True),
    text("endpoint_id", "[id] where", key=True),
    text("message_id", "[id] the message", key=True),
    whole("number", "[state] which try it was", key=True),
    instant("at", "when it was tried"),
    whole("status", "[state] the status that was answered", optional=True),
    text("failure", "[state] why it failed, as coarsely as helps", optional=True),
    whole("milliseconds", "[state] how long it took"),
    whole("read_bytes", "[state] how many bytes of the answer were read; none is kept"),
)
Index("ix_webhook_attempts_at", webhook_attempts.c.at)
