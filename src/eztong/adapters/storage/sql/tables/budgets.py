"""Table of budgets."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

budgets = table(
    "budgets",
    "How much was spent of what protects a person or a secret; only keyed hashes.",
    binary("subject", "[keyed] keyed hash of whom or what it counts for", key=True),
    text("budget", "[state] which budget", key=True),
    instant("slot", "when the slot began that it was spent in", key=True),
    whole("spent", "[state] how much"),
)
Index("ix_budgets_slot", budgets.c.slot)
