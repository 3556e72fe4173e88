"""What a holder's copy holds of every table that can name an account: one list (clauses 3.2, 3.3; PIPL art. 45).

The list is what the copy is made by, what its page and the data catalogue say, and what a test holds against both the
schema and a real copy. A column that is not named here is copied under its own name; so a table or column that is new
is copied, or gets its reason here, or fails that test.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COPIED: Final[Mapping[str, str]] = {
    "holders": "account",
    "persons": "person",
    "acceptances": "acceptances",
    "devices": "devices",
    "sessions": "sessions",
    "pins": "pin",
    "passkeys": "passkeys",
    "holder_events": "events",
    "codes": "codes",
    "verifications": "verifications",
    "code_attempts": "refused_tries",
    "replay_warnings": "replay_warnings",
    "requests": "answered_requests",
    "eid_flows": "answered_flows",
    "grants": "grants",
    "partner_switches": "partner_switches",
    "jobs": "jobs",
    "recoveries": "recoveries",
    "reports": "reports",
    "application_steps": "application_steps",
    "policy_decisions": "policy_decisions",
    "acts": "acts",
    "tickets": "tickets",
    "ticket_messages": "tickets.messages",
    "talks": "talks",
    "talk_steps": "talks.steps",
    "cases": "cases",
    "case_steps": "cases.steps",
    "case_evidence": "cases.evidence",
    "disputes": "disputes",
    "bundles": "bundles",
    "holder_notices": "notices",
    "holder_emails": "notice_email",
    "notice_choices": "notice_choices",
    "freeze_links": "freeze_links",
    "deregistrations": "deregistrations",
    "phone_changes": "phone_changes",
    "corrections": "corrections",
    "holder_phrases": "phrase",
    "guardianships": "guardianships",
    "assistances": "assistances",
    "restrictions": "restrictions",
    "identity_documents": "identity_document",
}
"""The part of the copy that tells each table's rows; after a dot, the list within that part's rows."""

COMPOSED: Final[Mapping[str, str]] = {
    "who_saw": "who got the data, read it or was asked about it, as the history and the verifications say together",
}
"""Parts that tell no table's rows: what they put together from other parts."""

NOT_COPIED: Final[Mapping[str, str]] = {
    "otp_challenges": "keyed hashes that serve for five minutes and go after two days; wrong tries are told as events",
    "passkey_challenges": "keyed hashes that serve for five minutes and go after an hour",
    "budgets": "keyed hashes that count tries and go after two days",
    "inbox": "the sandbox's stand-in for the phone; what was sent is told as notices",
    "audit_entries": "what staff did, by name of staff: what they were shown or did of the account is told as events",
    "operators": "which operator of the service holds the account: a register of staff, known to whom it names",
    "partner_events": "the partner's own code of somebody who left: written when the account is no more",
    "webhook_deliveries": "what partners' servers are told, by ids: the verifications and requests say the same",
    "proposals": "how the service's people decide among themselves; what they did to an account is told as events",
}
"""Why a table that can name an account is not told."""

_KEYS: Final = "wraps the account's data: whoever finds the file must not open what else was copied or stolen"
_INDEX: Final = "a keyed hash by which the service finds the account; means nothing without its keys"
_HASH: Final = "the keyed hash of a secret, code, link or browser: of use to who would act as the holder"
_PARTNER_CODE: Final = "what partner codes are made from: of no use to the holder, and of some to who finds the file"
_ID: Final = "the account's own id stands once, in the first part"

