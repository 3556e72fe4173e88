"""Propose an act that takes two operators, and withdraw what one proposed (design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import Operator
from eztong.domain.operators.proposal import (
    BY_TICKET,
    LIFE,
    PROPOSES,
    Proposal,
    ProposalEnded,
    ProposalKind,
    ProposalState,
    SecondStep,
    parse_reason,
)
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_about_another, check_operator

ENDINGS = {
    ProposalState.APPROVED: ActKind.PROPOSAL_APPROVED,
    ProposalState.REJECTED: ActKind.PROPOSAL_REJECTED,
    ProposalState.WITHDRAWN: ActKind.PROPOSAL_WITHDRAWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """What an operator wants done to ``subject``, and why; ``about`` is the account that it concerns, if any."""

    kind: ProposalKind
    subject: str
    reason: str
    about: HolderId | None = None


def propose(act: Act, command: Propose) -> Proposal:
    """Store the proposal; nothing of what it proposes is done yet.

    1. The operator who acts has a role for this kind; it is not about their own account, nor asked for by it.
    2. One that waits for the same subject is not joined by a second; one whose time is over makes room.
    3. The act is attested.

    Raises:
        ReasonInvalid: no reason.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        StateConflict: the same is proposed already.
    """
    operator = check_operator(act, PROPOSES[command.kind])
    check_not_concerned(operator, command, stored=act.uow)
    proposal = Proposal(
        proposal_id=new_id(act, "prp"),
        kind=command.kind,
        subject=command.subject,
        about=command.about,
        reason=parse_reason(command.reason),
        by=operator.name,
        at=act.now,
        until=act.now + LIFE,
    )
    act.uow.proposals.expire(command.kind, command.subject, now=act.now)
    if not act.uow.proposals.add(proposal):
        raise StateConflict("The same is proposed already and waits for another operator.")
    _attest(act, proposal, ActKind.PROPOSED, reason=proposal.reason)
    return proposal


def check_not_concerned(operator: Operator, of: Propose | Proposal, *, stored: Repositories) -> None:
    """Refuse an operator whom it is about, or who asked for it: nobody decides what they asked for themselves.

    Raises:
        AboutOneself: it is theirs.
    """
    ticket = stored.tickets.get(of.subject) if of.kind in BY_TICKET else None
    for one in (of.about, None if ticket is None else ticket.holder_id):
        check_about_another(operator, one, stored=stored)


def find_proposal(proposal_id: str, *, stored: Repositories) -> Proposal:
    """Return the proposal.

    Raises:
        NotFound: no such proposal.
    """
    proposal = stored.proposals.get(proposal_id)
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return proposal


def find_open_about(subject: str, *kinds: ProposalKind, stored: Repositories) -> Proposal:
    """Return the proposal of these kinds by which ``subject`` waits for the second operator.

    Raises:
        ProposalEnded: it waits for nobody.
    """
    found = (one for kind in kinds for one in stored.proposals.of_subject(kind, subject))
    proposal = next((one for one in found if one.state is ProposalState.OPEN), None)
    if proposal is None:
        raise ProposalEnded
    return proposal


def end_proposal(act: Act, proposal: Proposal, state: ProposalState, *, reason: str) -> Proposal:
    """Move an open proposal to ``state`` by one conditional change, and attest that; return it as it stands then.

    Raises:
        ReasonInvalid: no reason.
        ProposalEnded: it ended meanwhile, or its time is over.
    """
    ended = replace(proposal, state=state, ended=SecondStep(by=act.by.name, at=act.now, reason=parse_reason(reason)))
    if not act.uow.proposals.end(ended):
        raise ProposalEnded
    _attest(act, ended, ENDINGS[state], reason=reason.strip())
    return ended


def _attest(act: Act, proposal: Proposal, kind: ActKind, *, reason: str) -> None:
    facts = {"proposed": proposal.kind.value}
    done = WhatWasDone(kind=kind, subject=proposal.proposal_id, facts=facts, holder_id=proposal.about, reason=reason)
    attest_act(act, done)
