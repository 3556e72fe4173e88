"""Tables of what organisations ask for before they are partners, and of what became of it."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

partner_applications = table(
    "partner_applications",
    "What organisations ask for: to be a partner, or for more scenes.",
    text("application_id", "[id] the application; sorts by time", key=True),
    text("partner_id", "[id] the partner that it is about"),
    text("state", "[state] applied, supplement_needed, approved, refused or withdrawn"),
    text("credit_code", "[public] unified social credit code of the organisation"),
    text("document", "[state] scenes, purposes, impact assessments, addresses, as JSON; no personal data"),
    binary("sealed_contact", "[sealed] contact person and e-mail address; emptied after its time", optional=True),
    instant("applied_at", "when it was handed in"),
    instant("ended_at", "when it was approved, refused or withdrawn", optional=True),
    binary("receipt_hash", "[keyed] keyed hash of what opens it at the public door", optional=True),
)
_OPEN = partner_applications.c.ended_at.is_(None)
# One that waits for each partner, however many hand one in at the same moment.
Index(
    "uq_partner_applications_open",
    partner_applications.c.partner_id,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("ix_partner_applications_partner_id", partner_applications.c.partner_id)
Index("ix_partner_applications_credit_code", partner_applications.c.credit_code)
_BY_RECEIPT = partner_applications.c.receipt_hash.is_not(None)
Index(
    "uq_partner_applications_receipt_hash",
    partner_applications.c.receipt_hash,
    unique=True,
    sqlite_where=_BY_RECEIPT,
    postgresql_where=_BY_RECEIPT,
)

partner_steps = table(
    "partner_steps",
    "What was done with applications of organisations: handed in, asked, answered, decided.",
    text("application_id", "[id] the application", key=True),
    text("step_id", "[id] the step; sorts by time", key=True),
    text("kind", "[state] applied, asked, supplemented, approved, refused or withdrawn"),
    text("operator", "[state] name of the operator who did it; none for the organisation itself", optional=True),
    instant("at", "when it was done"),
    text("items", "[state] items of the checklist that it names, with spaces between"),
    text("reason", "[state] why; no personal data", optional=True),
)
