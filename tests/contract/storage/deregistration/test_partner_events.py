"""Partner events are each partner's own, come in the order of telling, and are answered once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from eztong.domain.deregistration.partner_event import (
    ErasureAnswer,
    ErasureReply,
    EventId,
    PartnerEvent,
    PartnerEventKind,
)
from eztong.domain.partners.partner_code import PartnerCode
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, in_turn, make, partner_id

KEPT = ErasureReply(answer=ErasureAnswer.KEPT, law="税收征管法 52", until=date(2029, 12, 31))
ERASED = ErasureReply(answer=ErasureAnswer.ERASED)


def event(number: int = 1, *, partner: int = 1, told: int | None = None, full: bool = False) -> PartnerEvent:
    return PartnerEvent(
        partner_id=partner_id(partner),
        event_id=EventId(make("evt", number)),
        kind=PartnerEventKind.PARTNER_CODE_ENDED,
        partner_code=PartnerCode(f"code-{number}"),
        tell_at=at(number if told is None else told),
        deregistration_id=make("drg", number) if full else None,
        answered=KEPT if full else None,
        answered_at=at(number + 1) if full else None,
    )


def store_all(store: Store, *events: PartnerEvent) -> None:
    store.write(in_turn(*[lambda uow, one=one: uow.partner_events.add(one) for one in events]))


@pytest.mark.parametrize("full", [False, True])
def test_an_event_comes_back(store: Store, *, full: bool) -> None:
    one = event(full=full)
    store_all(store, one)
    with store.read() as stored:
        assert stored.partner_events.get(one.partner_id, one.event_id) == one
        assert stored.partner_events.get(partner_id(2), one.event_id) is None
        assert stored.partner_events.get(one.partner_id, EventId(make("evt", 9))) is None
        assert list(stored.partner_events.of_deregistration(make("drg", 1))) == ([one] if full else [])


def test_they_come_in_the_order_of_telling_behind_the_last_and_only_in_their_time(store: Store) -> None:
    early, same, also, late = event(4, told=3), event(1, told=5), event(2, told=5), event(3, told=9)
    store_all(store, late, also, same, early, event(5, told=5, partner=2))
    with store.read() as stored:

        def told(after: PartnerEvent | None = None, *, since: int = 0, now: int = 9, limit: int = 9) -> object:
            return list(
                stored.partner_events.list(partner_id(), after=after, since=at(since), now=at(now), limit=limit)
            )

        assert told() == [early, same, also, late]
        assert told(now=8) == [early, same, also]
        assert told(limit=2) == [early, same]
        assert told(early) == [same, also, late]
        assert told(same) == [also, late]
        assert told(late) == []
        assert told(since=3) == [same, also, late]
        assert told(since=2) == [early, same, also, late]


def test_the_first_answer_is_stored_and_no_other(store: Store) -> None:
    one, other = event(1), event(1, partner=2)
    store_all(store, one, other, event(3, told=9))
    with store.read() as stored:
        assert list(stored.partner_events.unanswered(now=at(8)).those) == [one, other]
    erased, kept = (replace(one, answered=given, answered_at=at(7)) for given in (ERASED, KEPT))
    assert store.write(lambda uow: uow.partner_events.answer(erased)).value
    assert not store.write(lambda uow: uow.partner_events.answer(kept)).value
    assert not store.write(lambda uow: uow.partner_events.answer(replace(kept, partner_id=partner_id(3)))).value
    with store.read() as stored:
        assert stored.partner_events.get(one.partner_id, one.event_id) == erased
        assert list(stored.partner_events.unanswered(now=at(8)).those) == [other]
