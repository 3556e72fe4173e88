"""Decide what another operator proposed; what was approved is done in the same unit of work (design rule 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.usecases.agreement_sets.publish_set import settle_set
from eztong.usecases.agreement_sets.sever_clause import settle_restoring, settle_severing
from eztong.usecases.death.answer_relatives import settle_for_relatives
from eztong.usecases.merchants.certify_merchant_key import settle_certificate
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.propose import end_proposal, find_proposal

SETTLE: Final[Mapping[ProposalKind, Callable[[Act, Proposal], None]]] = {
    ProposalKind.CERTIFICATE: settle_certificate,
    ProposalKind.AGREEMENT_SET: settle_set,
    ProposalKind.CLAUSE_MARK: settle_severing,
    ProposalKind.CLAUSE_RESTORED: settle_restoring,
    ProposalKind.RELATIVES_COPY: settle_for_relatives,
    ProposalKind.RELATIVES_CORRECTION: settle_for_relatives,
    ProposalKind.RELATIVES_ERASURE: settle_for_relatives,
}
"""What each kind does once it was approved, rejected or withdrawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideProposal:
    """A decision with the reason that goes on record."""

    proposal_id: str
    approve: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawProposal:
    """The operator who proposed it no longer wants it."""

    proposal_id: str
    reason: str


def decide_proposal(act: Act, command: DecideProposal) -> Proposal:
    """Approve or reject a proposal.

    1. Another operator decides than the one who proposed, of a role for this kind, and not about their own account.
    2. It is moved by one conditional change, and that is attested.
    3. What was approved is done, or nothing of all this.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, SameOperator, AboutOneself: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such proposal.
        ProposalEnded: it was decided or withdrawn, or its time is over.
    """
    operator = check_operator(act, *OperatorRole)
    proposal = find_proposal(command.proposal_id, stored=act.uow)
    proposal.check_decider(operator, proposer=act.uow.operators.get(proposal.by), now=act.now)
    check_about_another(operator, proposal.about, stored=act.uow)
    state = ProposalState.APPROVED if command.approve else ProposalState.REJECTED
    return _end(act, proposal, state, reason=command.reason)


def withdraw_proposal(act: Act, command: WithdrawProposal) -> Proposal:
    """Withdraw what one proposed oneself.

    Raises:
        OperatorNeeded, OperatorRefused, SameOperator: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such proposal.
        ProposalEnded: it was decided or withdrawn, or its time is over.
    """
    operator = check_operator(act, *OperatorRole)
    proposal = find_proposal(command.proposal_id, stored=act.uow)
    proposal.check_proposer(operator, now=act.now)
    return _end(act, proposal, ProposalState.WITHDRAWN, reason=command.reason)


def _end(act: Act, proposal: Proposal, state: ProposalState, *, reason: str) -> Proposal:
    ended = end_proposal(act, proposal, state, reason=reason)
    SETTLE[ended.kind](act, ended)
    return ended
