"""The table of proposals."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

proposals = table(
    "proposals",
    "Acts that take two operators: proposed by one, decided by another.",
    text("proposal_id", "[id] the proposal; sorts by time", key=True),
    text("kind", "[state] what is proposed"),
    text("subject", "[id] what it changes"),
    text("about", "[id] the account that it concerns", optional=True),
    text("reason", "[state] why it was proposed; no personal data"),
    text("proposed_by", "[state] name of the operator who proposed it"),
    instant("proposed_at", "when it was proposed"),
    instant("until", "when it expires if nobody decided"),
    text("state", "[state] open, approved, rejected or withdrawn"),
    text("ended_by", "[state] name of the operator who ended it", optional=True),
    instant("ended_at", "when it was ended", optional=True),
    text("end_reason", "[state] why it was ended so; no personal data", optional=True),
)
_OPEN = proposals.c.state == "open"
Index("ix_proposals_open_until", proposals.c.until, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index(
    "uq_proposals_open",
    proposals.c.kind,
    proposals.c.subject,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
