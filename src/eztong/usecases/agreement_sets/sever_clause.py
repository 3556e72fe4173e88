"""Mark a clause as void or suspended, and lift the mark again, by two operators (clause 5.5; design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.agreement_sets.clause_mark import (
    ClauseMark,
    ClauseMarked,
    ClauseUnknown,
    Effect,
    MarkNotStanding,
    MarkState,
    MarkUnknown,
)
from eztong.domain.agreement_sets.clauses import clause_numbers
from eztong.domain.agreement_sets.offered_text import LANGUAGES
from eztong.domain.agreements import DocumentKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.incidents.incident import Bilingual
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverClause:
    """Which clause of a document in force does not apply, since when, why (for everybody), and why (on record)."""

    kind: DocumentKind
    clause: str
    effect: Effect
    since: datetime
    words: Bilingual
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreClause:
    """The mark that is to be lifted, and why."""

    mark_id: str
    reason: str


def propose_severing(act: Act, command: SeverClause) -> tuple[ClauseMark, Proposal]:
    """Propose a mark on a clause of a document in force; nobody sees it before another operator approved it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        ClauseUnknown: no such document in force, or it has no such clause.
        ClauseMarked: the clause has a mark, or one is proposed.
    """
    operator = check_operator(act, Permission.CLAUSES_MARK)
    text = act.uow.agreements.in_force(command.kind, LANGUAGES[0])
    if text is None or command.clause not in clause_numbers(text.text):
        raise ClauseUnknown
    _free_expired(act, command.kind, text.version, command.clause)
    mark = ClauseMark(
        mark_id=new_id(act, "mrk"),
        kind=command.kind,
        version=text.version,
        clause=command.clause,
        effect=command.effect,
        since=command.since,
        reason=command.words,
        made_by=operator.name,
        made_at=act.now,
    )
    if not act.uow.clause_marks.add(mark):
        raise ClauseMarked
    return mark, propose(act, Propose(kind=ProposalKind.CLAUSE_MARK, subject=mark.mark_id, reason=command.reason))


def propose_restoring(act: Act, command: RestoreClause) -> Proposal:
    """Propose that a mark be lifted.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        MarkUnknown: no such mark.
        MarkNotStanding: it does not stand.
        StateConflict: the same is proposed already.
    """
    if find_mark(command.mark_id, stored=act.uow).state is not MarkState.STANDING:
        raise MarkNotStanding
    return propose(act, Propose(kind=ProposalKind.CLAUSE_RESTORED, subject=command.mark_id, reason=command.reason))


def settle_severing(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal of a mark: an approved one stands and is told, any other is refused.

    Raises:
        MarkUnknown: no such mark.
        ClauseMarked: it was decided already.
        ClauseUnknown: another version is in force by now; the mark would stand on a text that holds no more.
    """
    mark = find_mark(proposal.subject, stored=act.uow)
    approved = proposal.state is ProposalState.APPROVED
    state = MarkState.STANDING if approved else MarkState.REFUSED
    if approved:
        _check_in_force(act, mark)
    if not act.uow.clause_marks.move(mark.mark_id, state, seen=MarkState.PROPOSED):
        raise ClauseMarked
    if approved:
        _tell_and_attest(act, mark, ActKind.CLAUSE_SEVERED)


def _check_in_force(act: Act, mark: ClauseMark) -> None:
    text = act.uow.agreements.in_force(mark.kind, LANGUAGES[0])
    if text is None or text.version != mark.version:
        raise ClauseUnknown("Another version of this document is in force by now. Reject this, and propose it anew.")


def settle_restoring(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal to lift a mark: once approved the clause applies again, and that is told.

    Raises:
        MarkUnknown: no such mark.
        MarkNotStanding: it does not stand any more.
    """
    if proposal.state is not ProposalState.APPROVED:
        return
    mark = find_mark(proposal.subject, stored=act.uow)
    if not act.uow.clause_marks.move(mark.mark_id, MarkState.LIFTED, seen=MarkState.STANDING, lifted_at=act.now):
        raise MarkNotStanding
    _tell_and_attest(act, mark, ActKind.CLAUSE_RESTORED)


def find_mark(mark_id: str, *, stored: Repositories) -> ClauseMark:
    """Return a mark.

    Raises:
        MarkUnknown: no such mark.
    """
    mark = stored.clause_marks.get(mark_id)
    if mark is None:
        raise MarkUnknown
    return mark


def _free_expired(act: Act, kind: DocumentKind, version: str, clause: str) -> None:
    """Refuse marks whose proposal nobody decided in time, so that they hold nothing up."""
    for mark in act.uow.clause_marks.list():
        if (mark.kind, mark.version, mark.clause, mark.state) != (kind, version, clause, MarkState.PROPOSED):
            continue
        proposals = act.uow.proposals.of_subject(ProposalKind.CLAUSE_MARK, mark.mark_id)
        if all(one.state_at(act.now) is ProposalState.EXPIRED for one in proposals):
            act.uow.clause_marks.move(mark.mark_id, MarkState.REFUSED, seen=MarkState.PROPOSED)


def _tell_and_attest(act: Act, mark: ClauseMark, kind: ActKind) -> None:
    facts = {
        "document": mark.kind.value,
        "version": mark.version,
        "clause": mark.clause,
        "effect": mark.effect.value,
    }
    attest_act(act, WhatWasDone(kind=kind, subject=mark.mark_id, facts=facts))
    act.uow.clause_marks.start_telling(mark.mark_id)
