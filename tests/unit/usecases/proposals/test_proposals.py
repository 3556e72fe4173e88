"""Two people: one proposes, another decides, within a week, with a reason, and what was approved is done at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import EztongError, NotFound, StateConflict
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.merchants.certificate_request import CertificateState
from eztong.domain.merchants.merchant import MerchantOptions
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import (
    LIFE,
    Proposal,
    ProposalEnded,
    ProposalKind,
    ProposalState,
    ReasonInvalid,
    SecondStep,
)
from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey
from eztong.ports.act import OPERATOR, SYSTEM, Acting
from eztong.usecases.merchants.certify_merchant_key import TakenIn, request_certificate, settle_certificate
from eztong.usecases.merchants.register_merchant import RegisterMerchant, find_merchant, register_merchant
from eztong.usecases.operators.propose import Propose, find_proposal, propose
from eztong.usecases.proposals.decide_proposal import (
    SETTLE,
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)
from tests.unit.usecases.deregistration.leaving import CALENDAR
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage

HOTEL = PartnerId("hotel")
KEY = PrivateKey.generate()


def taken_in(stage: Stage, by: Acting) -> TakenIn:
    command = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=MerchantOptions())
    merchant = stage.act(register_merchant, command, by=SYSTEM)
    csr = build_csr(KEY, "Demo Hotel")
    return stage.act(request_certificate, merchant.merchant_id, csr, reason=" by letter ", by=by)


def decide(
    stage: Stage, proposal: Proposal, by: Acting, *, approve: bool = True, reason: str = "form checked"
) -> Proposal:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason=reason)
    return stage.act(decide_proposal, command, by=by, calendar=CALENDAR)


def certified(stage: Stage, taken: TakenIn) -> bytes | None:
    return stage.act(find_merchant, taken.request.merchant_id).certified_key


def about(stage: Stage, holder_id: HolderId, by: Acting, subject: str = "csr_x") -> Proposal:
    """Propose something about an account; no kind that is carried out is about one yet."""
    command = Propose(kind=ProposalKind.CERTIFICATE, subject=subject, reason="why", about=holder_id)
    return stage.act(propose, command, by=by)


def test_what_is_proposed_waits_and_nothing_of_it_is_done(stage: Stage) -> None:
    taken = taken_in(stage, operator(stage))
    proposal = taken.proposal
    assert proposal == Proposal(
        proposal_id=proposal.proposal_id,
        kind=ProposalKind.CERTIFICATE,
        subject=taken.request.request_id,
        reason="by letter",
        by="li.na",
        at=START,
        until=START + LIFE,
    )
    assert stage.act(find_proposal, proposal.proposal_id) == proposal
    assert taken.request.requested_by == "li.na"
    assert certified(stage, taken) is None


@pytest.mark.parametrize("approve", [True, False])
def test_another_operator_decides_once_and_it_is_done(stage: Stage, *, approve: bool) -> None:
    taken, wang = taken_in(stage, operator(stage)), operator(stage, "wang")
    decided = decide(stage, taken.proposal, wang, approve=approve, reason=" seen ")
    state = ProposalState.APPROVED if approve else ProposalState.REJECTED
    assert decided == replace(
        taken.proposal, state=state, ended=SecondStep(by="wang", at=stage.clock.now(), reason="seen")
    )
    request = stage.read(lambda stored: stored.merchants.certificate_request(taken.request.request_id))
    assert request is not None
    assert request.decision is not None
    assert (request.state.value, request.decision.operator) == (state.value, "wang")
    assert certified(stage, taken) == (KEY.public_key().to_spki() if approve else None)
    with pytest.raises(ProposalEnded):
        decide(stage, taken.proposal, wang)
    kinds = [kind for (kind,) in stage.select("SELECT kind FROM acts ORDER BY act_id")]
    assert kinds == ["partner_changed", "proposed", f"proposal_{state.value}"]


def test_whoever_proposed_does_not_decide_nor_another_name_of_the_same_account(stage: Stage) -> None:
    own = stage.holder(LI).number_index
    li = operator(stage, "li", person=own)
    taken = taken_in(stage, li)
    for same in (li, operator(stage, "li.again", person=own)):
        with pytest.raises(SameOperator):
            decide(stage, taken.proposal, same)
    assert decide(stage, taken.proposal, operator(stage, "wang")).state is ProposalState.APPROVED


def test_who_has_no_role_for_it_neither_proposes_nor_decides(stage: Stage) -> None:
    clerk = operator(stage, "clerk", OperatorRole.CASES, OperatorRole.AUDIT)
    with pytest.raises(RoleMissing):
        taken_in(stage, clerk)
    taken = taken_in(stage, operator(stage))
    for nobody, refusal in ((clerk, RoleMissing), (OPERATOR, OperatorNeeded)):
        with pytest.raises(refusal):
            decide(stage, taken.proposal, nobody)
    assert stage.act(find_proposal, taken.proposal.proposal_id) == taken.proposal


def test_nobody_proposes_or_decides_about_oneself(stage: Stage) -> None:
    own, other = stage.holder_id(LI), stage.holder_id(WANG)
    li, zhao = operator(stage, "li", person=stage.holder(LI).number_index), operator(stage, "zhao")
    with pytest.raises(AboutOneself):
        about(stage, own, li)
    with pytest.raises(AboutOneself):
        decide(stage, about(stage, own, zhao), li)
    stage.change(WANG, number_index=stage.holder(LI).number_index)
    with pytest.raises(AboutOneself):
        decide(stage, about(stage, other, zhao, "csr_y"), li)


def test_what_nobody_decides_in_a_week_has_expired_and_may_be_proposed_anew(stage: Stage) -> None:
    li, wang = operator(stage), operator(stage, "wang")
    first = about(stage, stage.holder_id(WANG), li)
    with pytest.raises(StateConflict):
        about(stage, stage.holder_id(WANG), wang)
    stage.clock.pass_by(seconds=LIFE.total_seconds())
    assert first.state_at(stage.clock.now()) is ProposalState.EXPIRED
    with pytest.raises(ProposalEnded):
        decide(stage, first, wang)
    second = about(stage, stage.holder_id(WANG), wang)
    kept = stage.act(find_proposal, first.proposal_id)
    assert (kept.state, second.state) == (ProposalState.EXPIRED, ProposalState.OPEN)


def test_only_who_proposed_withdraws_it(stage: Stage) -> None:
    li = operator(stage)
    taken = taken_in(stage, li)
    command = WithdrawProposal(proposal_id=taken.proposal.proposal_id, reason="sent twice")
    with pytest.raises(SameOperator):
        stage.act(withdraw_proposal, command, by=operator(stage, "wang"), calendar=CALENDAR)
    assert stage.act(withdraw_proposal, command, by=li, calendar=CALENDAR).state is ProposalState.WITHDRAWN
    request = stage.read(lambda stored: stored.merchants.certificate_request(taken.request.request_id))
    assert request is not None
    assert request.state is CertificateState.REJECTED
    with pytest.raises(ProposalEnded):
        stage.act(withdraw_proposal, command, by=li, calendar=CALENDAR)


def test_without_a_reason_or_a_proposal_nothing_is_decided(stage: Stage) -> None:
    wang, taken = operator(stage, "wang"), taken_in(stage, operator(stage))
    for reason in ("", " \n", "x" * 501):
        with pytest.raises(ReasonInvalid):
            decide(stage, taken.proposal, wang, reason=reason)
    with pytest.raises(NotFound):
        decide(stage, replace(taken.proposal, proposal_id="prp_none"), wang)
    assert stage.act(find_proposal, taken.proposal.proposal_id) == taken.proposal


def test_what_was_approved_and_cannot_be_done_is_not_approved(stage: Stage) -> None:
    li, wang = operator(stage), operator(stage, "wang")
    taken = taken_in(stage, li)
    decide(stage, taken.proposal, wang)
    done = stage.act(find_proposal, taken.proposal.proposal_id)
    with pytest.raises(StateConflict):
        stage.act(settle_certificate, done)
    lost = about(stage, stage.holder_id(WANG), li)
    with pytest.raises(NotFound):
        decide(stage, lost, wang)
    assert stage.act(find_proposal, lost.proposal_id) == lost
    with pytest.raises(ValueError, match="once it has ended"):
        stage.act(settle_certificate, lost)


def test_every_kind_is_carried_out() -> None:
    assert set(SETTLE) == set(ProposalKind)
    assert issubclass(ProposalEnded, EztongError)
