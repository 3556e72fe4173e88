"""The ledger of questions that partners asked without a holder's act."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

charges = table(
    "charges",
    "Questions of partners about people, for reconciliation; nothing of the person in clear.",
    text("partner_id", "[id] who asked", key=True),
    text("charge_id", "[id] the question", key=True),
    text("action", "[state] what was asked"),
    text("day", "[state] Shanghai day of the question"),
    binary("subject", "[keyed] keyed hash of partner, day and person"),
    instant("requested_at", "when it was asked"),
    text("finding", "[state] what came of it; empty until the answer is there", optional=True),
    whole("is_billed", "[state] 1 if it is billed"),
)
Index("ix_charges_partner_id_day_subject", charges.c.partner_id, charges.c.day, charges.c.subject)
