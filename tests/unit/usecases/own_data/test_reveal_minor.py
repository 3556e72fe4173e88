"""A minor's data in full: proposed by one, approved by another, shown for an hour, and in the history."""

from __future__ import annotations

import pytest

from eztong.domain.events import EventKind
from eztong.domain.operators.operator import OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import ReasonInvalid
from eztong.ports.act import Acting
from eztong.usecases.own_data.reveal_for_staff import (
    REVEAL_LIFE,
    MinorNotRevealed,
    RevealForStaff,
    RevealPurpose,
    propose_reveal,
    reveal_for_staff,
)
from eztong.usecases.own_data.reveal_identity import OwnIdentity
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.guardianship.family import MINOR, confirmed_minor
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

CASES, LEGAL = OperatorRole.CASES, OperatorRole.LEGAL
PURPOSE = RevealPurpose.AUTHORITY_ASKS


def shown(stage: Stage, by: Acting, purpose: RevealPurpose = PURPOSE) -> OwnIdentity:
    return stage.act(reveal_for_staff, RevealForStaff(holder_id=stage.holder_id(MINOR), purpose=purpose), by=by)


def proposed(stage: Stage, by: Acting, reason: str = "court order 12") -> str:
    made = stage.act(propose_reveal, stage.holder_id(MINOR), purpose=PURPOSE, reason=reason, by=by)
    return made.proposal_id


def decide(stage: Stage, by: Acting, proposal_id: str, *, approve: bool = True) -> None:
    command = DecideProposal(proposal_id=proposal_id, approve=approve, reason="seen")
    stage.act(decide_proposal, command, by=by, calendar=stage.services.deployment.calendar)


def test_it_takes_two_and_serves_whoever_proposed_it_for_an_hour(stage: Stage) -> None:
    confirmed_minor(stage)
    li, wang = operator(stage, "li", CASES), operator(stage, "wang", CASES)
    with pytest.raises(MinorNotRevealed):
        shown(stage, li)
    waits = proposed(stage, li)
    with pytest.raises(MinorNotRevealed):
        shown(stage, li)
    with pytest.raises(SameOperator):
        decide(stage, li, waits)
    decide(stage, wang, waits)
    with pytest.raises(MinorNotRevealed):
        shown(stage, wang)
    # Another purpose than was agreed to would stand in the history of the child.
    with pytest.raises(MinorNotRevealed):
        shown(stage, li, RevealPurpose.ANSWER_PERSON)
    assert shown(stage, li).number == MINOR.number
    told = [one for one in stage.events(MINOR) if one.kind is EventKind.STAFF_READ]
    assert "what=revealed purpose=authority_asks" in told[-1].detail
    stage.clock.pass_by(seconds=REVEAL_LIFE.total_seconds())
    with pytest.raises(MinorNotRevealed):
        shown(stage, li)


def test_a_rejected_one_shows_nothing_and_nobody_else_proposes_or_decides(stage: Stage) -> None:
    confirmed_minor(stage)
    li, wang, zhao = (operator(stage, name, role) for name, role in (("li", CASES), ("wang", CASES), ("zhao", LEGAL)))
    with pytest.raises(RoleMissing):
        proposed(stage, zhao)
    with pytest.raises(ReasonInvalid):
        proposed(stage, li, " ")
    waits = proposed(stage, li)
    with pytest.raises(RoleMissing):
        decide(stage, zhao, waits)
    decide(stage, wang, waits, approve=False)
    with pytest.raises(MinorNotRevealed):
        shown(stage, li)