WITHHELD: Final[Mapping[str, str]] = {
    "holder_id": _ID,
    "kek_id": _KEYS,
    "data_key": _KEYS,
    "number_index": _INDEX,
    "phone_index": _INDEX,
    "session_hash": _HASH,
    "secret_hash": _HASH,
    "token_hash": _HASH,
    "stop_hash": _HASH,
    "link_hash": _HASH,
    "try_hash": _HASH,
    "asking_hash": _HASH,
    "invite_hash": _HASH,
    "number_hash": _HASH,
    "qr_hash": _HASH,
    "pins.sealed_hash": _HASH,
    "codes.tag": "a keyed tag by which the service finds that the row was changed",
    "generation": _PARTNER_CODE,
    "drawn_generation": _PARTNER_CODE,
    "sealed_eid_mark": _PARTNER_CODE,
    "jobs.sealed": "work that waits, with secrets for its recipient; what was sent is told as notices",
    "requests.aside_for": _ID,
    "requests.declines_at": "when the service would have declined by itself; how it ended is told",
    "eid_flows.eid_token": "the handle by which the merchant reads the answer",
    "eid_flows.sealed_settings": "what the merchant entered, which may name somebody else",
    "eid_flows.des_key": "the merchant's session key; what was told stands in the verification",
    "eid_flows.user_info": "sealed for the merchant's key; what was told stands in the verification",
    "guardianships.sealed_digits": "opens the invitation for a day; stands on the page of who invites",
    "guardianships.sealed_phone": "is being proved, and the account's own phone once it is",
    "assistances.sealed_digits": "opens the invitation for a day; stands on the page of who invites",
    "talks.draft": "waits for a second operator where there is no account, so that it is in no account's copy",
    "ticket_messages.ticket_id": "each message stands in its ticket",
    "talk_steps.ticket_id": "each step stands in its talks",
    "case_steps.case_id": "each step stands in its case",
    "case_evidence.case_id": "each stands in its case",
    "case_evidence.evidence_id": "may be what somebody else wrote; how many there are of each kind is told",
    "bundles.sealed_basis": "of an authority's request the law says whether its holder may know",
}
"""Why a column, everywhere or of one table, is left out."""

TOLD_AS: Final[Mapping[str, str]] = {
    "holders.sealed_name": "name",
    "holders.sealed_number": "document_number",
    "holders.sealed_phone": "phone",
    "acceptances.sealed_context": "context",
    "verifications.sealed_result": "result",
    "eid_flows.sealed_confirmations": "confirmations",
    "tickets.due_at": "due",
    "tickets.is_due_provisional": "due",
    "ticket_messages.sealed": "text",
    "talks.answer_by_at": "answer_by",
    "talks.is_answer_by_provisional": "answer_by",
    "talks.records": "records",
    "cases.due_at": "due",
    "cases.is_due_provisional": "due",
    "cases.appeal_until_at": "appeal_until",
    "cases.is_appeal_provisional": "appeal_until",
    "case_steps.sealed_words": "text",
    "reports.sealed_note": "note",
    "application_steps.sealed_words": "text",
    "application_steps.due_at": "due",
    "application_steps.is_due_provisional": "due",
    "policy_decisions.sealed_facts": "looked_at",
    "holder_notices.sealed": "params",
    "holder_emails.sealed": "address",
    "deregistrations.is_held": "held",
    "phone_changes.sealed_old": "old",
    "phone_changes.sealed_new": "new",
    "phone_changes.until_at": "until",
    "holder_phrases.sealed": "phrase",
    "corrections.sealed_old": "old",
    "corrections.sealed_new": "new",
    "guardianships.ward_id": "side",
    "guardianships.guardian_id": "side",
    "guardianships.sealed_words": "reason",
    "assistances.elder_id": "side",
    "assistances.helper_id": "side",
    "assistances.until_at": "until",
    "restrictions.actor": "by",
    "identity_documents.sealed_valid_until": "valid_until",
}
"""The name in the copy of a column that is opened, or joined with another."""


def why_withheld(table: str, column: str) -> str | None:
    """Return why a column of a copied table is left out; None if it is told."""
    if table == "holders" and column == "holder_id":
        return None
    return WITHHELD.get(f"{table}.{column}") or WITHHELD.get(column)


def name_in_copy(table: str, column: str) -> str:
    """Return the name under which the copy tells a column."""
    return TOLD_AS.get(f"{table}.{column}", column)


def hidden_names(table: str) -> frozenset[str]:
    """Return the names that no row of this table may have in the copy: what is withheld, and what is told opened."""
    own = f"{table}."
    withheld = {name.removeprefix(own) for name in WITHHELD if "." not in name or name.startswith(own)}
    opened = {name.removeprefix(own) for name in TOLD_AS if name.startswith(own)}
    return frozenset(withheld | opened)
