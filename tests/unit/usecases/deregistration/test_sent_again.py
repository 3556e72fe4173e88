"""A form that is sent again after its act was undone: nothing happens, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.deregistration.deregistration import DeregistrationState
from eztong.domain.errors import StateConflict
from eztong.domain.feedback.ticket import Ticket, TicketKind, TicketState
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from tests.unit.usecases.deregistration.leaving import CALENDAR, SECRET, ask
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage


def write(stage: Stage) -> object:
    command = OpenTicket(
        session_hash=LI.session, network=NETWORK, kind=TicketKind.QUESTION, words="why?", secret=SECRET
    )
    return stage.act(open_ticket, command, calendar=CALENDAR)


def undo(stage: Stage) -> None:
    stage.unlock()
    if stage.read(lambda stored: stored.deregistrations.running(stage.holder_id())) is not None:
        stage.act(undo_from_session, LI.session)
    for ticket in stage.read(lambda stored: stored.tickets.list(stage.holder_id())):
        close(stage, ticket)


def close(stage: Stage, ticket: Ticket) -> None:
    stage.write(lambda uow: uow.tickets.answer(ticket.ticket_id, TicketState.CLOSED, now=stage.clock.now()))


@pytest.mark.parametrize("again", [ask, write])
@pytest.mark.parametrize("first", [ask, write])
def test_a_form_that_is_sent_again_after_its_act_was_undone_does_nothing_and_breaks_nothing(
    stage: Stage, first: Callable[[Stage], object], again: Callable[[Stage], object]
) -> None:
    first(stage)
    undo(stage)
    before = (stage.holder(), stage.rows()["tickets"], stage.rows()["deregistrations"])
    if first is not again:
        with pytest.raises(StateConflict):
            again(stage)
    else:
        again(stage)
    assert (stage.holder(), stage.rows()["tickets"], stage.rows()["deregistrations"]) == before


def test_the_form_of_a_deregistration_that_was_undone_brings_that_one(stage: Stage) -> None:
    first = ask(stage)
    undo(stage)
    again = ask(stage)
    assert (again.deregistration.deregistration_id, again.is_new) == (first.deregistration.deregistration_id, False)
    assert again.deregistration.state is DeregistrationState.CANCELLED
    assert ask(stage, secret="9" * 16).is_new


def test_nobody_takes_a_ticket_out_of_another_account_by_its_secret(stage: Stage) -> None:
    ask(stage)
    undo(stage)
    stage.unlock(WANG)
    with pytest.raises(StateConflict):
        ask(stage, session=WANG.session)
