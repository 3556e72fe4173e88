"""Decide what another operator proposed; what was approved is done in the same unit of work (design rule 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.break_glass import BreakGlass
from eztong.domain.operators.operator import AboutOneself, Operator, SameOperator
from eztong.domain.operators.permission import Permission, may
from eztong.domain.operators.proposal import PROPOSES, Proposal, ProposalEnded, ProposalKind, ProposalState
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.agreement_sets.call_off_set import settle_calling_off
from eztong.usecases.agreement_sets.publish_set import settle_set
from eztong.usecases.agreement_sets.sever_clause import settle_restoring, settle_severing
from eztong.usecases.branding.publish_branding import settle_branding
from eztong.usecases.cases.take_measure import settle_measure
from eztong.usecases.death.answer_relatives import settle_for_relatives
from eztong.usecases.keys.change_keys import settle_key_change
from eztong.usecases.merchants.certify_merchant_key import settle_certificate
from eztong.usecases.message_texts.publish_text import settle_text
from eztong.usecases.operators.break_glass import open_glass
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.note_audit import Audited, note_audit
from eztong.usecases.operators.propose import check_not_concerned, end_proposal, find_proposal
from eztong.usecases.own_data.reveal_for_staff import settle_reveal
from eztong.usecases.partners.propose_move import settle_move
from eztong.usecases.policy.publish_policy import settle_policy
from eztong.usecases.retention.publish_periods import settle_retention
from eztong.usecases.talks.draft_proposal import settle_draft

Settle = Callable[[Act, Proposal, WorkCalendar], None]


def _on_any_day(settle: Callable[[Act, Proposal], None]) -> Settle:
    """Let a kind that counts no days be settled like one that does."""
    return lambda act, ended, _calendar: settle(act, ended)


SETTLE: Final[Mapping[ProposalKind, Settle]] = {
    ProposalKind.CERTIFICATE: _on_any_day(settle_certificate),
    ProposalKind.AGREEMENT_SET: _on_any_day(settle_set),
    ProposalKind.AGREEMENT_SET_OFF: _on_any_day(settle_calling_off),
    ProposalKind.CLAUSE_MARK: _on_any_day(settle_severing),
    ProposalKind.CLAUSE_RESTORED: _on_any_day(settle_restoring),
    ProposalKind.POLICY: _on_any_day(settle_policy),
    ProposalKind.SETTLEMENT: settle_draft,
    ProposalKind.RELATIVES_COPY: _on_any_day(settle_for_relatives),
    ProposalKind.RELATIVES_CORRECTION: _on_any_day(settle_for_relatives),
    ProposalKind.RELATIVES_ERASURE: _on_any_day(settle_for_relatives),
    ProposalKind.PARTNER_LIVE: _on_any_day(settle_move),
    ProposalKind.PARTNER_RESUMED: _on_any_day(settle_move),
    ProposalKind.PARTNER_CLOSED: _on_any_day(settle_move),
    ProposalKind.CASE_MEASURE: settle_measure,
    ProposalKind.MINOR_REVEAL: _on_any_day(settle_reveal),
    ProposalKind.KEY_CEREMONY: _on_any_day(settle_key_change),
    ProposalKind.BRANDING: _on_any_day(settle_branding),
    ProposalKind.MESSAGE_TEXT: _on_any_day(settle_text),
    ProposalKind.RETENTION_LONGER: _on_any_day(settle_retention),
    ProposalKind.RETENTION_SHORTER: _on_any_day(settle_retention),
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


def decide_proposal(act: Act, command: DecideProposal, *, calendar: WorkCalendar) -> Proposal:
    """Approve or reject a proposal.

    1. Another operator decides than the one who proposed, of a role for this kind, not about their own account and not
       what they asked for. In an emergency that stands open it may be the same one, which the audit says.
    2. For an approval the one who proposed must not have turned out to be that person meanwhile.
    3. It is moved by one conditional change, and that is attested.
    4. What was approved is done, or nothing of all this: what had to be so to propose it is asked again.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, SameOperator, AboutOneself: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such proposal.
        ProposalEnded: it was decided or withdrawn, its time is over, or whoever proposed it may not any more.
    """
    operator = check_operator(act, Permission.PROPOSALS_DECIDE, command.proposal_id)
    proposal = find_proposal(command.proposal_id, stored=act.uow)
    proposer = act.uow.operators.get(proposal.by)
    alone = _check_decider(act, proposal, operator, proposer)
    check_not_concerned(operator, proposal, stored=act.uow)
    if command.approve and proposer is not None:
        _check_proposer(act, proposer, proposal)
    if alone is not None:
        under = f"alone -> {alone.glass_id}"
        what = Permission.BREAK_GLASS.value
        note_audit(
            act,
            Audited(step=AuditStep.DONE, what=what, roles=operator.roles, subject=proposal.proposal_id, change=under),
        )
    state = ProposalState.APPROVED if command.approve else ProposalState.REJECTED
    return _end(act, proposal, state, reason=command.reason, calendar=calendar)


def _check_decider(act: Act, proposal: Proposal, operator: Operator, proposer: Operator | None) -> BreakGlass | None:
    """Return the emergency under which one operator decides alone what they proposed; None if it is another one."""
    try:
        proposal.check_decider(operator, proposer=proposer, now=act.now)
    except SameOperator:
        alone = open_glass(act, operator.name)
        if alone is None:
            raise
        return alone
    return None


def _check_proposer(act: Act, proposer: Operator, proposal: Proposal) -> None:
    """Ask again of who proposed: links to persons come later, and so do accounts and wards; rights may have ended."""
    if not proposer.is_active or not may(proposer, PROPOSES[proposal.kind]):
        raise ProposalEnded("Whoever proposed it may not any more. Reject it; another operator proposes it anew.")
    try:
        check_not_concerned(proposer, proposal, stored=act.uow)
    except AboutOneself:
        raise AboutOneself(
            "Whoever proposed it is concerned themselves. Reject it; another operator proposes it anew."
        ) from None


def withdraw_proposal(act: Act, command: WithdrawProposal, *, calendar: WorkCalendar) -> Proposal:
    """Withdraw what one proposed oneself.

    Raises:
        OperatorNeeded, OperatorRefused, SameOperator: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such proposal.
        ProposalEnded: it was decided or withdrawn, or its time is over.
    """
    operator = check_operator(act, Permission.PROPOSALS_DECIDE, command.proposal_id)
    proposal = find_proposal(command.proposal_id, stored=act.uow)
    proposal.check_proposer(operator, now=act.now)
    return _end(act, proposal, ProposalState.WITHDRAWN, reason=command.reason, calendar=calendar)


def _end(act: Act, proposal: Proposal, state: ProposalState, *, reason: str, calendar: WorkCalendar) -> Proposal:
    ended = end_proposal(act, proposal, state, reason=reason)
    SETTLE[ended.kind](act, ended, calendar)
    return ended
