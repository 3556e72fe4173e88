"""What is final in talks of an account takes its own unlocked session; a secret alone decides where there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.errors import Locked, SessionMissing
from eztong.domain.feedback.ticket import Ticket, TicketUnknown
from eztong.domain.talks.talk import Talk, TalkEnded, TalkStage
from eztong.usecases.feedback.find_ticket import TicketProof
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.stage import LI, WANG, Stage
from tests.unit.usecases.talks.acts import (
    NOBODY,
    SECRET,
    accept,
    leave_off,
    now_of,
    open_one,
    own,
    propose,
    say,
)

Decide = Callable[[Stage, TicketProof, str | None], Talk]


def ends(stage: Stage, proof: TicketProof, _proposal: str | None) -> Talk:
    return leave_off(stage, proof)


BOTH = pytest.mark.parametrize("decide", [accept, ends])


def offered(stage: Stage, session: bytes = LI.session) -> tuple[Ticket, str | None]:
    ticket = open_one(stage, session=session)
    return ticket, propose(stage, ticket).proposal


@BOTH
def test_an_open_browser_that_is_locked_decides_nothing(stage: Stage, decide: Decide) -> None:
    ticket, proposal = offered(stage)
    stage.lock()
    for secret in (None, SECRET):
        with pytest.raises(Locked):
            decide(stage, own(ticket, secret=secret), proposal)
    assert now_of(stage, ticket).stage is TalkStage.PROPOSED
    stage.unlock()
    assert decide(stage, own(ticket), proposal).has_ended


@BOTH
def test_the_secret_alone_decides_nothing_of_an_account(stage: Stage, decide: Decide) -> None:
    ticket, proposal = offered(stage)
    for session, refusal in ((NOBODY, SessionMissing), (WANG.session, TicketUnknown)):
        with pytest.raises(refusal):
            decide(stage, own(ticket, secret=SECRET, session=session), proposal)
    assert now_of(stage, ticket).stage is TalkStage.PROPOSED
    assert decide(stage, own(ticket, secret=SECRET), proposal).has_ended


def test_it_says_more_without_an_unlock_since_nothing_of_that_is_final(stage: Stage) -> None:
    ticket, proposal = offered(stage)
    stage.lock()
    assert say(stage, own(ticket, secret=SECRET, session=NOBODY), proposal).stage is TalkStage.OPEN


@BOTH
def test_where_there_is_no_account_the_secret_decides(stage: Stage, decide: Decide) -> None:
    ticket, proposal = offered(stage, session=NOBODY)
    assert decide(stage, own(ticket, secret=SECRET, session=NOBODY), proposal).has_ended


def test_of_an_account_that_is_gone_the_secret_is_asked_and_no_session(stage: Stage) -> None:
    secret = "5" * 16
    ticket = open_one(stage, secret=secret)
    proposal = propose(stage, ticket).proposal
    leave(stage)
    for decide in (accept, ends):
        with pytest.raises(TalkEnded):
            decide(stage, own(ticket, secret=secret, session=NOBODY), proposal)
