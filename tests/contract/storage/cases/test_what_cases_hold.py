"""What a case holds is not swept while the case is kept: tickets it names, and the receipt of its account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from eztong.domain.cases.case import EvidenceKind
from eztong.domain.feedback.ticket import TicketState
from eztong.domain.retention.kept import Transient
from eztong.ports.storage.store import Store
from tests.contract.storage.cases import values
from tests.contract.storage.stage import at, in_turn, make
from tests.contract.storage.values_feedback import ticket

LONG_AFTER = at(1) + timedelta(days=4000)


def outdated(store: Store, kind: Transient) -> int:
    with store.read() as stored:
        return len(stored.retention.outdated(kind, before=LONG_AFTER, limit=9))


def test_a_ticket_that_a_case_holds_goes_only_after_the_case(store: Store) -> None:
    held = replace(ticket(1), state=TicketState.CLOSED, closed_at=at(1))
    free = replace(ticket(2), state=TicketState.CLOSED, closed_at=at(1))
    item = replace(values.evidence(1), evidence_id=held.ticket_id, kind=EvidenceKind.TICKET)
    over = values.case(1, full=True)
    store.write(
        in_turn(
            lambda uow: uow.tickets.add(held),
            lambda uow: uow.tickets.add(free),
            lambda uow: uow.cases.add(over),
            lambda uow: uow.cases.add_evidence(item),
            lambda uow: uow.cases.add_step(values.step(1)),
        )
    )
    assert outdated(store, Transient.TICKETS) == 1
    with store.read() as stored:
        (key,) = stored.retention.outdated(Transient.CASES, before=LONG_AFTER, limit=9)
    assert store.write(lambda uow: uow.retention.remove(Transient.CASES, key, before=LONG_AFTER)).value is True
    with store.read() as stored:
        assert stored.cases.get(over.case_id) is None
        assert list(stored.cases.steps(make("cas", 1))) == []
        assert list(stored.cases.evidence(make("cas", 1))) == []
    assert outdated(store, Transient.TICKETS) == 2


def test_a_case_that_waits_is_never_swept(store: Store) -> None:
    store.write(lambda uow: uow.cases.add(values.case()))
    assert outdated(store, Transient.CASES) == 0
