"""Tickets: found by number, secret and account, moved by narrow conditional changes, each by one call only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.feedback.ticket import TicketState
from eztong.domain.working_days import DueDay
from eztong.ports.storage.store import Store
from tests.contract.storage import values_feedback as values
from tests.contract.storage.stage import at, holder_id, in_turn, make

DUE = DueDay(at(5000), is_provisional=False)


@pytest.mark.parametrize("full", [False, True])
def test_a_ticket_comes_back(store: Store, *, full: bool) -> None:
    ticket = values.ticket(full=full, of_holder=1 if full else None)
    assert store.write(lambda uow: uow.tickets.add(ticket)).value
    with store.read() as stored:
        assert stored.tickets.get(ticket.ticket_id) == ticket == stored.tickets.by_number(ticket.number)
        assert stored.tickets.by_secret(ticket.secret_hash or b"") == (ticket if full else None)
        assert stored.tickets.get(make("tkt", 2)) is None


def test_numbers_and_secrets_are_one_tickets_alone(store: Store) -> None:
    first = values.ticket(1, full=True)
    same_number = replace(values.ticket(2, full=True), number=first.number)
    same_secret = replace(values.ticket(3, full=True), secret_hash=first.secret_hash)
    added = store.write(lambda uow: [uow.tickets.add(one) for one in (first, same_number, same_secret)]).value
    assert added == [True, False, False]
    with store.read() as stored:
        assert stored.tickets.get(make("tkt", 2)) is None


def test_tickets_come_newest_first_and_are_of_one_account(store: Store) -> None:
    several = [values.ticket(n, of_holder=of) for n, of in ((1, 1), (3, 1), (2, 2), (4, None))]
    store.write(in_turn(*[lambda uow, one=one: uow.tickets.add(one) for one in several]))
    with store.read() as stored:
        assert [one.ticket_id for one in stored.tickets.list(holder_id())] == [make("tkt", 3), make("tkt", 1)]


def test_the_queue_holds_what_waits_in_the_order_of_its_days(store: Store) -> None:
    several = [values.ticket(n) for n in (3, 1, 2)] + [values.ticket(9, full=True)]
    store.write(in_turn(*[lambda uow, one=one: uow.tickets.add(one) for one in several]))
    with store.read() as stored:
        assert [one.ticket_id for one in stored.tickets.queue(limit=2).those] == [make("tkt", 1), make("tkt", 2)]


def test_a_ticket_moves_on_and_never_back_from_its_end(store: Store) -> None:
    store.write(lambda uow: uow.tickets.add(values.ticket()))
    name = make("tkt", 1)
    assert not store.write(lambda uow: uow.tickets.reopen(name, DUE, asked_at=at(9))).value
    assert store.write(lambda uow: uow.tickets.answer(name, TicketState.ANSWERED, now=at(7))).value
    with store.read() as stored:
        answered = stored.tickets.get(name)
    assert answered == replace(values.ticket(), state=TicketState.ANSWERED, answered_at=at(7))
    assert store.write(lambda uow: uow.tickets.reopen(name, DUE, asked_at=at(9))).value
    with store.read() as stored:
        assert stored.tickets.get(name) == replace(answered, state=TicketState.OPEN, due=DUE, asked_at=at(9))
    assert store.write(lambda uow: uow.tickets.answer(name, TicketState.CLOSED, now=at(11))).value
    assert not store.write(lambda uow: uow.tickets.answer(name, TicketState.ANSWERED, now=at(12))).value
    with store.read() as stored:
        ended = stored.tickets.get(name)
    assert ended is not None
    assert (ended.state, ended.answered_at, ended.closed_at) == (TicketState.CLOSED, at(11), at(11))


def test_only_a_provisional_day_of_the_same_period_is_dated_anew(store: Store) -> None:
    provisional = replace(values.ticket(), due=DueDay(at(900), is_provisional=True))
    fixed = values.ticket(2)
    store.write(in_turn(*[lambda uow, one=one: uow.tickets.add(one) for one in (provisional, fixed)]))
    with store.read() as stored:
        assert list(stored.tickets.provisional().those) == [provisional]
    assert not store.write(lambda uow: uow.tickets.redate(provisional.ticket_id, DUE, asked_at=at(99))).value
    assert not store.write(lambda uow: uow.tickets.redate(fixed.ticket_id, DUE, asked_at=fixed.asked_at)).value
    assert store.write(lambda uow: uow.tickets.redate(provisional.ticket_id, DUE, asked_at=at(1))).value
    with store.read() as stored:
        assert stored.tickets.get(provisional.ticket_id) == replace(provisional, due=DUE)
        assert stored.tickets.provisional().is_empty


def test_messages_come_oldest_first_and_are_of_one_ticket(store: Store) -> None:
    several = (values.ticket_message(2, full=True), values.ticket_message(1), values.ticket_message(3, of_ticket=2))
    store.write(in_turn(*[lambda uow, one=one: uow.tickets.add_message(one) for one in several]))
    with store.read() as stored:
        assert list(stored.tickets.messages(make("tkt", 1))) == [
            values.ticket_message(1),
            values.ticket_message(2, full=True),
        ]
