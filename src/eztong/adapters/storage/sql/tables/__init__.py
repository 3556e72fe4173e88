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
    portal,
    recoveries,
    reports,
    requests,
    row_seals,
    settings,
)
from eztong.adapters.storage.sql.tables.access import devices, passkeys, pins, sessions
from eztong.adapters.storage.sql.tables.agreement_sets import agreement_sets, clause_marks
from eztong.adapters.storage.sql.tables.assistance import assistances
from eztong.adapters.storage.sql.tables.branding import versions as brand_versions
from eztong.adapters.storage.sql.tables.cases import cases
from eztong.adapters.storage.sql.tables.codes import batches, codes, verifications
from eztong.adapters.storage.sql.tables.columns import metadata
from eztong.adapters.storage.sql.tables.contact import phone_changes
from eztong.adapters.storage.sql.tables.deregistration import deregistrations, partner_events
from eztong.adapters.storage.sql.tables.disputes import bundles, disputes
from eztong.adapters.storage.sql.tables.eid import eid_flows, input_sessions
from eztong.adapters.storage.sql.tables.evidence import acts, leaf_stubs
from eztong.adapters.storage.sql.tables.guardianship import guardianships
from eztong.adapters.storage.sql.tables.incidents import incidents
from eztong.adapters.storage.sql.tables.incidents import reports as incident_reports
from eztong.adapters.storage.sql.tables.message_texts import versions as text_versions
from eztong.adapters.storage.sql.tables.notices import choices, emails, notices
from eztong.adapters.storage.sql.tables.operators import (
    applications,
    audit,
    break_glass,
    operators,
    proposals,
    sent_forms,
)
from eztong.adapters.storage.sql.tables.operators import passkeys as operator_passkeys
from eztong.adapters.storage.sql.tables.operators import sessions as operator_sessions
from eztong.adapters.storage.sql.tables.own_data import corrections, phrases
from eztong.adapters.storage.sql.tables.partners import applications as partner_applications
from eztong.adapters.storage.sql.tables.partners import partners
from eztong.adapters.storage.sql.tables.policy import decisions, versions
from eztong.adapters.storage.sql.tables.restrictions import restrictions
from eztong.adapters.storage.sql.tables.retention import versions as retention_versions
from eztong.adapters.storage.sql.tables.talks import talks
from eztong.adapters.storage.sql.tables.traffic import counts
from eztong.adapters.storage.sql.tables.webhooks import deliveries, endpoints

__all__ = [
    "acts",
    "agreement_sets",
    "agreements",
    "applications",
    "assistances",
    "audit",
    "batches",
    "brand_versions",
    "break_glass",
    "budgets",
    "bundles",
    "cases",
    "charges",
    "choices",
    "clause_marks",
    "codes",
    "corrections",
    "counts",
    "decisions",
    "deliveries",
    "deregistrations",
    "desks",
    "devices",
    "disputes",
    "eid_flows",
    "emails",
    "endpoints",
    "feedback",
    "grants",
    "guardianships",
    "holders",
    "idempotency",
    "inbox",
    "incident_reports",
    "incidents",
    "input_sessions",
    "jobs",
    "leaf_stubs",
    "merchants",
    "metadata",
    "notices",
    "operator_passkeys",
    "operator_sessions",
    "operators",
    "partner_applications",
    "partner_events",
    "partners",
    "passkeys",
    "phone_changes",
    "phrases",
    "pins",
    "portal",
    "proposals",
    "recoveries",
    "reports",
    "requests",
    "restrictions",
    "retention_versions",
    "row_seals",
    "sent_forms",
    "sessions",
    "settings",
    "talks",
    "text_versions",
    "verifications",
    "versions",
]
