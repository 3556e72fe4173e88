"""What two operators do for relatives of a holder who died, and to whom they show it."""

from __future__ import annotations

import pytest

from eztong.domain.death.after_death import (
    NotApproved,
    NotDeceased,
    NotOfRelatives,
    RelativesAsk,
)
from eztong.domain.errors import (
    NotFound,
    StateConflict,
)
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.own_data.correction import CorrectionState, RefusedBecause
from eztong.domain.own_data.sighting import Occasion
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR
from eztong.usecases.death.answer_relatives import (
    copy_for_relatives,
    correct_for_relatives,
    names_for_relatives,
)
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.proposals.decide_proposal import (
    DecideProposal,
    WithdrawProposal,
    decide_proposal,
    withdraw_proposal,
)
from tests.unit.usecases.death.dying import approve, ask_authority, die, keep, propose, ticket
from tests.unit.usecases.deregistration.leaving import run as run_erasures
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers, confirms
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage


def test_two_operators_give_a_copy_and_its_holder_would_read_of_it(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    proposal = propose(stage, one, RelativesAsk.COPY)
    with pytest.raises(NotApproved):
        copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)
    with pytest.raises(SameOperator):
        approve(stage, proposal, one)
    approve(stage, proposal, other)
    copy = copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)
    assert copy["account"][0]["name"] == LI.name
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert Occasion.RELATIVES_COPY in seen
    stage.clock.pass_by(days=7)
    with pytest.raises(NotApproved):
        copy_for_relatives(proposal.proposal_id, by=one, services=stage.services)


def corrections(stage: Stage) -> list[tuple[CorrectionState, RefusedBecause | None]]:
    kept = stage.read(lambda stored: stored.corrections.list(stage.holder_id()))
    return [(one.state, one.reason) for one in kept]


def test_two_operators_correct_a_name_that_both_saw_once_and_the_matched_one_stays(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    with pytest.raises(NameInvalid):
        propose(stage, one, RelativesAsk.CORRECT)
    proposal = propose(stage, one, RelativesAsk.CORRECT, name="李更正")
    with pytest.raises(NotApproved):
        stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    with pytest.raises(SameOperator):
        stage.act(names_for_relatives, proposal.proposal_id, by=one)
    names = stage.act(names_for_relatives, proposal.proposal_id, by=other)
    assert (names.old, names.new) == (LI.name, "李更正")
    approve(stage, proposal, other)
    stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    with pytest.raises(StateConflict):
        stage.act(correct_for_relatives, proposal.proposal_id, by=one)
    assert corrections(stage) == [(CorrectionState.APPLIED, None)]
    assert open_identity(stage.holder(), keys=stage.keys).name == LI.name, "the authority is asked by it"
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert seen.count(Occasion.RELATIVES_ANSWERED) == 2
    copy = propose(stage, one, RelativesAsk.COPY)
    approve(stage, copy, other)
    given = copy_for_relatives(copy.proposal_id, by=one, services=stage.services)
    assert "李更正" in str(given["corrections"])


@pytest.mark.parametrize("way", ["reject", "withdraw"])
def test_a_name_that_was_only_proposed_is_no_correction(stage: Stage, way: str) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    proposal = propose(stage, one, RelativesAsk.CORRECT, name="李更正")
    assert corrections(stage) == [(CorrectionState.PROPOSED, None)]
    copy = propose(stage, operator(stage, "zhao"), RelativesAsk.COPY)
    with pytest.raises(NotFound):
        stage.act(names_for_relatives, copy.proposal_id, by=other)
    for who, refusal in ((OPERATOR, OperatorNeeded), (operator(stage, "sys", OperatorRole.SYSTEM), RoleMissing)):
        with pytest.raises(refusal):
            stage.act(names_for_relatives, proposal.proposal_id, by=who)
    if way == "reject":
        command = DecideProposal(proposal_id=proposal.proposal_id, approve=False, reason="no")
        stage.act(decide_proposal, command, by=other, calendar=WorkCalendar())
    else:
        back = WithdrawProposal(proposal_id=proposal.proposal_id, reason="no")
        stage.act(withdraw_proposal, back, by=one, calendar=WorkCalendar())
    assert corrections(stage) == [(CorrectionState.REFUSED, RefusedBecause.NOT_AGREED)]
    with pytest.raises(NotApproved):
        stage.act(names_for_relatives, proposal.proposal_id, by=other)


def test_what_was_approved_in_one_stop_is_done_in_no_other_and_to_no_other_name(stage: Stage) -> None:
    die(stage)
    one, other = operator(stage, "li.na"), operator(stage, "wang.wei")
    asked = {what: propose(stage, one, what, name="李更正") for what in (RelativesAsk.CORRECT, RelativesAsk.COPY)}
    for proposal in asked.values():
        approve(stage, proposal, other)
    confirms(stage)
    ask_authority(stage, one)
    stage.clock.pass_by(days=1)
    answers(stage, AuthorityVerdict.DECEASED)
    assert ask_authority(stage, one).is_deceased
    with pytest.raises(NotDeceased):
        stage.act(correct_for_relatives, asked[RelativesAsk.CORRECT].proposal_id, by=one)
    with pytest.raises(NotDeceased):
        copy_for_relatives(asked[RelativesAsk.COPY].proposal_id, by=one, services=stage.services)


def test_one_ticket_serves_for_one_holder(stage: Stage) -> None:
    die(stage)
    by, written = operator(stage, "li.na"), ticket(stage)
    propose(stage, by, RelativesAsk.COPY, of=written)
    with pytest.raises(NotOfRelatives):
        propose(stage, by, RelativesAsk.ERASE, of=written, who=WANG)
    with pytest.raises(NotOfRelatives):
        ask_authority(stage, by, of=written, number=WANG.number)


def test_two_operators_erase_by_the_list_of_deregistrations(stage: Stage) -> None:
    holder_id = stage.holder_id()
    die(stage)
    approve(stage, propose(stage, operator(stage, "li.na"), RelativesAsk.ERASE), operator(stage, "wang.wei"))
    keep(stage)
    assert stage.holder().is_leaving
    stage.clock.pass_by(days=4)
    run_erasures(stage)
    erased = stage.read(lambda stored: stored.holders.get(holder_id))
    assert erased is not None
    assert erased.is_erased
    assert stage.topics() == []


def test_nothing_is_proposed_about_the_living_by_another_ticket_or_by_whoever_may_not(stage: Stage) -> None:
    by = operator(stage, "li.na")
    with pytest.raises(NotDeceased):
        propose(stage, by, RelativesAsk.ERASE)
    die(stage)
    question = OpenTicket(session_hash=b"", network=NETWORK, kind=TicketKind.QUESTION, words="?", secret="6" * 16)
    other = stage.act(open_ticket, question, calendar=WorkCalendar())
    with pytest.raises(NotOfRelatives):
        propose(stage, by, RelativesAsk.ERASE, of=other)
    system = operator(stage, "sys", OperatorRole.SYSTEM)
    for who, refusal in ((OPERATOR, OperatorNeeded), (system, RoleMissing)):
        with pytest.raises(refusal):
            propose(stage, who, RelativesAsk.COPY)
    with pytest.raises(NotFound):
        ask_authority(stage, by, number="110101199003070273")


def test_a_word_that_is_taken_back_ends_what_was_proposed(stage: Stage) -> None:
    die(stage)
    proposal = propose(stage, operator(stage, "li.na"), RelativesAsk.ERASE)
    confirms(stage)
    ask_authority(stage, operator(stage, "zhao"))
    with pytest.raises(NotDeceased):
        approve(stage, proposal, operator(stage, "wang.wei"))
