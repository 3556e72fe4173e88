"""What two operators decided about a partner is not widened by one; and who may not any more decides nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import StateConflict
from eztong.domain.operators.operator import OperatorRole, SameOperator
from eztong.domain.operators.proposal import ProposalEnded, ProposalKind, ProposalState
from eztong.domain.partners.life_cycle import PartnerStateConflict
from eztong.domain.partners.partner import Scope
from eztong.usecases.operators.manage_operators import change_roles, disable_operator
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.usecases.partners.propose_move import PartnerNotReady
from eztong.usecases.partners.register_partner import approve_scene
from eztong.usecases.partners.review_partner import approve_partner
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.partners.acts import applied, approved, decided, handed_in, proposed, reviewed
from tests.unit.usecases.stage import Stage

BANK = handed_in().partner_id
LIVE = ProposalKind.PARTNER_LIVE


def test_a_live_partner_is_given_more_by_two_operators_only(stage: Stage) -> None:
    li, wang = operator(stage, "li.na"), operator(stage, "wang.li")
    approved(stage, li)
    decided(stage, proposed(stage, li, LIVE), wang)
    more = applied(stage, li)
    command = reviewed(more)
    with pytest.raises(SameOperator):
        stage.act(approve_partner, command, recheck_months=36, by=li)
    scene = stage.read(lambda stored: stored.partners.scenes(BANK)).those[0]
    with pytest.raises(PartnerNotReady):
        stage.act(approve_scene, BANK, replace(scene, scene="by_hand", application_id=None), by=li)
    stage.act(approve_partner, command, recheck_months=36, by=wang)


def test_while_going_live_waits_nothing_is_given_besides(stage: Stage) -> None:
    li, wang = operator(stage, "li.na"), operator(stage, "wang.li")
    approved(stage, li)
    waits = proposed(stage, li, LIVE)
    more = applied(stage, li)
    with pytest.raises(StateConflict):
        stage.act(approve_partner, reviewed(more), recheck_months=36, by=wang)
    decided(stage, waits, wang, approve=False)
    stage.act(approve_partner, reviewed(more), recheck_months=36, by=wang)


def test_what_somebody_proposed_who_may_not_any_more_is_not_approved(stage: Stage) -> None:
    li, wang, system = (
        operator(stage, "li.na"),
        operator(stage, "wang.li"),
        operator(stage, "chen", OperatorRole.SYSTEM),
    )
    approved(stage, li)
    waits = proposed(stage, li, LIVE)
    stage.act(change_roles, "li.na", frozenset({OperatorRole.CASES}), by=system)
    with pytest.raises(ProposalEnded):
        decided(stage, waits, wang)
    stage.act(disable_operator, "li.na", by=system)
    with pytest.raises(ProposalEnded):
        decided(stage, waits, wang)
    assert decided(stage, waits, wang, approve=False).state is ProposalState.REJECTED


def test_a_partner_that_nobody_has_approved_gets_no_key(stage: Stage) -> None:
    li = operator(stage, "li.na")
    applied(stage, li)
    command = IssueApiKey(partner_id=BANK, label="till", scopes=frozenset(Scope), live=False)
    with pytest.raises(PartnerStateConflict):
        stage.act(issue_api_key, command, by=li)
