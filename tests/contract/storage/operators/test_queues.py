"""Queues are turned by key: each page begins behind the last row of the one before; a form is sent once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.guardianship.relation import Relation
from eztong.domain.holder import HolderState
from eztong.domain.operators.sent_form import SentForm
from eztong.domain.working_days import DueDay
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Store
from tests.contract.storage import values as people
from tests.contract.storage import values_feedback
from tests.contract.storage.guardianship.test_guardianships import invited
from tests.contract.storage.operators import values
from tests.contract.storage.stage import at, holder_id, in_turn, make

Place = tuple[int, str]


def ms(seconds: int) -> int:
    return int(at(seconds).timestamp() * 1000)


def turned(store: Store, page: Callable[[Repositories, Place | None], Sequence[tuple[Place, str]]]) -> list[str]:
    """Turn the pages of a queue to its end; return the ids in the order in which they were shown."""
    shown: list[str] = []
    after: Place | None = None
    while True:
        with store.read() as stored:
            found = page(stored, after)
        if not found:
            return shown
        shown += [one for _, one in found]
        after = found[-1][0]


def test_tickets_of_one_day_are_each_shown_once_and_a_kind_by_itself(store: Store) -> None:
    days = {1: 5, 2: 3, 3: 3, 4: 3, 5: 9}
    several = [replace(values_feedback.ticket(n), due=DueDay(at(day), is_provisional=False)) for n, day in days.items()]
    several[2] = replace(several[2], kind=TicketKind.DEREGISTRATION)
    store.write(in_turn(*[lambda uow, one=one: uow.tickets.add(one) for one in several]))

    def page(stored: Repositories, after: Place | None) -> list[tuple[Place, str]]:
        found = stored.tickets.queue(after=after, limit=2).those
        return [((int(one.due.at.timestamp() * 1000), one.ticket_id), one.ticket_id) for one in found]

    assert turned(store, page) == [make("tkt", number) for number in (2, 3, 4, 1, 5)]
    with store.read() as stored:
        found = stored.tickets.queue(kind=TicketKind.DEREGISTRATION, limit=9).those
        assert [one.ticket_id for one in found] == [make("tkt", 3)]
        assert stored.tickets.queue(kind=TicketKind.DEREGISTRATION, after=(ms(3), make("tkt", 3)), limit=9).is_empty


def test_applications_with_a_day_come_first_and_then_the_oldest(store: Store) -> None:
    review = [replace(people.holder(n, full=False), state=HolderState.UNDER_REVIEW) for n in (1, 2, 3, 4)]
    other = replace(people.holder(5, full=False), state=HolderState.REFUSED)
    steps = [
        replace(values.step(9, full=True, of_holder=number), due=DueDay(at(day), is_provisional=False))
        for number, day in ((4, 50), (3, 40), (5, 1))
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in (*review, other)]))
    store.write(in_turn(*[lambda uow, one=one: uow.applications.add(one) for one in steps]))

    def page(stored: Repositories, after: Place | None) -> list[tuple[Place, str]]:
        found = stored.applications.queue(after=after, limit=1).those
        return [((one.place, one.holder.holder_id), one.holder.holder_id) for one in found]

    assert turned(store, page) == [holder_id(number) for number in (3, 4, 1, 2)]
    with store.read() as stored:
        (first, *_, last) = stored.applications.queue(limit=9).those
        assert (first.due, last.due) == (at(40), None)


def test_those_of_one_number_are_found_while_they_wait(store: Store) -> None:
    same = [replace(people.holder(n), number_index=b"n", state=HolderState.UNDER_REVIEW) for n in (2, 1)]
    ended = replace(people.holder(3), number_index=b"n", state=HolderState.REFUSED)
    store.write(in_turn(*[lambda uow, one=one: uow.holders.add(one) for one in (*same, ended)]))
    with store.read() as stored:
        assert set(stored.applications.waiting_with(b"n", limit=9).those) == {holder_id(1), holder_id(2)}
        assert stored.applications.waiting_with(b"m", limit=9).is_empty
        found = [one.holder_id for one in stored.holders.all_of_number(b"n", limit=9)]
        assert sorted(found) == [holder_id(number) for number in (1, 2, 3)]


def test_guardianships_and_proposals_are_turned(store: Store) -> None:
    declared = [
        invited(number, ward=number).declared(holder_id(9), Relation.SIBLING, now=at(1)) for number in (1, 2, 3)
    ]
    store.write(in_turn(*[lambda uow, one=one: uow.guardianships.add(one) for one in declared]))

    def page(stored: Repositories, after: Place | None) -> list[tuple[Place, str]]:
        found = stored.guardianships.waiting(after=after, limit=2).those
        return [((ms(1), one.guardianship_id), one.guardianship_id) for one in found]

    assert turned(store, page) == [one.guardianship_id for one in declared]
    several = [values.proposal(1, full=True), values.proposal(2), values.proposal(3, subject="csr_2")]
    several[1] = replace(several[1], until=at(2000))
    store.write(lambda uow: [uow.proposals.add(one) for one in several])
    with store.read() as stored:
        assert [one.proposal_id for one in stored.proposals.open(limit=9).those] == [make("prp", 3), make("prp", 2)]
        before = stored.proposals.list(before=make("prp", 3), limit=1).those
        assert [one.proposal_id for one in before] == [make("prp", 2)]


def test_a_form_is_sent_once_by_each_browser_until_it_is_forgotten(store: Store) -> None:
    form = SentForm(session_hash=b"s1", form_hash=b"f", sent_at=at(1))
    other = replace(form, session_hash=b"s2")
    assert store.write(lambda uow: [uow.sent_forms.add(one) for one in (form, form, other)]).value == [
        True,
        False,
        True,
    ]
    led = replace(form, led_to="/console/tickets")
    store.write(lambda uow: uow.sent_forms.lead(led))
    with store.read() as stored:
        assert stored.sent_forms.get(b"s1", b"f") == led
        assert stored.sent_forms.get(b"s2", b"f") == other
        assert stored.sent_forms.get(b"s1", b"g") is None
    store.write(lambda uow: uow.sent_forms.remove(form))
    assert store.write(lambda uow: uow.sent_forms.add(form)).value
