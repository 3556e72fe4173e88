"""Clauses that are void or suspended: marked by two operators, told to everybody, lifted by two again (5.5)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.agreement_sets.clause_mark import (
    ClauseMark,
    ClauseMarked,
    ClauseUnknown,
    Effect,
    MarkNotStanding,
    MarkState,
    MarkUnknown,
)
from eztong.domain.agreements import AgreementKind, RuleKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.incidents.incident import Bilingual
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import LIFE, Proposal, ProposalState
from eztong.ports.act import OPERATOR
from eztong.usecases.agreement_sets.sever_clause import (
    RestoreClause,
    SeverClause,
    propose_restoring,
    propose_severing,
    settle_restoring,
    settle_severing,
)
from eztong.usecases.agreements.check_consent import check_consent
from tests.unit.usecases.agreement_sets.publishing import decide, keep, proposed
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

WORDS = Bilingual("法院认定无效。", "A court found it void.")
VOID = SeverClause(
    kind=AgreementKind.SERVICE, clause="2.9", effect=Effect.VOID, since=START, words=WORDS, reason="judgment"
)


def severed(stage: Stage, command: SeverClause = VOID) -> tuple[ClauseMark, Proposal]:
    return stage.act(propose_severing, command, by=operator(stage, "li.na"))


def mark_of(stage: Stage, mark_id: str) -> ClauseMark:
    found = stage.read(lambda stored: stored.clause_marks.get(mark_id))
    assert found is not None
    return found


def shown(stage: Stage) -> list[ClauseMark]:
    return list(stage.read(lambda stored: stored.clause_marks.of_text(AgreementKind.SERVICE, "1.2")))


def acts(stage: Stage, kind: ActKind) -> int:
    return len(stage.select("SELECT act_id FROM acts WHERE kind = ?", kind.value))


def test_a_mark_that_is_proposed_is_seen_by_nobody(stage: Stage) -> None:
    mark, _proposal = severed(stage)
    assert (mark.version, mark.state, mark.made_by) == ("1.2", MarkState.PROPOSED, "li.na")
    assert shown(stage) == []


def test_an_approved_mark_stands_is_attested_and_told_and_acceptances_stand(stage: Stage) -> None:
    mark, proposal = severed(stage)
    with pytest.raises(SameOperator):
        decide(stage, proposal, name="li.na")
    decide(stage, proposal)
    assert shown(stage) == [replace(mark, state=MarkState.STANDING)]
    assert acts(stage, ActKind.CLAUSE_SEVERED) == 1
    stage.act(check_consent, stage.holder_id())
    stage.empty_outbox()
    keep(stage)
    assert stage.topics() == ["clause_severed"] * 2
    params = stage.messages()[0].params
    assert (params["clause"], params["reason_zh"]) == ("2.9", WORDS.zh)


def test_a_refused_mark_leaves_the_clause_free(stage: Stage) -> None:
    mark, proposal = severed(stage)
    decide(stage, proposal, approve=False)
    assert mark_of(stage, mark.mark_id).state is MarkState.REFUSED
    assert acts(stage, ActKind.CLAUSE_SEVERED) == 0
    stage.act(propose_severing, VOID, by=operator(stage, "chen"))


def test_a_clause_has_one_mark_at_a_time(stage: Stage) -> None:
    _mark, proposal = severed(stage)
    with pytest.raises(ClauseMarked):
        stage.act(propose_severing, VOID, by=operator(stage, "chen"))
    decide(stage, proposal)
    with pytest.raises(ClauseMarked):
        stage.act(propose_severing, replace(VOID, effect=Effect.SUSPENDED), by=operator(stage, "zhou"))
    stage.act(propose_severing, replace(VOID, clause="2.8"), by=operator(stage, "wu"))


def test_a_proposal_that_nobody_decided_holds_nothing_up(stage: Stage) -> None:
    first, _proposal = severed(stage)
    stage.clock.pass_by(milliseconds=LIFE.days * 86_400_000)
    second, _again = stage.act(propose_severing, VOID, by=operator(stage, "chen"))
    assert mark_of(stage, first.mark_id).state is MarkState.REFUSED
    assert mark_of(stage, second.mark_id).state is MarkState.PROPOSED


def test_a_mark_is_lifted_by_two_and_stays_readable(stage: Stage) -> None:
    mark, proposal = severed(stage, replace(VOID, effect=Effect.SUSPENDED))
    decide(stage, proposal)
    keep(stage)
    stage.clock.pass_by(days=3)
    lifting = stage.act(
        propose_restoring, RestoreClause(mark_id=mark.mark_id, reason="over"), by=operator(stage, "a.b")
    )
    assert [one.state for one in shown(stage)] == [MarkState.STANDING]
    decide(stage, lifting, name="chen")
    (found,) = shown(stage)
    assert (found.state, found.lifted_at) == (MarkState.LIFTED, stage.clock.now())
    assert acts(stage, ActKind.CLAUSE_RESTORED) == 1
    stage.empty_outbox()
    keep(stage)
    assert stage.topics() == ["clause_restored"] * 2
    with pytest.raises(MarkNotStanding):
        stage.act(propose_restoring, RestoreClause(mark_id=mark.mark_id, reason="again"), by=operator(stage, "c.d"))


def test_a_refused_lifting_leaves_the_mark(stage: Stage) -> None:
    mark, proposal = severed(stage)
    decide(stage, proposal)
    lifting = stage.act(propose_restoring, RestoreClause(mark_id=mark.mark_id, reason="x"), by=operator(stage, "a.b"))
    decide(stage, lifting, approve=False, name="chen")
    assert mark_of(stage, mark.mark_id).state is MarkState.STANDING


@pytest.mark.parametrize("clause", ["9.9", "", "2", "挂失"])
def test_what_is_no_clause_in_force_is_refused(stage: Stage, clause: str) -> None:
    by = operator(stage)
    if clause == "2":
        stage.act(propose_severing, replace(VOID, clause=clause), by=by)
        return
    with pytest.raises(ClauseUnknown):
        stage.act(propose_severing, replace(VOID, clause=clause), by=by)
    with pytest.raises(ClauseUnknown):
        stage.act(propose_severing, replace(VOID, kind=RuleKind.NOTICE), by=by)


def test_who_may_not_marks_nothing(stage: Stage) -> None:
    with pytest.raises(OperatorNeeded):
        stage.act(propose_severing, VOID, by=OPERATOR)
    with pytest.raises(RoleMissing):
        stage.act(propose_severing, VOID, by=operator(stage, "chen", OperatorRole.CASES))


def test_what_is_gone_or_decided_is_said(stage: Stage) -> None:
    _mark, proposal = severed(stage)
    approved = replace(proposal, state=ProposalState.APPROVED)
    with pytest.raises(MarkUnknown):
        stage.act(settle_severing, replace(approved, subject="mrk_none"))
    stage.act(settle_severing, approved)
    with pytest.raises(ClauseMarked):
        stage.act(settle_severing, approved)
    stage.act(settle_restoring, approved)
    with pytest.raises(MarkNotStanding):
        stage.act(settle_restoring, approved)


def test_a_mark_on_a_version_that_was_replaced_meanwhile_is_not_set(stage: Stage) -> None:
    decide(stage, proposed(stage, {"service": "A"}))
    stage.clock.pass_by(days=7)
    mark, proposal = severed(stage)
    stage.clock.pass_by(days=1)
    keep(stage)
    with pytest.raises(ClauseUnknown, match="propose it anew"):
        decide(stage, proposal)
    decide(stage, proposal, approve=False)
    assert mark_of(stage, mark.mark_id).state is MarkState.REFUSED
