"""What a freeze, a told loss and a recovery end of what was opened before: one list, by table (2.6, 2.9; ADR 0058).

Somebody else may have opened it. A table with rows of accounts that stands in neither part fails a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Part(StrEnum):
    """Which of an account's open things end."""

    ALL = "all"
    NEW = "new"
    """Those set less than :data:`eztong.domain.recovery.SETTLED` before, and those that are pending."""
    PENDING = "pending"
    """Those that were begun and are not in force."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ending:
    """What ends of a table at every freeze, where a loss is told with it, and at a recovery."""

    freeze: Part
    loss: Part
    recovery: Part
    what: str


_A, _N, _P, _O = Part.ALL, Part.NEW, Part.PENDING, Part.NONE

ENDINGS: Final[Mapping[str, Ending]] = {
    "sessions": Ending(_A, _A, _A, "every browser is signed out"),
    "codes": Ending(_A, _A, _A, "what is still shown"),
    "recoveries": Ending(_A, _A, _A, "one that waits, with the link that stops it"),
    "phone_changes": Ending(_P, _N, _P, "one that waits; one by both numbers is undone where a loss is told"),
    "holder_emails": Ending(_P, _N, _N, "an address, and the link that would prove it"),
    "assistances": Ending(_P, _N, _N, "a helper who was let in, and an invitation: what is told goes to them, too"),
    "notice_choices": Ending(_O, _N, _N, "what is told besides; what was chosen before holds again"),
    "grants": Ending(_O, _N, _N, "what a partner was allowed to hear of every use; that it was allowed is evidence"),
    "partner_switches": Ending(_O, _N, _N, "a partner that was let in again: what was off before is off again"),
    "holder_phrases": Ending(_O, _A, _A, "the phrase: somebody else may have read or chosen it"),
    "freeze_links": Ending(_O, _A, _A, "links in messages that were sent before"),
    "deregistrations": Ending(_O, _A, _O, "one that can be undone; who recovers sees it and undoes it"),
    "tickets": Ending(_O, _A, _A, "secrets, but of what ends the account; what is there stays, for its own session"),
    "cases": Ending(_O, _A, _A, "secrets of decisions; what was decided stands, for its own session"),
    "guardianships": Ending(_P, _N, _N, "digits that hand a ward's account over; what went over lately is had back"),
    "passkeys": Ending(_O, _O, _A, "but the one that recovers; a new one opens nothing while a loss stands"),
    "pins": Ending(_O, _O, _N, "but the one that recovers; a new one opens nothing while a loss stands"),
}
"""What ends, by table."""

LEFT: Final[Mapping[str, str]] = {
    "holders": "the account itself; a newer choice for after its death is taken back with a loss and at a recovery",
    "persons": "which person has the account",
    "holder_events": "what happened",
    "devices": "a new one takes the place at a recovery; which are lost is said with the loss",
    "otp_challenges": "serve minutes, one purpose, one browser, and only while the phone they went to is the account's",
    "passkey_challenges": "serve minutes and one browser",
    "code_attempts": "what was refused",
    "replay_warnings": "when the holder was warned",
    "verifications": "what was shown",
    "requests": "nothing is answered without a session",
    "eid_flows": "nothing is answered without a session",
    "acceptances": "evidence",
    "ticket_messages": "words to staff, read with a session, or with a secret that ends",
    "reports": "words to staff",
    "talks": "what is final takes an unlocked session; what was said stays said",
    "talk_steps": "what was done in talks",
    "case_steps": "what was done in a case",
    "case_evidence": "staff hold it",
    "jobs": "messages on their way; the links in them are ended",
    "inbox": "messages of the sandbox",
    "budgets": "what was spent",
    "corrections": "the authority matched the name",
    "holder_notices": "what was told",
    "application_steps": "before there is an account",
    "policy_decisions": "before there is an account",
    "operators": "operators prove themselves by their own secrets",
    "proposals": "two operators decide",
    "acts": "evidence",
    "audit_entries": "what staff did",
    "disputes": "staff decide",
    "bundles": "evidence for one side, made by staff",
    "restrictions": "a mark limits and opens nothing",
    "identity_documents": "what the authority said",
    "partner_events": "written when the account is no more",
    "webhook_deliveries": "what partners' servers are told",
}
"""What stays as it is, by table, and why nobody gets anywhere by it."""
