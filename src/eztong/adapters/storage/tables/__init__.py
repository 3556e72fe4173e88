"""The schema, by subject. Importing this package fills ``metadata``."""

from __future__ import annotations

from eztong.adapters.storage.tables import agreements, holders, partners, queues, reports, requests, verifications
from eztong.adapters.storage.tables.columns import metadata

__all__ = ["agreements", "holders", "metadata", "partners", "queues", "reports", "requests", "verifications"]
