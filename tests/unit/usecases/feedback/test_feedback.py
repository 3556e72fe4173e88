"""Feedback: a number and a day at once, an answer for the asker alone, and nothing that is dropped (P-6, 2.13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eztong.domain.errors import HolderErased, NotFound, SessionMissing, TooMany
from eztong.domain.feedback.ticket import (
    LAST_WAYS,
    MAX_MESSAGES,
    MAX_OPEN,
    Author,
    FormSent,
    Ticket,
    TicketClosed,
    TicketFull,
    TicketKind,
    TicketState,
    TicketsWaiting,
    TicketUnknown,
)
from eztong.domain.holder import HolderState, WrappedKey
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.operators.seen import ChangedSinceSeen
from eztong.domain.working_days import ANSWER_WITHIN, DueDay, WorkCalendar, parse_year
from eztong.ports.act import OPERATOR, Act
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, ask_deregistration
from eztong.usecases.feedback.add_to_ticket import AddToTicket, add_to_ticket
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.feedback.open_ticket import (
    OF_NETWORK,
    OF_STRANGERS,
    RESERVE_OF_NETWORK,
    TALKS_OF_NETWORK,
    TALKS_OF_STRANGERS,
    OpenTicket,
    add_ticket,
    open_ticket,
)
from eztong.usecases.feedback.redate_tickets import redate_tickets
from eztong.usecases.feedback.sealed_words import Words, open_words
from eztong.usecases.spend_budget import count
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, WANG, Stage

NOBODY = b"no session at all"
SECRET, OTHER = "0" * 15 + "1", "0" * 15 + "2"
CALENDAR = WorkCalendar()


def write(
    stage: Stage,
    *,
    session: bytes = NOBODY,
    secret: str = SECRET,
    words: str = "为什么？",
    kind: TicketKind = TicketKind.COMPLAINT,
    network: str = NETWORK,
) -> Ticket:
    command = OpenTicket(session_hash=session, network=network, kind=kind, words=words, secret=secret)
    return stage.act(open_ticket, command, calendar=CALENDAR)


def proof(ticket: Ticket, *, secret: str | None = SECRET, session: bytes = NOBODY) -> TicketProof:
    return TicketProof(number=ticket.number, secret=secret, session_hash=session)


def add(stage: Stage, asked: TicketProof, words: str = "more") -> Ticket:
    return stage.act(add_to_ticket, AddToTicket(proof=asked, words=words), calendar=CALENDAR)


def answer(stage: Stage, ticket: Ticket, *, closes: bool = False) -> Ticket:
    command = AnswerTicket(number=ticket.number, words="因为。", closes=closes)
    return stage.act(answer_ticket, command, by=operator(stage))


def said(stage: Stage, ticket: Ticket) -> list[Words]:
    return list(stage.read(lambda stored: open_words(ticket, stored=stored, keys=stage.keys)))


def now_of(stage: Stage, ticket: Ticket) -> Ticket:
    found = stage.read(lambda stored: stored.tickets.get(ticket.ticket_id))
    assert found is not None
    return found


# --- opened -------------------------------------------------------------------------------------------------------


def test_who_has_no_account_gets_a_number_and_a_day_too(stage: Stage) -> None:
    ticket = write(stage)
    assert ticket == now_of(stage, ticket)
    assert (ticket.holder_id, ticket.state, ticket.kind) == (None, TicketState.OPEN, TicketKind.COMPLAINT)
    assert (ticket.created_at, ticket.asked_at) == (START, START)
    assert ticket.due == CALENDAR.due_after(START, ANSWER_WITHIN)
    assert len(ticket.number) == 10
    assert ticket.number[0] != "0"
    assert [(one.author, one.text) for one in said(stage, ticket)] == [(Author.ASKER, "为什么？")]
    assert stage.events() == []
    assert repr(said(stage, ticket)[0]) == "Words(asker)"


def test_a_holders_ticket_is_the_accounts_and_stands_in_its_history(stage: Stage) -> None:
    ticket = write(stage, session=LI.session)
    assert (ticket.holder_id, ticket.data_key) == (stage.holder_id(), None)
    assert [(one.kind, one.detail) for one in stage.events()] == [
        ("ticket_opened", f"ticket={ticket.number} kind=complaint")
    ]


@pytest.mark.parametrize("kind", TicketKind)
def test_the_holder_is_told_at_once_of_what_puts_the_account_at_stake(stage: Stage, kind: TicketKind) -> None:
    command = OpenTicket(session_hash=LI.session, network=NETWORK, kind=kind, words="?", secret=SECRET)
    ticket = stage.act(open_ticket, command, calendar=CALENDAR)
    is_told = kind in {TicketKind.CORRECTION, TicketKind.DEREGISTRATION}
    assert (stage.topics() == ["ticket_at_stake"]) is is_told
    if is_told:
        assert dict(stage.messages()[0].params) == {"number": ticket.number, "kind": kind.value}


def test_who_only_registers_asks_as_nobody(stage: Stage) -> None:
    stage.change(state=HolderState.DRAFT)
    assert write(stage, session=LI.session).holder_id is None


def test_a_form_that_is_sent_twice_opens_one_ticket(stage: Stage) -> None:
    ticket = write(stage)
    assert write(stage) == ticket
    answer(stage, ticket, closes=True)
    assert write(stage).state is TicketState.CLOSED
    assert (stage.rows()["tickets"], stage.rows()["ticket_messages"]) == (1, 2)


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize(
    ("words", "kind"), [("something else", TicketKind.COMPLAINT), ("为什么？", TicketKind.QUESTION)]
)
def test_a_form_of_before_writes_nothing_else(stage: Stage, words: str, kind: TicketKind, *, ended: bool) -> None:
    ticket = write(stage)
    answer(stage, ticket, closes=ended)
    before = stage.rows()
    with pytest.raises(FormSent):
        write(stage, words=words, kind=kind)
    assert stage.rows() == before
    assert now_of(stage, ticket).state is (TicketState.CLOSED if ended else TicketState.ANSWERED)


def test_what_nobody_can_read_any_more_is_no_form_of_before(stage: Stage) -> None:
    write(stage, session=LI.session)
    stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))
    with pytest.raises(FormSent):
        write(stage, session=LI.session)


def test_the_secret_of_an_ending_is_no_form_of_a_question(stage: Stage) -> None:
    asked = AskDeregistration(session_hash=LI.session, secret=SECRET, understood=True)
    stage.act(ask_deregistration, asked, calendar=CALENDAR)
    with pytest.raises(FormSent):
        write(stage, kind=TicketKind.DEREGISTRATION)


def all_but_one(act: Act) -> None:
    for _ in range(OF_STRANGERS.amount - 1):
        count(act, OF_STRANGERS)


def test_strangers_share_a_days_budget_and_holders_do_not(stage: Stage) -> None:
    stage.act(all_but_one)
    write(stage)
    with pytest.raises(TooMany):
        write(stage, secret="9" * 16)
    assert write(stage, session=LI.session, secret="8" * 16).waits
    stage.clock.pass_by(days=2)
    assert write(stage, secret="9" * 16).waits


@pytest.mark.parametrize("kind", sorted(LAST_WAYS - {TicketKind.TALKS}))
def test_a_flood_of_strangers_closes_nobodys_last_way(stage: Stage, kind: TicketKind) -> None:
    stage.act(all_but_one)
    write(stage)
    for number in range(RESERVE_OF_NETWORK.amount):
        assert write(stage, kind=kind, secret=f"5{number:015d}").waits
    with pytest.raises(TooMany):
        write(stage, kind=kind, secret="9" * 16)
    assert write(stage, kind=kind, secret="9" * 16, network="203.0.113.0/24").waits


def test_talks_are_shut_by_no_flood_and_shut_nothing_else(stage: Stage) -> None:
    stage.act(all_but_one)
    write(stage)
    for number in range(TALKS_OF_NETWORK.amount):
        assert write(stage, kind=TicketKind.TALKS, secret=f"5{number:015d}").waits
    stage.act(lambda act: [count(act, TALKS_OF_STRANGERS) for _ in range(TALKS_OF_STRANGERS.amount - 1)])
    assert write(stage, kind=TicketKind.TALKS, secret="8" * 16).waits
    with pytest.raises(TooMany):
        write(stage, kind=TicketKind.TALKS, secret="9" * 16)
    assert write(stage, kind=TicketKind.TALKS, secret="9" * 16, network="203.0.113.0/24").waits
    assert write(stage, kind=TicketKind.NUMBER_APPEAL, secret="7" * 16).waits


def test_a_flood_of_talks_leaves_questions_as_they_were(stage: Stage) -> None:
    for number in range(TALKS_OF_NETWORK.amount + TALKS_OF_STRANGERS.amount):
        write(stage, kind=TicketKind.TALKS, secret=f"5{number:015d}")
    assert stage.act(lambda act: count(act, OF_STRANGERS)) == 1


def test_one_network_does_not_use_up_what_everybody_shares(stage: Stage) -> None:
    assert OF_NETWORK.amount < OF_STRANGERS.amount
    for number in range(OF_NETWORK.amount):
        write(stage, secret=f"7{number:015d}")
    with pytest.raises(TooMany):
        write(stage, secret="9" * 16)
    assert write(stage, secret="9" * 16, network="203.0.113.0/24").waits
    assert write(stage, secret="8" * 16, kind=TicketKind.NUMBER_APPEAL).waits


def test_reports_use_up_no_tickets_of_their_holder(stage: Stage) -> None:
    for _ in range(MAX_OPEN):
        stage.act(add_ticket, TicketKind.REPORT, stage.holder_id(), calendar=CALENDAR)
    assert write(stage, session=LI.session).waits


def test_an_account_has_so_many_open_tickets_and_others_none_less(stage: Stage) -> None:
    tickets = [write(stage, session=LI.session, secret=f"{number:016d}") for number in range(MAX_OPEN)]
    with pytest.raises(TicketsWaiting):
        write(stage, session=LI.session, secret="9" * 16)
    write(stage, session=WANG.session, secret="8" * 16)
    answer(stage, tickets[0])
    assert write(stage, session=LI.session, secret="9" * 16).waits


# --- read ---------------------------------------------------------------------------------------------------------


def found(stage: Stage, asked: TicketProof) -> Ticket:
    return stage.read(lambda stored: find_ticket(asked, stored=stored, keys=stage.keys, now=stage.clock.now()))


def test_number_and_secret_open_a_ticket_and_nothing_else_does(stage: Stage) -> None:
    mine, others = write(stage), write(stage, secret=OTHER, session=WANG.session)
    assert found(stage, proof(mine)) == mine
    assert found(stage, proof(others, secret=None, session=WANG.session)) == others
    assert found(stage, proof(others, secret=OTHER)) == others
    for wrong in (
        proof(mine, secret=OTHER),
        proof(others),
        proof(others, secret=None, session=LI.session),
        proof(mine, secret=None, session=LI.session),
        replace(proof(mine), number="1" * 10),
    ):
        with pytest.raises(TicketUnknown):
            found(stage, wrong)
        with pytest.raises(TicketUnknown):
            add(stage, wrong)
    with pytest.raises(SessionMissing):
        found(stage, proof(mine, secret=None))


def test_what_an_erased_account_wrote_is_gone_and_its_ticket_says_so(stage: Stage) -> None:
    ticket = write(stage, session=LI.session)
    stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))
    assert [one.text for one in said(stage, ticket)] == [None]
    with pytest.raises(HolderErased):
        answer(stage, ticket)


# --- answered -----------------------------------------------------------------------------------------------------


def test_an_answer_is_told_without_a_word_of_it_and_names_its_operator(stage: Stage) -> None:
    ticket = write(stage, session=LI.session)
    stage.clock.pass_by(hours=1)
    answered = answer(stage, ticket)
    assert (answered.state, answered.answered_at, answered.closed_at) == (
        TicketState.ANSWERED,
        stage.clock.now(),
        None,
    )
    assert [(one.author, one.text, one.operator) for one in said(stage, ticket)][1] == (Author.STAFF, "因为。", "li.na")
    (message,) = stage.messages()
    assert (message.topic, dict(message.params)) == ("ticket_answered", {"number": ticket.number})
    assert ("ticket_answered", f"ticket={ticket.number} operator=li.na") in [
        (one.kind, one.detail) for one in stage.events()
    ]


def test_nobody_is_told_of_an_answer_to_nobodys_ticket(stage: Stage) -> None:
    answer(stage, write(stage))
    assert stage.messages() == []


def test_a_ticket_ends_with_an_answer_and_stays_ended(stage: Stage) -> None:
    ticket = write(stage)
    closed = answer(stage, ticket, closes=True)
    assert (closed.state, closed.closed_at) == (TicketState.CLOSED, START)
    with pytest.raises(TicketClosed):
        answer(stage, ticket)
    with pytest.raises(TicketClosed):
        add(stage, proof(ticket))
    assert len(said(stage, ticket)) == 2


def test_only_an_operator_of_cases_or_legal_answers_and_never_themselves(stage: Stage) -> None:
    ticket = write(stage, session=LI.session)
    auditor, own = operator(stage, "a", OperatorRole.AUDIT), operator(stage, "b", person=stage.holder(LI).number_index)
    for by, refusal in ((OPERATOR, OperatorNeeded), (auditor, RoleMissing), (own, AboutOneself)):
        with pytest.raises(refusal):
            stage.act(answer_ticket, AnswerTicket(number=ticket.number, words="x"), by=by)
    assert now_of(stage, ticket).waits


def test_no_ticket_of_that_number_is_not_answered(stage: Stage) -> None:
    with pytest.raises(NotFound):
        answer(stage, replace(write(stage), number="1" * 10))


def test_an_answer_is_given_to_what_was_seen_and_not_to_what_came_since(stage: Stage) -> None:
    ticket, by = write(stage), operator(stage)
    command = AnswerTicket(number=ticket.number, words="因为。", closes=True, seen_at=stage.clock.now())
    stage.clock.pass_by(seconds=1)
    add(stage, proof(ticket), words="刚才又被冒用了")
    with pytest.raises(ChangedSinceSeen):
        stage.act(answer_ticket, command, by=by)
    assert now_of(stage, ticket).state is TicketState.OPEN
    looked = replace(command, seen_at=stage.clock.now())
    assert stage.act(answer_ticket, looked, by=by).state is TicketState.CLOSED


# --- gone on with -------------------------------------------------------------------------------------------------


def test_what_waits_keeps_its_day_and_what_was_answered_waits_again(stage: Stage) -> None:
    ticket = write(stage)
    stage.clock.pass_by(days=3)
    assert add(stage, proof(ticket)).due == ticket.due
    answer(stage, ticket)
    again = add(stage, proof(ticket))
    assert (again.state, again.asked_at) == (TicketState.OPEN, stage.clock.now())
    assert again.due == CALENDAR.due_after(stage.clock.now(), ANSWER_WITHIN)
    assert len(said(stage, ticket)) == 4


def test_a_ticket_holds_so_many_messages(stage: Stage) -> None:
    ticket = write(stage)
    for _ in range(MAX_MESSAGES - 1):
        add(stage, proof(ticket))
    with pytest.raises(TicketFull):
        add(stage, proof(ticket))


def test_a_forgotten_ticket_is_overdue_from_the_moment_after(stage: Stage) -> None:
    ticket = write(stage)
    assert not ticket.is_overdue(ticket.due.at)
    late = datetime(2030, 1, 1, tzinfo=UTC)
    assert ticket.is_overdue(late)
    assert not answer(stage, ticket).is_overdue(late)


# --- dated anew ---------------------------------------------------------------------------------------------------


def test_a_provisional_day_moves_once_its_year_is_known(stage: Stage) -> None:
    ticket, answered = write(stage), write(stage, secret=OTHER)
    answer(stage, answered)
    off = ["2026-03-03", "2026-03-04"]
    known = WorkCalendar([parse_year({"year": 2026, "days_off": off, "make_up_days": []})])
    assert ticket.due.is_provisional
    assert stage.act(redate_tickets, calendar=known) == 1
    due = now_of(stage, ticket).due
    assert due == known.due_after(START, ANSWER_WITHIN)
    assert isinstance(due, DueDay)
    assert due.at > ticket.due.at
    assert not due.is_provisional
    assert now_of(stage, answered).due == answered.due
    assert stage.act(redate_tickets, calendar=known) == 0
