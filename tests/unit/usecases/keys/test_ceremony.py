"""Two stand for what is done to a key; who may go without is said, and nobody else does."""

from __future__ import annotations

import pytest

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import ProposalKind, ProposalState, ReasonInvalid
from eztong.ports.act import OPERATOR
from eztong.usecases.keys.ceremony import AgreeCeremony, agree_ceremony, go_without, note_ceremony, past_ceremonies
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

ASKED = AgreeCeremony(what="rotate results", second="wang.wu", reason="yearly")


def test_two_agree_and_both_stand_on_record_with_the_reason(stage: Stage) -> None:
    li = operator(stage, "li.na", OperatorRole.SECURITY)
    operator(stage, "wang.wu", OperatorRole.SYSTEM)
    ceremony = stage.act(agree_ceremony, ASKED, by=li)
    stage.act(note_ceremony, ceremony, ActKind.KEY_ROTATED, facts={"key": "results-2"}, by=li)
    (past,) = stage.act(past_ceremonies, limit=5)
    assert (past.operator, past.second, past.reason) == ("li.na", "wang.wu", "yearly")
    assert past.facts == {"key": "results-2"}
    (proposal,) = stage.read(
        lambda stored: stored.proposals.of_subject(ProposalKind.KEY_CEREMONY, ASKED.what),
    )
    assert proposal.state is ProposalState.APPROVED


@pytest.mark.parametrize(
    ("first", "second", "reason", "refused"),
    [
        (OperatorRole.AUDIT, OperatorRole.SECURITY, "yearly", RoleMissing),
        (OperatorRole.SECURITY, OperatorRole.CASES, "yearly", RoleMissing),
        (OperatorRole.SECURITY, OperatorRole.SECURITY, " ", ReasonInvalid),
    ],
)
def test_of_other_roles_or_without_a_reason_nobody_agrees_to_anything(
    stage: Stage, first: OperatorRole, second: OperatorRole, reason: str, refused: type[Exception]
) -> None:
    li = operator(stage, "li.na", first)
    operator(stage, "wang.wu", second)
    with pytest.raises(refused):
        stage.act(agree_ceremony, AgreeCeremony(what=ASKED.what, second="wang.wu", reason=reason), by=li)
    assert not stage.read(lambda stored: stored.proposals.of_subject(ProposalKind.KEY_CEREMONY, ASKED.what))


def test_one_person_under_two_names_or_twice_is_one(stage: Stage) -> None:
    li = operator(stage, "li.na", person=b"one person")
    operator(stage, "wang.wu", person=b"one person")
    for second in ("li.na", "wang.wu"):
        with pytest.raises(SameOperator):
            stage.act(agree_ceremony, AgreeCeremony(what="retire kek-1", second=second, reason="old"), by=li)


def test_a_live_service_with_operators_goes_without_none_of_them(stage: Stage) -> None:
    assert stage.act(go_without, is_sandbox=False, by=OPERATOR).proposal_id == "", "nobody is an operator yet"
    operator(stage)
    assert stage.act(go_without, is_sandbox=True, by=OPERATOR).proposal_id == ""
    with pytest.raises(OperatorNeeded, match="--second"):
        stage.act(go_without, is_sandbox=False, by=OPERATOR)
