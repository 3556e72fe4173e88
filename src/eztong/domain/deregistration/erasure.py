"""What becomes of every table when an account is erased: one list, which the eraser and the receipt go by.

A table of the store that does not stand here fails a test, so that a new one cannot escape. «Held» tables stay where
the operator or the risk rules stopped the account, or a mark of a case limits it: nobody leaves a case by leaving the
service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

KEPT_FOR: Final = timedelta(days=3 * 365)
"""How long proofs outlive an account: a claim may be made for three years (Civil Code art. 188)."""

BAN_FOR: Final = timedelta(days=2 * 365)
"""How long it is known of a person that the service was terminated for breach, or that a case was open, at most."""

BACKUPS_FOR: Final = timedelta(days=30)
"""How long backups are kept, in which sealed values may still lie (``eztong db backup --prune``)."""


class Lot(StrEnum):
    """What becomes of the account's rows of a table."""

    REMOVED = "removed"
    REMOVED_UNLESS_HELD = "removed_unless_held"
    EMPTIED = "emptied"
    """The row stays, without what is personal in it."""
    STAYS = "stays"
    """It holds nothing that leads to the person once the key is gone."""
    NOBODYS = "nobodys"
    """It has no rows of holders."""


@dataclass(frozen=True, slots=True)
class TableLot:
    """The lot of a table's rows, with how or why."""

    lot: Lot
    why: str


_R, _H, _E, _S, _N = Lot.REMOVED, Lot.REMOVED_UNLESS_HELD, Lot.EMPTIED, Lot.STAYS, Lot.NOBODYS

