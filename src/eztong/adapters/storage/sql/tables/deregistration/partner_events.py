"""The table of partner events."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

partner_events = table(
    "partner_events",
    "What partners are told of their partner codes, and what they answered.",
    text("partner_id", "[id] whom it is told", key=True),
    text("event_id", "[id] the event; its day, and nothing of what else came about with it", key=True),
    text("kind", "[state] partner_code_ended"),
    text("partner_code", "[id] the holder's code at this partner"),
    instant("tell_at", "when the partner may read it: a moment drawn for it alone"),
    text(
        "deregistration_id", "[id] the deregistration that ended the code; none: one of before a restore", optional=True
    ),
    text("answer", "[state] what the partner did: erased or kept", optional=True),
    text("law", "[state] act and article by which it keeps something, in its own words", optional=True),
    text("kept_until", "[state] day until which it does", optional=True),
    instant("answered_at", "when it answered", optional=True),
)
_C = partner_events.c
_CAUSED, _OPEN = _C.deregistration_id.is_not(None), _C.answer.is_(None)
Index("uq_partner_events_order", _C.partner_id, _C.tell_at, _C.event_id, unique=True)
Index("ix_partner_events_tell_at", _C.tell_at)
Index("ix_partner_events_open", _C.tell_at, _C.event_id, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_partner_events_deregistration_id", _C.deregistration_id, sqlite_where=_CAUSED, postgresql_where=_CAUSED)
