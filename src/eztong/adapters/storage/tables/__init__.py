"""The schema, by subject. Importing this package fills ``metadata``."""

from __future__ import annotations

from eztong.adapters.storage.tables import (
    agreements,
    charges,
    desks,
    eid_flows,
    holders,
    merchants,
    partners,
    queues,
    reports,
    requests,
    row_seals,
    sign_in,
    verifications,
)
from eztong.adapters.storage.tables.columns import metadata

__all__ = [
    "agreements",
    "charges",
    "desks",
    "eid_flows",
    "holders",
    "merchants",
    "metadata",
    "partners",
    "queues",
    "reports",
    "requests",
    "row_seals",
    "sign_in",
    "verifications",
]