ERASURE: Final[Mapping[str, TableLot]] = {
    "holders": TableLot(_E, "state and dates stay; data key, sealed columns, blind indexes and limits are emptied"),
    "persons": TableLot(
        _R, "a terminated person's, or one with an open case, is made anew under another index, for two years at most"
    ),
    "holder_events": TableLot(_H, "the account's history; that it was deregistered is written after it"),
    "devices": TableLot(_R, "with their labels; codes name them by an id that means nothing"),
    "sessions": TableLot(_R, "every browser is signed out"),
    "otp_challenges": TableLot(_R, "those of the account, and those to its phone"),
    "passkeys": TableLot(_R, "public keys and labels"),
    "passkey_challenges": TableLot(_R, "those that the account asked for"),
    "pins": TableLot(_R, "the sealed hash"),
    "recoveries": TableLot(_R, "with the labels of browsers"),
    "partner_switches": TableLot(_R, "the holder's choices"),
    "grants": TableLot(_E, "they end; what was allowed stays as the consent that answers were given under"),
    "codes": TableLot(_S, "keyed hashes of used codes and random ids: a code must stay used"),
    "code_attempts": TableLot(_H, "refused tries"),
    "replay_warnings": TableLot(_R, "when the holder was warned"),
    "verifications": TableLot(_S, "signed results with a random id; a masked name was sealed by the key that is gone"),
    "requests": TableLot(_E, "the partner's own reference, and the account that it was set aside for, are emptied"),
    "eid_flows": TableLot(_E, "the person that was expected, what was confirmed and the identity are emptied"),
    "acceptances": TableLot(_E, "address and browser are emptied; the signed document holds a salted commitment only"),
    "tickets": TableLot(_E, "open ones are closed; number, kind and days stay"),
    "ticket_messages": TableLot(_R, "the words"),
    "talks": TableLot(_E, "those that run end; stages, days and ids of records stay"),
    "talk_steps": TableLot(_S, "who did what in talks and when, without a word"),
    "cases": TableLot(_H, "what was decided; an open one, or what limited or ended the account, stays for the case"),
    "case_steps": TableLot(_H, "who did what in a case; the words end with the key"),
    "case_evidence": TableLot(_H, "ids of what a case holds"),
    "reports": TableLot(_E, "the holder's own words are emptied"),
    "jobs": TableLot(_E, "what waits is withdrawn, and every payload emptied"),
    "inbox": TableLot(_R, "the sandbox's messages to the phone"),
    "budgets": TableLot(_R, "what was spent by number, phone and account"),
    "deregistrations": TableLot(_S, "the receipt: what was deleted and kept"),
    "partner_events": TableLot(
        _S, "the partner's own code and random ids, for ninety days: the news that the code ended"
    ),
    "phone_changes": TableLot(_R, "numbers of before and after"),
    "corrections": TableLot(_R, "names of before and after"),
    "holder_phrases": TableLot(_R, "the phrase"),
    "guardianships": TableLot(_R, "of whom the account was guardian, and who was guardian of it"),
    "restrictions": TableLot(_R, "what limited the account; its history says so where that is kept"),
    "identity_documents": TableLot(_R, "the last valid day"),
    "assistances": TableLot(_R, "whom the account helped, and who helped it"),
    "holder_notices": TableLot(_R, "what was told"),
    "holder_emails": TableLot(_R, "the address and its consent"),
    "notice_choices": TableLot(_R, "the holder's choices"),
    "freeze_links": TableLot(_R, "hashes of links that froze the account"),
    "application_steps": TableLot(_R, "what its applicant and staff wrote about the application"),
    "policy_decisions": TableLot(_R, "what the policy decided on the application, and what it looked at"),
    "operators": TableLot(
        _S, "an operator stays linked by keyed index while they act, so that nobody decides about oneself"
    ),
    "audit_entries": TableLot(_S, "name random ids; documents hold salted commitments only"),
    "operator_sessions": TableLot(_N, "the service's own staff"),
    "operator_passkeys": TableLot(_N, "the service's own staff"),
    "operator_backup_codes": TableLot(_N, "the service's own staff"),
    "break_glasses": TableLot(_N, "the service's own staff"),
    "sent_forms": TableLot(_N, "the service's own staff; keyed hashes"),
    "proposals": TableLot(_S, "name a random id; reasons hold no personal data"),
    "acts": TableLot(_S, "signed documents that hold salted commitments only"),
    "disputes": TableLot(_S, "random ids; the words were in the ticket"),
    "bundles": TableLot(_S, "manifests that name nobody; an authority's document number is sealed"),
    "incidents": TableLot(_N, "what was out of order"),
    "incident_updates": TableLot(_N, "what was out of order"),
    "incident_reports": TableLot(_N, "what the service tells the authorities; words name no holder"),
    "incident_report_steps": TableLot(_N, "what the service tells the authorities; words name no holder"),
    "desk_entries": TableLot(_N, "name verifications and requests by id"),
    "charges": TableLot(_N, "keyed by partner, day and person together: no account leads to them"),
    "idempotency_keys": TableLot(_N, "hashes of partners' calls"),
    "input_sessions": TableLot(_N, "hashes of partners' session keys"),
    "agreements": TableLot(_N, "public texts"),
    "leaf_stubs": TableLot(_N, "hashes of documents whose rows are gone; name nobody"),
    "agreement_sets": TableLot(_N, "public; say only up to which random id holders were told"),
    "agreement_members": TableLot(_N, "public"),
    "brand_versions": TableLot(_N, "how the service looks; names no holder"),
    "text_versions": TableLot(_N, "what messages say; their placeholders are filled in elsewhere"),
    "retention_versions": TableLot(_N, "how long things are kept; names no holder"),
    "traffic": TableLot(_N, "counts of the whole service"),
    "policy_versions": TableLot(_N, "what the policy says; names no applicant"),
    "clause_marks": TableLot(_N, "public; say only up to which random id holders were told"),
    "batches": TableLot(_N, "hashes of leaves, and signatures"),
    "partners": TableLot(_N, "the register of partners"),
    "partner_applications": TableLot(_N, "what organisations ask for; a contact is a partner's, sealed by the service"),
    "partner_steps": TableLot(_N, "who decided on that"),
    "scenes": TableLot(_N, "the register of partners"),
    "desks": TableLot(_N, "the register of partners"),
    "api_keys": TableLot(_N, "partners' keys"),
    "merchants": TableLot(_N, "the register of merchants"),
    "account_keys": TableLot(_N, "partners' keys"),
    "webhook_endpoints": TableLot(_N, "addresses of partners' servers"),
    "webhook_deliveries": TableLot(
        _S, "ids and states that a partner was told, and its own code, for thirty days: no column names an account"
    ),
    "webhook_attempts": TableLot(_N, "how tries to tell partners went"),
    "certificate_requests": TableLot(_N, "merchants' keys"),
    "portal_people": TableLot(_N, "people of partners"),
    "portal_sessions": TableLot(_N, "people of partners"),
    "staff": TableLot(_N, "partners' staff"),
    "staff_sessions": TableLot(_N, "partners' staff"),
    "desk_signs": TableLot(_N, "printed signs"),
    "row_seals": TableLot(_N, "tags of rows; go with them"),
    "service_settings": TableLot(_N, "facts of the installation"),
}
"""Every table by name."""
