"""An emergency: one operator does what takes two, for half an hour, for everybody to see; another one reviews it."""

from __future__ import annotations

import pytest

from eztong.domain.errors import EztongError, NotFound
from eztong.domain.operators.break_glass import GLASS_LIFE, BreakGlass, BreakGlassOff, BreakGlassState
from eztong.domain.operators.operator import AboutOneself, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import ProposalKind, ProposalState, ReasonInvalid
from eztong.ports.act import Acting
from eztong.usecases.operators.break_glass import (
    begin_break_glass,
    end_break_glass,
    find_glass,
    open_glass,
    review_break_glass,
)
from eztong.usecases.operators.propose import Propose, propose
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.operators.test_sign_in import audit
from tests.unit.usecases.stage import LI, Stage

SYSTEM, CASES, AUDIT, LEGAL = OperatorRole.SYSTEM, OperatorRole.CASES, OperatorRole.AUDIT, OperatorRole.LEGAL
LIFE = GLASS_LIFE.total_seconds()


def begin(stage: Stage, by: Acting, reason: str = "nobody else answers", *, allowed: bool = True) -> BreakGlass:
    return stage.act(begin_break_glass, reason, allowed=allowed, by=by)


def proposed(stage: Stage, by: Acting, subject: str = "hld_1") -> str:
    return stage.act(propose, Propose(kind=ProposalKind.MINOR_REVEAL, subject=subject, reason="x"), by=by).proposal_id


def decide(stage: Stage, by: Acting, proposal_id: str) -> ProposalState:
    command = DecideProposal(proposal_id=proposal_id, approve=True, reason="an emergency")
    return stage.act(decide_proposal, command, by=by, calendar=stage.services.deployment.calendar).state


def test_one_decides_alone_while_it_is_open_and_not_a_moment_longer(stage: Stage) -> None:
    by = operator(stage, "li", CASES)
    first, second = proposed(stage, by), proposed(stage, by, "hld_2")
    with pytest.raises(SameOperator):
        decide(stage, by, first)
    glass = begin(stage, by)
    assert decide(stage, by, first) is ProposalState.APPROVED
    alone = [one for one in audit(stage) if one.what == "break_glass.begin" and one.subject == first]
    assert [(one.step, one.change) for one in alone] == [("done", f"alone -> {glass.glass_id}")]
    stage.clock.pass_by(seconds=LIFE)
    with pytest.raises(SameOperator):
        decide(stage, by, second)


def test_it_serves_whoever_began_it_alone_and_ends_when_it_is_ended(stage: Stage) -> None:
    li, wang = operator(stage, "li", CASES), operator(stage, "wang", CASES)
    waits = proposed(stage, wang)
    glass = begin(stage, li)
    with pytest.raises(SameOperator):
        decide(stage, wang, waits)
    stage.act(end_break_glass, glass.glass_id, by=wang)
    own = proposed(stage, li, "hld_2")
    with pytest.raises(SameOperator):
        decide(stage, li, own)
    with pytest.raises(BreakGlassState):
        stage.act(end_break_glass, glass.glass_id, by=wang)


def test_nobody_decides_about_themselves_in_it_either(stage: Stage) -> None:
    index = stage.holder(LI).number_index
    by = operator(stage, "li", CASES, person=index)
    waits = proposed(stage, by)
    about = Propose(kind=ProposalKind.MINOR_REVEAL, subject="x", reason="x", about=stage.holder_id(LI))
    begin(stage, by)
    with pytest.raises(AboutOneself):
        stage.act(propose, about, by=by)
    assert decide(stage, by, waits) is ProposalState.APPROVED


def test_it_is_off_unless_the_service_allows_it_and_needs_a_reason_and_a_role(stage: Stage) -> None:
    li, auditor = operator(stage, "li", CASES), operator(stage, "auditor", AUDIT)
    for by, reason, allowed, refusal in (
        (li, "x", False, BreakGlassOff),
        (li, " ", True, ReasonInvalid),
        (auditor, "x", True, RoleMissing),
    ):
        with pytest.raises(refusal):
            begin(stage, by, reason, allowed=allowed)
    begin(stage, li)
    with pytest.raises(BreakGlassState):
        begin(stage, li)
    stage.clock.pass_by(seconds=LIFE)
    begin(stage, li)


def test_another_one_reviews_it_once_it_is_over(stage: Stage) -> None:
    li, wang = operator(stage, "li", SYSTEM), operator(stage, "wang", LEGAL)
    glass = begin(stage, li)
    refused: list[tuple[Acting, str, type[EztongError]]] = [
        (li, glass.glass_id, SameOperator),
        (wang, glass.glass_id, BreakGlassState),
        (wang, "gls_none", NotFound),
    ]
    for by, glass_id, refusal in refused:
        with pytest.raises(refusal):
            stage.act(review_break_glass, glass_id, "seen", by=by)
    stage.act(end_break_glass, glass.glass_id, by=li)
    with pytest.raises(ReasonInvalid):
        stage.act(review_break_glass, glass.glass_id, "", by=wang)
    reviewed = stage.act(review_break_glass, glass.glass_id, "it was needed", by=wang)
    assert stage.read(lambda kept: find_glass(glass.glass_id, stored=kept)) == reviewed
    assert (reviewed.reviewed_by, reviewed.waits_for_review) == ("wang", False)
    with pytest.raises(BreakGlassState):
        stage.act(review_break_glass, glass.glass_id, "again", by=wang)
    kinds = [row[0] for row in stage.select("SELECT kind FROM acts WHERE kind LIKE 'glass%' ORDER BY act_id")]
    assert kinds == ["glass_broken", "glass_closed", "glass_reviewed"]
    assert stage.act(open_glass, "li", by=li) is None
