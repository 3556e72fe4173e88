"""The table of forms that operators' browsers sent."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text

sent_forms = table(
    "sent_forms",
    "Forms of the console that were sent, so that one that is pressed twice is done once; only keyed hashes.",
    binary("session_hash", "[keyed] keyed hash of the cookie's token", key=True),
    binary("form_hash", "[keyed] keyed hash of the form as it was shown, and of what was filled in", key=True),
    instant("sent_at", "when"),
    text("led_to", "[state] address of the console that answered it; empty where a page did"),
)
Index("ix_sent_forms_sent_at", sent_forms.c.sent_at)
