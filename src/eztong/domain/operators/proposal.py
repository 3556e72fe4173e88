"""Proposals: acts that take two people (design rule 8), as one type for all of them.

``open -> approved | rejected | withdrawn``; an open one whose time is over is ``expired`` and can become nothing else.
Another operator than the one who proposed decides, never one whom it is about or who asked for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.free_text import parse_free_text
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import Operator, SameOperator, check_another
from eztong.domain.operators.permission import Permission, check_may

LIFE: Final = timedelta(days=7)
"""How long a proposal waits for the second operator."""

MAX_REASON: Final = 500
_SHORT: Final = 20


class ProposalKind(StrEnum):
    """What is proposed. The values stand in databases; none is renamed or taken out."""

    CERTIFICATE = "certificate"
    """To seal identity to a merchant's key. The subject is the certificate request."""
    AGREEMENT_SET = "agreement_set"
    """To publish a set of agreements. The subject is the set."""
    AGREEMENT_SET_OFF = "agreement_set_off"
    """To call a published set off before it comes into force. The subject is the set."""
    CLAUSE_MARK = "clause_mark"
    """To mark a clause as void or suspended. The subject is the mark."""
    CLAUSE_RESTORED = "clause_restored"
    """To lift such a mark. The subject is the mark."""
    POLICY = "policy"
    """To publish a version of the policy for applications. The subject is the version."""
    SETTLEMENT = "settlement"
    """To offer a settlement to somebody without an account, whom nobody can name. The subject is the ticket."""
    RELATIVES_COPY = "relatives_copy"
    """To give relatives a copy of a deceased holder's data. The subject is their ticket."""
    RELATIVES_CORRECTION = "relatives_correction"
    """To correct a deceased holder's name for relatives. The subject is their ticket."""
    RELATIVES_ERASURE = "relatives_erasure"
    """To erase a deceased holder's account for relatives. The subject is their ticket."""
    PARTNER_LIVE = "partner_live"
    """To let a partner get answers about real people. The subject is the partner."""
    PARTNER_RESUMED = "partner_resumed"
    """To lift a partner's suspension. The subject is the partner."""
    PARTNER_CLOSED = "partner_closed"
    """To close a partner for good. The subject is the partner."""
    CASE_MEASURE = "case_measure"
    """To limit or end an account that was misused. The subject is the case."""
    MINOR_REVEAL = "minor_reveal"
    """To be shown a minor's data in full, for a while. The subject is the account or application."""
    KEY_CEREMONY = "key_ceremony"
    """To change a key of the service. The subject says what is done to which key.

    The console proposes a rotation or sealing again; a command proposes, has approved and does whatever is its own.
    """
    BRANDING = "branding"
    """To publish a version of the brand. The subject is the version."""
    MESSAGE_TEXT = "message_text"
    """To publish a version of a text of a message. The subject is the version."""

    RETENTION_LONGER = "retention_longer"
    """To keep things for a longer time. The subject is the version."""
    RETENTION_SHORTER = "retention_shorter"
    """To keep something for a shorter time. The subject is the version."""


PROPOSES: Final[Mapping[ProposalKind, Permission]] = {
    ProposalKind.CERTIFICATE: Permission.CERTIFICATES_PROPOSE,
    ProposalKind.AGREEMENT_SET: Permission.AGREEMENTS_PROPOSE,
    ProposalKind.AGREEMENT_SET_OFF: Permission.AGREEMENTS_PROPOSE,
    ProposalKind.CLAUSE_MARK: Permission.CLAUSES_PROPOSE,
    ProposalKind.CLAUSE_RESTORED: Permission.CLAUSES_PROPOSE,
    ProposalKind.POLICY: Permission.POLICY_PROPOSE,
    ProposalKind.SETTLEMENT: Permission.SETTLEMENTS_PROPOSE,
    ProposalKind.RELATIVES_COPY: Permission.RELATIVES_PROPOSE,
    ProposalKind.RELATIVES_CORRECTION: Permission.RELATIVES_PROPOSE,
    ProposalKind.RELATIVES_ERASURE: Permission.RELATIVES_PROPOSE,
    ProposalKind.PARTNER_LIVE: Permission.PARTNERS_PROPOSE,
    ProposalKind.PARTNER_RESUMED: Permission.PARTNERS_PROPOSE,
    ProposalKind.PARTNER_CLOSED: Permission.PARTNERS_PROPOSE,
    ProposalKind.CASE_MEASURE: Permission.CASES_MEASURE,
    ProposalKind.MINOR_REVEAL: Permission.REVEALS_PROPOSE,
    ProposalKind.KEY_CEREMONY: Permission.KEYS_KEEP,
    ProposalKind.BRANDING: Permission.BRANDING_PROPOSE,
    ProposalKind.MESSAGE_TEXT: Permission.TEXTS_PROPOSE,
    ProposalKind.RETENTION_LONGER: Permission.RETENTION_PROPOSE,
    ProposalKind.RETENTION_SHORTER: Permission.RETENTION_PROPOSE,
}
"""Who may propose each kind, and decide what another one proposed."""

