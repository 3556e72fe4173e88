"""What had to be so to propose something for relatives has to be so when it is approved and when it is carried out."""

from __future__ import annotations

import pytest

from eztong.domain.death.after_death import NotOfRelatives, RelativesAsk
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.operators.operator import AboutOneself
from eztong.domain.operators.proposal import Proposal, ProposalState
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Acting
from eztong.usecases.death.answer_relatives import copy_for_relatives, correct_for_relatives, names_for_relatives
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.operators.manage_operators import link_operator
from eztong.usecases.operators.propose import find_proposal
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.death.dying import approve, ask_authority, die, keep, propose, ticket
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers, confirms
from tests.unit.usecases.stage import NETWORK, WANG, Stage

NAME = "李更正"


def of_wang(stage: Stage) -> Ticket:
    """Let WANG write as a relative, signed in to the own account."""
    command = OpenTicket(
        session_hash=WANG.session, network=NETWORK, kind=TicketKind.RELATIVE, words="我是女儿", secret="9" * 16
    )
    return stage.act(open_ticket, command, calendar=WorkCalendar())


def is_wang(stage: Stage, name: str = "wang.own") -> Acting:
    return operator(stage, name, person=stage.holder(WANG).number_index)


def close(stage: Stage, written: Ticket) -> None:
    command = AnswerTicket(number=written.number, words="伪造", closes=True)
    stage.act(answer_ticket, command, by=operator(stage, "zhao"))


def state_of(stage: Stage, proposal: Proposal) -> ProposalState:
    return stage.act(find_proposal, proposal.proposal_id).state


@pytest.mark.parametrize("asked", RelativesAsk)
def test_who_wrote_the_ticket_neither_proposes_nor_decides_by_it(stage: Stage, asked: RelativesAsk) -> None:
    die(stage)
    written, own = of_wang(stage), is_wang(stage)
    with pytest.raises(AboutOneself):
        propose(stage, own, asked, of=written, name=NAME)
    proposal = propose(stage, operator(stage, "li.na"), asked, of=written, name=NAME)
    for approves in (True, False):
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=approves, reason="seen")
        with pytest.raises(AboutOneself):
            stage.act(decide_proposal, command, by=own, calendar=WorkCalendar())
    assert state_of(stage, proposal) is ProposalState.OPEN
    approve(stage, proposal, operator(stage, "qian"))


def test_what_was_proposed_by_who_turns_out_to_have_asked_for_it_is_not_approved(stage: Stage) -> None:
    die(stage)
    proposal = propose(stage, operator(stage, "li.na"), RelativesAsk.ERASE, of=of_wang(stage))
    index = stage.holder(WANG).number_index
    assert index is not None
    stage.act(link_operator, "li.na", index=index, by=operator(stage, "qian"))
    with pytest.raises(AboutOneself, match="another operator proposes it anew"):
        approve(stage, proposal, operator(stage, "sun"))
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=False, reason="own matter")
    assert stage.act(decide_proposal, command, by=operator(stage, "sun"), calendar=WorkCalendar()).ended is not None


@pytest.mark.parametrize("asked", RelativesAsk)
def test_a_ticket_that_ended_carries_no_open_proposal(stage: Stage, asked: RelativesAsk) -> None:
    die(stage)
    written = ticket(stage)
    proposal = propose(stage, operator(stage, "li.na"), asked, of=written, name=NAME)
    close(stage, written)
    with pytest.raises(NotOfRelatives, match="has ended"):
        approve(stage, proposal, operator(stage, "wang.wei"))
    assert state_of(stage, proposal) is ProposalState.OPEN
    keep(stage)
    assert not stage.holder().is_leaving
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=False, reason="forged")
    ended = stage.act(decide_proposal, command, by=operator(stage, "wang.wei"), calendar=WorkCalendar())
    assert ended.state is ProposalState.REJECTED


def test_a_ticket_that_ended_carries_out_nothing_that_was_approved(stage: Stage) -> None:
    die(stage)
    one, other, written = operator(stage, "li.na"), operator(stage, "wang.wei"), ticket(stage)
    asked = {
        what: propose(stage, one, what, of=written, name=NAME) for what in (RelativesAsk.COPY, RelativesAsk.CORRECT)
    }
    for proposal in asked.values():
        approve(stage, proposal, other)
    close(stage, written)
    with pytest.raises(NotOfRelatives):
        copy_for_relatives(asked[RelativesAsk.COPY].proposal_id, by=one, services=stage.services)
    for use_case in (names_for_relatives, correct_for_relatives):
        with pytest.raises(NotOfRelatives):
            stage.act(use_case, asked[RelativesAsk.CORRECT].proposal_id, by=one)


def test_an_erasure_that_was_approved_in_one_stop_begins_in_no_later_one(stage: Stage) -> None:
    die(stage)
    one = operator(stage, "li.na")
    approve(stage, propose(stage, one, RelativesAsk.ERASE), operator(stage, "wang.wei"))
    confirms(stage)
    ask_authority(stage, one)
    stage.clock.pass_by(days=1)
    answers(stage, AuthorityVerdict.DECEASED)
    assert ask_authority(stage, one).is_deceased
    keep(stage)
    assert not stage.holder().is_leaving
