"""The schema, by subject. Importing this package fills ``metadata``."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables import (
    agreements,
    budgets,
    charges,
    desks,
    eid_flows,
    holders,
    input_sessions,
    jobs,
    merchants,
    partners,
    queues,
    recoveries,
    reports,
    requests,
    row_seals,
    sign_in,
    verifications,
)
from eztong.adapters.storage.sql.tables.columns import metadata

__all__ = [
    "agreements",
    "budgets",
    "charges",
    "desks",
    "eid_flows",
    "holders",
    "input_sessions",
    "jobs",
    "merchants",
    "metadata",
    "partners",
    "queues",
    "recoveries",
    "reports",
    "requests",
    "row_seals",
    "sign_in",
    "verifications",
]