DESTROYS: Final = frozenset(
    {
        ProposalKind.PARTNER_CLOSED,
        ProposalKind.CASE_MEASURE,
        ProposalKind.RELATIVES_ERASURE,
        ProposalKind.RETENTION_SHORTER,
    }
)
"""Kinds of which nothing is taken back as it was: whoever approves types what it is about."""

BY_TICKET: Final = frozenset(
    {
        ProposalKind.SETTLEMENT,
        ProposalKind.RELATIVES_COPY,
        ProposalKind.RELATIVES_CORRECTION,
        ProposalKind.RELATIVES_ERASURE,
    }
)
"""Kinds whose subject is a ticket: whoever wrote it asks for what is proposed."""


class ProposalState(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    """An open one whose time is over; stored as such only once the same is proposed anew."""


class ProposalEnded(StateConflict):
    """It was decided, withdrawn, or nobody decided in time."""

    code = "proposal_ended"
    advice = "Look at it with eztong proposals show; what is still wanted has to be proposed again."


class ReasonInvalid(InputInvalid):
    """No reason, or one that is too long."""

    code = "reason_invalid"
    advice = f"Give a reason of at most {MAX_REASON} characters; it goes on record."


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStep:
    """Who ended a proposal, when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An act that waits for a second operator, or waited. ``subject`` is the id of what it changes.

    ``about`` is the account that it concerns, if it concerns one. Neither reason holds personal data.
    """

    proposal_id: str
    kind: ProposalKind
    subject: str
    about: HolderId | None = None
    reason: str
    by: str
    at: datetime
    until: datetime
    state: ProposalState = ProposalState.OPEN
    ended: SecondStep | None = None

    @property
    def typed_word(self) -> str:
        """What whoever approves types where nothing is taken back: the subject, or the end of a long id."""
        return self.subject if len(self.subject) <= _SHORT else self.subject[-6:]

    def state_at(self, now: datetime) -> ProposalState:
        """Return where it stands at ``now``."""
        if self.state is ProposalState.OPEN and now >= self.until:
            return ProposalState.EXPIRED
        return self.state

    def check_open(self, *, now: datetime) -> None:
        """Refuse to end what has ended.

        Raises:
            ProposalEnded: it has.
        """
        state = self.state_at(now)
        if state is not ProposalState.OPEN:
            raise ProposalEnded(f"The proposal is {state.value}.")

    def check_decider(self, operator: Operator, *, proposer: Operator | None, now: datetime) -> None:
        """Refuse a decision by whoever may not take it.

        Raises:
            ProposalEnded: it has ended.
            RoleMissing: none of the roles that may decide this kind.
            SameOperator: who proposed may not decide, nor another operator of the same person.
        """
        self.check_open(now=now)
        check_may(operator, PROPOSES[self.kind])
        check_another(operator, proposer, named=self.by, now=now)

    def check_proposer(self, operator: Operator, *, now: datetime) -> None:
        """Refuse a withdrawal by anybody but who proposed.

        Raises:
            ProposalEnded: it has ended.
            SameOperator: another one proposed it; that one alone withdraws it, others reject it.
        """
        self.check_open(now=now)
        if operator.name != self.by:
            raise SameOperator("Only the operator who proposed it may withdraw it; others approve or reject it.")


def parse_reason(text: str) -> str:
    """Return a reason, as :func:`~eztong.domain.free_text.parse_free_text` reads it.

    Raises:
        ReasonInvalid: none, or more than :data:`MAX_REASON` characters.
    """
    reason = parse_free_text(text)
    if not reason or len(reason) > MAX_REASON:
        raise ReasonInvalid
    return reason
