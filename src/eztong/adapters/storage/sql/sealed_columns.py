"""Which key opens each sealed column, and what its value is bound to. A column that is not here fails a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Column = tuple[str, str]
"""Table and column."""


@dataclass(frozen=True, slots=True)
class OfOwner:
    """A value under the data key of an account, or of a ticket that no account asked. All three are SQL."""

    owner: str
    """Whose key it is."""

    bound: str
    """What stands with the table in the place of the row."""

    name: str
    """What stands in the place of the column."""

    source: str = ""
    """What is read instead of the table alone."""

    outlives: bool = False
    """Whether a row may stay when the account's own row goes by rule: an application that was never finished."""

    was_left: bool = False
    """Whether an earlier version left rows of applications of which nothing is kept, so that nothing opens them."""


@dataclass(frozen=True, slots=True)
class OfService:
    """A value under the service's own key, bound to ``first`` and ``row`` (SQL) and the column."""

    first: str
    row: str


def _own(name: str, *, owner: str = "holder_id", outlives: bool = False) -> OfOwner:
    return OfOwner(owner, owner, name, outlives=outlives)


UNDER_OWNERS: Final[Mapping[Column, OfOwner]] = {
    ("holders", "sealed_number"): _own("'sealed_number'"),
    ("holders", "sealed_name"): _own("'sealed_name'"),
    ("holders", "sealed_phone"): _own("'sealed_phone'"),
    ("holders", "sealed_eid_mark"): _own("'sealed_eid_mark'"),
    ("acceptances", "sealed_context"): _own("acceptance_id", outlives=True),
    ("pins", "sealed_hash"): _own("'sealed_hash'"),
    ("reports", "sealed_note"): _own("report_id"),
    ("application_steps", "sealed_words"): _own("step_id"),
    ("policy_decisions", "sealed_facts"): _own("decision_id"),
    ("identity_documents", "sealed_valid_until"): _own("'sealed_valid_until'"),
    ("phone_changes", "sealed_old"): _own("change_id || '.old'"),
    ("phone_changes", "sealed_new"): _own("change_id || '.new'"),
    ("corrections", "sealed_old"): _own("correction_id || '.old'"),
    ("corrections", "sealed_new"): _own("correction_id || '.new'"),
    ("holder_notices", "sealed"): OfOwner("holder_id", "holder_id", "notice_id", was_left=True),
    ("holder_emails", "sealed"): _own("'sealed'"),
    ("holder_phrases", "sealed"): _own("'sealed'"),
    ("guardianships", "sealed_digits"): _own("guardianship_id", owner="ward_id"),
    ("guardianships", "sealed_phone"): _own("guardianship_id || '.phone'", owner="ward_id"),
    ("guardianships", "sealed_words"): _own("guardianship_id", owner="guardian_id"),
    ("case_steps", "sealed_words"): _own("step_id"),
    ("assistances", "sealed_digits"): _own("assistance_id", owner="elder_id"),
    # The account's key, so that the words end with it, and the ticket's place.
    ("ticket_messages", "sealed"): OfOwner(
        "coalesce(t.holder_id, t.ticket_id)",
        "m.ticket_id",
        "m.message_id",
        source="ticket_messages m LEFT JOIN tickets t ON t.ticket_id = m.ticket_id",
    ),
    ("talks", "draft"): OfOwner(
        "coalesce(t.holder_id, t.ticket_id)",
        "k.ticket_id",
        "'draft'",
        source="talks k LEFT JOIN tickets t ON t.ticket_id = k.ticket_id",
    ),
}

# A job is bound to its kind; an ended one is emptied.
UNDER_SERVICE: Final[Mapping[Column, OfService]] = {
    ("jobs", "sealed"): OfService("kind", "job_id"),
    ("inbox", "sealed"): OfService("'inbox'", "message_id"),
    ("account_keys", "sealed_secret"): OfService("'account_keys'", "secret_id"),
    ("webhook_endpoints", "sealed_secret"): OfService("'webhook_endpoints'", "endpoint_id"),
    ("webhook_endpoints", "sealed_previous"): OfService("'webhook_endpoints'", "endpoint_id"),
    ("partner_applications", "sealed_contact"): OfService("'partner_applications'", "application_id"),
    ("incident_reports", "sealed_slots"): OfService("'incident_reports'", "report_id"),
    ("bundles", "sealed_basis"): OfService("'bundles'", "bundle_id"),
    ("operators", "second_factor"): OfService("'operators'", "name"),
    ("portal_people", "second_factor"): OfService("'portal_people'", "person_id"),
    ("staff", "second_factor"): OfService("'staff'", "staff_id"),
    ("eid_flows", "sealed_settings"): OfService("'eid_flows'", "eid_token"),
    ("eid_flows", "sealed_confirmations"): OfService("'eid_flows'", "eid_token"),
}

DATA_KEYS: Final[Mapping[Column, str]] = {("holders", "data_key"): "holder_id", ("tickets", "data_key"): "ticket_id"}
"""Data keys themselves, with what names their owner; that of an erased account is emptied."""

UNDER_MERCHANTS: Final[frozenset[Column]] = frozenset({("eid_flows", "des_key"), ("eid_flows", "user_info")})
"""What only the merchant's own key opens: whether it is well formed is looked at, and the row's tag covers it."""

RESULTS: Final[frozenset[Column]] = frozenset({("verifications", "sealed_result")})
"""Under the account's key, and compared with what was signed."""


def opened_columns() -> frozenset[Column]:
    """Return every column that a full check looks into."""
    return frozenset({*UNDER_OWNERS, *UNDER_SERVICE, *DATA_KEYS}) | UNDER_MERCHANTS | RESULTS
