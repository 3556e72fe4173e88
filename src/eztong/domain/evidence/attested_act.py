"""Attested acts: a document for each act that a clause gives weight to, without a word about a person.

Who acted, whom it concerns and why are in it as salted commitments. Whoever has the row can show, with its salt, which
operator, account and reason are meant; nobody else can. ``docs/specs/proof.md`` section 1.3 has the format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import HolderId
from eztong.gm.sm3 import sm3

ACT_FORMAT: Final = "eztong/act/v1"
SALT_BYTES: Final = 16


class ActKind(StrEnum):
    """What was done. The values stand in evidence; none is renamed or taken out."""

    OPERATOR_ADDED = "operator_added"
    OPERATOR_DISABLED = "operator_disabled"
    OPERATOR_SECRET_RENEWED = "operator_secret_renewed"  # noqa: S105 - a word, no secret
    OPERATOR_LINKED = "operator_linked"
    OPERATOR_INVITED = "operator_invited"
    OPERATOR_SET_UP = "operator_set_up"
    OPERATOR_ROLES_CHANGED = "operator_roles_changed"
    OPERATOR_PASSKEY_ADDED = "operator_passkey_added"
    OPERATOR_PASSKEY_REMOVED = "operator_passkey_removed"
    OPERATOR_BACKUP_CODES_MADE = "operator_backup_codes_made"
    GLASS_BROKEN = "glass_broken"
    GLASS_CLOSED = "glass_closed"
    GLASS_REVIEWED = "glass_reviewed"
    LOOKED_UP_IN_VAIN = "looked_up_in_vain"
    PROPOSED = "proposed"
    PROPOSAL_APPROVED = "proposal_approved"
    PROPOSAL_REJECTED = "proposal_rejected"
    PROPOSAL_WITHDRAWN = "proposal_withdrawn"
    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    AGREEMENTS_PUBLISHED = "agreements_published"
    AGREEMENTS_IN_FORCE = "agreements_in_force"
    AGREEMENTS_CALLED_OFF = "agreements_called_off"
    CLAUSE_SEVERED = "clause_severed"
    CLAUSE_RESTORED = "clause_restored"
    APPLICATION_DECIDED = "application_decided"
    APPLICATION_APPEALED = "application_appealed"
    APPLICATION_ANSWERED = "application_answered"
    APPLICATION_WITHDRAWN = "application_withdrawn"
    APPLICATION_LAPSED = "application_lapsed"
    GUARDIAN_DECLARED = "guardian_declared"
    GUARDIAN_CONFIRMED = "guardian_confirmed"
    GUARDIAN_REFUSED = "guardian_refused"
    GUARDIANSHIP_ENDED = "guardianship_ended"
    ACCOUNT_TAKEN_OVER = "account_taken_over"
    ACCOUNT_TAKEN_BACK = "account_taken_back"
    HELPER_ACCEPTED = "helper_accepted"
    HELPER_CONFIRMED = "helper_confirmed"
    ASSISTANCE_ENDED = "assistance_ended"
    RESTRICTED = "restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    ERASURE_ANSWERED = "erasure_answered"
    POLICY_PUBLISHED = "policy_published"
    BRANDING_PUBLISHED = "branding_published"
    TEXT_PUBLISHED = "text_published"
    RETENTION_PUBLISHED = "retention_published"
    POLICY_CALLED_OFF = "policy_called_off"
    PARTNER_APPLIED = "partner_applied"
    PARTNER_ASKED = "partner_asked"
    PARTNER_SUPPLEMENTED = "partner_supplemented"
    PARTNER_WITHDREW = "partner_withdrew"
    PARTNER_REFUSED = "partner_refused"
    PARTNER_APPROVED = "partner_approved"
    PARTNER_REGISTERED = "partner_registered"
    PARTNER_CHANGED = "partner_changed"
    PARTNER_LIVE = "partner_live"
    PARTNER_SUSPENDED = "partner_suspended"
    PARTNER_RESUMED = "partner_resumed"
    PARTNER_CLOSED = "partner_closed"
    PARTNER_KEY_ISSUED = "partner_key_issued"
    PARTNER_KEY_REVOKED = "partner_key_revoked"
    TALK_PROPOSED = "talk_proposed"
    TALK_SETTLED = "talk_settled"
    TALK_FAILED = "talk_failed"
    CASE_OPENED = "case_opened"
    CASE_DECIDED = "case_decided"
    CASE_DISMISSED = "case_dismissed"
    CASE_APPEALED = "case_appealed"
    CASE_UPHELD = "case_upheld"
    CASE_LIFTED = "case_lifted"
    INCIDENT_REPORTED = "incident_reported"
    CONFIGURATION_APPLIED = "configuration_applied"
    KEY_ROTATED = "key_rotated"
    KEY_RETIRED = "key_retired"
    KEYS_RESEALING = "keys_resealing"
    KEYS_RESEALED = "keys_resealed"
    ROOT_KEY_ADDED = "root_key_added"
    ROOT_KEY_CHANGED = "root_key_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedAct:
    """An act as its row keeps it. ``subject`` is the id of what it was done to; ``facts`` are machine words."""

    act_id: str
    kind: ActKind
    subject: str
    actor: str
    operator: str | None = None
    holder_id: HolderId | None = None
    at: datetime
    salt: bytes = field(repr=False)


def act_document(act: AttestedAct, *, facts: Mapping[str, str], reason: str | None) -> dict[str, Any]:
    """Return the evidence document of an act: no personal data, no operator's name, no free words."""
    document: dict[str, Any] = {
        "format": ACT_FORMAT,
        "id": act.act_id,
        "kind": act.kind.value,
        "at": render_time(act.at),
        "by": act.actor,
        "facts": dict(facts),
    }
    for name, value in (
        ("subject", act.subject),
        ("operator", act.operator),
        ("holder", act.holder_id),
        ("reason", reason),
    ):
        if value is not None:
            document[name] = act_commitment(name, value, salt=act.salt)
    return document


def act_commitment(name: str, value: str, *, salt: bytes) -> str:
    """Return the salted commitment to one member of an act, in hex."""
    return sm3(b"eztong/act-commitment/v1\x00" + name.encode() + b"\x00" + salt + value.encode()).hex()
