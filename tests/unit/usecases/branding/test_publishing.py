"""Two operators publish a brand; pages show it, an earlier one comes back, and nothing of it is decided alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.branding.brand import Brand
from eztong.domain.branding.version import BrandSettled, BrandState, BrandUnchanged, BrandUnknown
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalEnded, ReasonInvalid
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.branding.publish_branding import (
    ProposeBranding,
    open_proposal_of,
    propose_branding,
    settle_branding,
)
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

CALENDAR = WorkCalendar()
RED = Brand(accent="#b0183a", service_zh="鹏城通", service_en="City Pass")
GREEN = Brand(accent="#0a6b3d")


def two(stage: Stage) -> tuple[Acting, Acting]:
    names = ("li.na", "wang.wei")
    with stage.store.read() as stored:
        missing = [name for name in names if stored.operators.get(name) is None]
    for name in missing:
        operator(stage, name, OperatorRole.LEGAL)
    li, wang = (replace(OPERATOR, name=name) for name in names)
    return li, wang


def proposed(stage: Stage, brand: Brand) -> Proposal:
    li, _wang = two(stage)
    return stage.act(propose_branding, ProposeBranding(brand=brand, reason="new"), by=li)[1]


def decide(stage: Stage, proposal: Proposal, *, approve: bool = True) -> None:
    _li, wang = two(stage)
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="seen")
    stage.act(decide_proposal, command, by=wang, calendar=CALENDAR)


def test_pages_show_it_after_the_second_operator_alone(stage: Stage) -> None:
    proposal = proposed(stage, RED)
    assert stage.services.brand.look() == Brand()
    li, _wang = two(stage)
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=True, reason="mine")
    with pytest.raises(SameOperator):
        stage.act(decide_proposal, command, by=li, calendar=CALENDAR)
    decide(stage, proposal)
    stage.clock.pass_by(seconds=3)
    assert stage.services.brand.look() == RED
    assert stage.select("SELECT kind, subject FROM acts ORDER BY act_id DESC LIMIT 1") == [
        ("branding_published", proposal.subject)
    ]


def test_an_earlier_look_comes_back_as_a_version_of_its_own(stage: Stage) -> None:
    for brand in (RED, GREEN, RED):
        decide(stage, proposed(stage, brand))
        stage.clock.pass_by(seconds=3)
        assert stage.services.brand.look() == brand
    with stage.store.read() as stored:
        states = [one.state for one in stored.brand_versions.list(limit=9).those]
    assert states == [BrandState.PUBLISHED] * 3


def test_what_was_rejected_changes_nothing_and_is_settled_once(stage: Stage) -> None:
    proposal = proposed(stage, RED)
    decide(stage, proposal, approve=False)
    stage.clock.pass_by(seconds=3)
    assert stage.services.brand.look() == Brand()
    with stage.store.read() as stored, pytest.raises(ProposalEnded):
        open_proposal_of(proposal.subject, stored=stored)
    with pytest.raises(BrandSettled):
        stage.act(settle_branding, proposal)
    with pytest.raises(BrandUnknown):
        stage.act(settle_branding, replace(proposal, subject="brd_none"))


def test_what_is_in_force_is_not_proposed_again_and_not_by_anybody(stage: Stage) -> None:
    with pytest.raises(BrandUnchanged):
        proposed(stage, Brand())
    li, _wang = two(stage)
    with pytest.raises(ReasonInvalid):
        stage.act(propose_branding, ProposeBranding(brand=RED, reason=" "), by=li)
    with pytest.raises(OperatorNeeded):
        stage.act(propose_branding, ProposeBranding(brand=RED, reason="x"))
    operator(stage, "zhao", OperatorRole.CASES)
    with pytest.raises(RoleMissing):
        stage.act(propose_branding, ProposeBranding(brand=RED, reason="x"), by=replace(OPERATOR, name="zhao"))


def test_a_version_that_cannot_be_read_leaves_what_pages_show(stage: Stage) -> None:
    decide(stage, proposed(stage, RED))
    stage.clock.pass_by(seconds=3)
    assert stage.services.brand.look() == RED
    with stage.store.read() as stored:
        version = stored.brand_versions.in_force()
    assert version is not None
    stage.damage("brand_versions", "document", of=version.version_id)
    stage.clock.pass_by(seconds=3)
    assert stage.services.brand.look() == RED
