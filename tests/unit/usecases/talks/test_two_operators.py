"""What binds the service to somebody whom nobody can name takes two operators: one of them may be that person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.errors import EztongError, StateConflict
from eztong.domain.feedback.ticket import Ticket, TicketKind
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import AboutOneself, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.talks.talk import NothingDrafted, TalkStage, TalkUnknown
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.operators.check_operator import is_about_a_stranger
from eztong.usecases.operators.manage_operators import link_operator
from eztong.usecases.proposals.decide_proposal import WithdrawProposal, withdraw_proposal
from eztong.usecases.talks.draft_proposal import read_draft
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage
from tests.unit.usecases.talks.acts import (
    ASKED,
    CALENDAR,
    NOBODY,
    OFFERED,
    SECRET,
    accept,
    acts_of,
    approve,
    forget,
    leave_off,
    now_of,
    offer,
    open_one,
    own,
)


def said(stage: Stage, ticket: Ticket) -> list[tuple[str | None, str | None]]:
    words = stage.read(lambda stored: open_words(ticket, stored=stored, keys=stage.keys))
    return [(one.text, one.operator) for one in words]


def drafted(stage: Stage, ticket: Ticket) -> str:
    return stage.read(lambda stored: read_draft(ticket, now_of(stage, ticket), stored=stored, keys=stage.keys))


def of_nobody(stage: Stage) -> Ticket:
    ticket = open_one(stage, session=NOBODY)
    assert (ticket.kind, ticket.holder_id) == (TicketKind.TALKS, None)
    return ticket


def test_one_operator_alone_offers_nothing_to_somebody_without_an_account(stage: Stage) -> None:
    ticket = of_nobody(stage)
    waits = offer(stage, ticket).waits
    assert waits is not None
    assert (waits.kind, waits.subject, waits.about) == (ProposalKind.SETTLEMENT, ticket.ticket_id, None)
    assert (now_of(stage, ticket).stage, said(stage, ticket), acts_of(stage, ticket)) == (
        TalkStage.OPEN,
        [(ASKED, None)],
        [],
    )
    assert drafted(stage, ticket) == OFFERED
    assert OFFERED not in waits.reason
    with pytest.raises(SameOperator):
        approve(stage, waits, by=operator(stage))
    with pytest.raises(RoleMissing):
        approve(stage, waits, by=operator(stage, "clerk", OperatorRole.CASES, OperatorRole.SYSTEM))
    with pytest.raises(EztongError, match="No proposal stands"):
        accept(stage, own(ticket, secret=SECRET, session=NOBODY), None)


def test_what_another_one_approved_stands_as_the_words_of_who_wrote_them(stage: Stage) -> None:
    ticket = of_nobody(stage)
    waits = offer(stage, ticket).waits
    assert waits is not None
    stage.clock.pass_by(days=2)
    approve(stage, waits)
    talk = now_of(stage, ticket)
    assert (talk.stage, talk.draft, said(stage, ticket)[1:]) == (TalkStage.PROPOSED, None, [(OFFERED, "li.na")])
    assert talk.proposed_at == stage.clock.now()
    assert acts_of(stage, ticket) == ["talk_proposed"]
    assert accept(stage, own(ticket, secret=SECRET, session=NOBODY), talk.proposal).stage is TalkStage.SETTLED


@pytest.mark.parametrize("how", ["rejected", "withdrawn"])
def test_what_is_not_approved_is_forgotten_and_makes_room(stage: Stage, how: str) -> None:
    ticket = of_nobody(stage)
    waits = offer(stage, ticket).waits
    assert waits is not None
    with pytest.raises(StateConflict):
        offer(stage, ticket, "三百元。")
    if how == "rejected":
        assert approve(stage, waits, yes=False).state is ProposalState.REJECTED
    else:
        command = WithdrawProposal(proposal_id=waits.proposal_id, reason="wrong")
        stage.act(withdraw_proposal, command, by=operator(stage), calendar=CALENDAR)
    assert (now_of(stage, ticket).stage, now_of(stage, ticket).draft) == (TalkStage.OPEN, None)
    with pytest.raises(NothingDrafted):
        drafted(stage, ticket)
    assert offer(stage, ticket, "三百元。").waits is not None


def test_talks_that_ended_meanwhile_take_no_offer_and_keep_none(stage: Stage) -> None:
    ticket = of_nobody(stage)
    waits = offer(stage, ticket).waits
    assert waits is not None
    leave_off(stage, own(ticket, secret=SECRET, session=NOBODY))
    assert now_of(stage, ticket).draft is None
    with pytest.raises(NothingDrafted):
        approve(stage, waits)
    assert approve(stage, waits, yes=False).state is ProposalState.REJECTED


@pytest.mark.parametrize("yes", [True, False])
def test_an_offer_in_talks_that_are_no_more_can_only_be_rejected(stage: Stage, *, yes: bool) -> None:
    waits = offer(stage, of_nobody(stage)).waits
    assert waits is not None
    forget(stage)
    if yes:
        with pytest.raises(TalkUnknown):
            approve(stage, waits)
    else:
        assert approve(stage, waits, yes=False).state is ProposalState.REJECTED


def test_to_an_account_one_operator_offers_since_it_says_whose_matter_it_is(stage: Stage) -> None:
    assert offer(stage, open_one(stage)).waits is None


@pytest.mark.parametrize(("whose", "stranger"), [("an account", False), ("nobody", True), ("gone", True)])
def test_a_stranger_is_of_whom_no_number_is_known(stage: Stage, whose: str, *, stranger: bool) -> None:
    given = {"an account": stage.holder_id(), "nobody": None, "gone": HolderId("hol_gone")}[whose]
    assert stage.act(is_about_a_stranger, given) is stranger
    if given == stage.holder_id():
        assert stage.act(is_about_a_stranger, replace(stage.holder(), number_index=None))


@pytest.mark.parametrize("whose", ["decides", "wrote"])
def test_once_it_is_known_whose_matter_it_is_neither_of_the_two_is_that_person(stage: Stage, whose: str) -> None:
    ticket = open_one(stage)
    index = stage.holder().number_index
    stage.change(number_index=None)
    waits = offer(stage, ticket).waits
    assert waits is not None
    stage.change(number_index=index)
    own = operator(stage, "own", person=index)
    if whose == "wrote":
        assert index is not None
        stage.act(link_operator, "li.na", index=index, by=operator(stage, "qian"))
    with pytest.raises(AboutOneself):
        approve(stage, waits, by=own if whose == "decides" else operator(stage, "sun"))
    assert now_of(stage, ticket).stage is TalkStage.OPEN
