"""The schema, by subject. Importing this package fills ``metadata``."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables import (
    agreements,
    budgets,
    charges,
    desks,
    feedback,
    grants,
    holders,
    idempotency,
    inbox,
    jobs,
    merchants,
    partners,
    recoveries,
    reports,
    requests,
    row_seals,
    settings,
)
from eztong.adapters.storage.sql.tables.access import devices, passkeys, pins, sessions
from eztong.adapters.storage.sql.tables.codes import batches, codes, verifications
from eztong.adapters.storage.sql.tables.columns import metadata
from eztong.adapters.storage.sql.tables.eid import eid_flows, input_sessions
from eztong.adapters.storage.sql.tables.restrictions import restrictions

__all__ = [
    "agreements",
    "batches",
    "budgets",
    "charges",
    "codes",
    "desks",
    "devices",
    "eid_flows",
    "feedback",
    "grants",
    "holders",
    "idempotency",
    "inbox",
    "input_sessions",
    "jobs",
    "merchants",
    "metadata",
    "partners",
    "passkeys",
    "pins",
    "recoveries",
    "reports",
    "requests",
    "restrictions",
    "row_seals",
    "sessions",
    "settings",
    "verifications",
]
