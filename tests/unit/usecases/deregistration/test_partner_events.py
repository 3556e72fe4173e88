"""Partners hear that a code ended, each by itself and in its own terms, and answer once (2.13)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.deregistration.partner_event import (
    EVENTS_FOR,
    SETTLED_AFTER,
    TOLD_WITHIN,
    AnswerInvalid,
    CursorGone,
    ErasureAnswer,
    ErasureAnswered,
    ErasureReply,
    ErasureUnknown,
    EventId,
    PartnerEvent,
    PartnerEventKind,
)
from eztong.domain.errors import IdempotencyConflict
from eztong.domain.holder import FreezeCause
from eztong.domain.identifiers import PartnerId, make_id
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.partners.partner_code import PartnerCode
from eztong.ports.act import PARTNER
from eztong.usecases.deregistration.answer_erasure import AnswerErasure, answer_erasure
from eztong.usecases.deregistration.execute_deregistration import erase_again
from eztong.usecases.deregistration.read_partner_events import EventPage, read_partner_events
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.idempotency import IdempotencyKey, idempotency_key
from tests.unit.usecases.codes.asking import answered, asking, at_library, qr_of, show
from tests.unit.usecases.deregistration.leaving import account, ask, leave, now_of, run
from tests.unit.usecases.stage import LI, WANG, Person, Stage

HOTEL, LIBRARY, GAME = PartnerId("hotel"), PartnerId("library"), PartnerId("game")
ERASED = ErasureReply(answer=ErasureAnswer.ERASED)


def be_known(stage: Stage, person: Person = LI) -> dict[PartnerId, str]:
    """Let the person be verified at hotel and library; return the codes that they were told."""
    told = {}
    for partner_id, command in ((HOTEL, asking), (LIBRARY, at_library)):
        result = answered(stage, command(stage, qr_of(show(stage, person)))).result.decode()
        told[partner_id] = result.partition('"partner_code":"')[2].partition('"')[0]
        stage.clock.pass_by(minutes=1)
    return told


def read(stage: Stage, partner_id: PartnerId = HOTEL, *, after: EventId | None = None, limit: int = 50) -> EventPage:
    return stage.act(read_partner_events, partner_id, after=after, limit=limit)


def all_of(stage: Stage, partner_id: PartnerId = HOTEL) -> list[PartnerEvent]:
    """Return the partner's events, also those whose time has not come."""
    now = stage.clock.now()
    return list(
        stage.read(
            lambda stored: stored.partner_events.list(
                partner_id, after=None, since=now - EVENTS_FOR, now=now + TOLD_WITHIN, limit=99
            )
        )
    )


def answer(
    stage: Stage,
    event: PartnerEvent,
    given: ErasureReply = ERASED,
    *,
    partner: str = "hotel",
    key: IdempotencyKey | None = None,
) -> PartnerEvent:
    command = AnswerErasure(caller=stage.caller(partner), erasure_id=event.erasure_id, answer=given, idempotency=key)
    return stage.act(answer_erasure, command, by=PARTNER)


def told_event(stage: Stage) -> PartnerEvent:
    """Let LI be known, leave, and the hotel hear of it."""
    be_known(stage)
    leave(stage)
    stage.clock.pass_by(hours=24)
    (event,) = read(stage).events
    return event


# --- told ---------------------------------------------------------------------------------------------------------


def test_each_partner_that_knows_a_code_hears_of_it_in_its_own_terms_within_a_day(stage: Stage) -> None:
    codes = be_known(stage)
    stage.unlock()
    asked = leave(stage)
    done = now_of(stage, asked)
    assert done.done_at is not None
    (hotel,), (library,) = all_of(stage), all_of(stage, LIBRARY)
    assert all_of(stage, GAME) == []
    for event in (hotel, library):
        assert event.kind is PartnerEventKind.PARTNER_CODE_ENDED
        assert event.partner_code == codes[event.partner_id]
        assert SETTLED_AFTER <= event.tell_at - done.done_at < TOLD_WITHIN
        assert read(stage, event.partner_id).events == []
    assert hotel.partner_code != library.partner_code
    assert hotel.tell_at != library.tell_at
    assert hotel.event_id[14:] != library.event_id[14:]
    caused = stage.read(lambda stored: stored.partner_events.of_deregistration(done.deregistration_id))
    assert list(caused) == [hotel, library]
    first = min(hotel, library, key=lambda event: event.tell_at)
    stage.clock.moment = first.tell_at
    assert list(read(stage, first.partner_id).events) == [first]
    stage.clock.pass_by(hours=24)
    assert [len(read(stage, one).events) for one in (HOTEL, LIBRARY)] == [1, 1]


def test_who_was_told_no_code_hears_nothing(stage: Stage) -> None:
    shown = show(stage)
    stage.write(lambda uow: uow.holders.update(stage.holder().frozen(FreezeCause.RISK)))
    assert answered(stage, asking(stage, qr_of(shown))).verification.outcome is Outcome.NOT_PASSED
    answered(stage, at_library(stage, qr_of(show(stage, WANG))))
    leave(stage)
    assert stage.rows()["partner_events"] == 0


def test_nobody_hears_of_what_was_undone(stage: Stage) -> None:
    be_known(stage)
    ask(stage)
    stage.act(undo_from_session, LI.session)
    stage.clock.pass_by(hours=96)
    assert (run(stage), stage.rows()["partner_events"]) == (0, 0)


def test_the_id_of_an_event_says_its_day_alone(stage: Stage) -> None:
    event = told_event(stage)
    midnight = datetime.combine(event.day, time(), SHANGHAI)
    assert event.event_id[:14] == make_id("evt", now=midnight, random=bytes(10))[:14]
    assert event.erasure_id[4:] == event.event_id[4:]


# --- read ---------------------------------------------------------------------------------------------------------


def several(stage: Stage, count: int = 5) -> list[EventId]:
    """Tell the hotel of several codes; return the ids in the order of telling."""
    now = stage.clock.now()
    ids = [EventId(f"evt_{9 - number}{number:025d}") for number in range(count)]
    for number, event_id in enumerate(ids):
        event = PartnerEvent(
            partner_id=HOTEL,
            event_id=event_id,
            kind=PartnerEventKind.PARTNER_CODE_ENDED,
            partner_code=PartnerCode(f"code {number}"),
            tell_at=now + timedelta(minutes=number // 2),
        )
        stage.write(lambda uow, one=event: uow.partner_events.add(one))  # type: ignore[misc]  # a lambda's default
    stage.clock.pass_by(hours=1)
    return sorted(ids, key=lambda one: (ids.index(one) // 2, one))


def test_pages_follow_each_other_without_gap_or_repeat(stage: Stage) -> None:
    ids = several(stage)
    after, seen = None, []
    for more in (True, True, False):
        page = read(stage, after=after, limit=2)
        assert page.has_more is more
        seen += [one.event_id for one in page.events]
        after = page.next_after
    assert seen == ids
    last = read(stage, after=after)
    assert (last.events, last.next_after, last.has_more) == ([], ids[-1], False)
    assert read(stage, LIBRARY) == EventPage([], None, has_more=False)


def test_a_cursor_of_somebody_else_of_nobody_or_of_the_future_goes_nowhere(stage: Stage) -> None:
    ids = several(stage)
    with pytest.raises(CursorGone):
        read(stage, LIBRARY, after=ids[0])
    with pytest.raises(CursorGone):
        read(stage, after=EventId("evt_" + "0" * 26))
    stage.clock.pass_by(hours=-1)
    with pytest.raises(CursorGone):
        read(stage, after=ids[-1])


def test_after_ninety_days_an_event_is_gone_as_cursor_request_and_news(stage: Stage) -> None:
    event = told_event(stage)
    stage.clock.moment = event.tell_at + EVENTS_FOR - timedelta(seconds=1)
    assert list(read(stage).events) == [event]
    assert read(stage, after=event.event_id).events == []
    stage.clock.pass_by(seconds=1)
    assert read(stage).events == []
    with pytest.raises(CursorGone):
        read(stage, after=event.event_id)
    with pytest.raises(ErasureUnknown):
        answer(stage, event)


# --- answered -----------------------------------------------------------------------------------------------------

KEPT = ErasureReply(answer=ErasureAnswer.KEPT, law="电子商务法 31", until=date(2029, 12, 31))


@pytest.mark.parametrize("given", [ERASED, KEPT])
def test_an_answer_is_stored_once_and_attested(stage: Stage, given: ErasureReply) -> None:
    event = told_event(stage)
    before = stage.rows()["acts"]
    stored = answer(stage, event, given)
    assert (stored.answered, stored.answered_at) == (given, stage.clock.now())
    (shown,) = read(stage).events
    assert shown == stored
    stage.clock.pass_by(minutes=1)
    assert answer(stage, event, given) == stored
    with pytest.raises(ErasureAnswered):
        answer(stage, event, KEPT if given is ERASED else ERASED)
    assert stage.rows()["acts"] == before + 1
    ((document,),) = stage.select("SELECT document FROM acts WHERE kind = 'erasure_answered'")
    assert event.partner_code.encode() not in document
    assert b'"answer":"%s"' % given.answer.value.encode() in document
    assert "电子商务法".encode() not in document


def test_only_the_partner_itself_answers_and_not_before_it_was_told(stage: Stage) -> None:
    be_known(stage)
    leave(stage)
    (event,) = all_of(stage)
    with pytest.raises(ErasureUnknown):
        answer(stage, event)
    stage.clock.pass_by(hours=24)
    with pytest.raises(ErasureUnknown):
        answer(stage, event, partner="library")
    assert answer(stage, event).answered == ERASED


@pytest.mark.parametrize(
    "wrong",
    [
        ErasureReply(answer=ErasureAnswer.KEPT),
        ErasureReply(answer=ErasureAnswer.KEPT, law="税收征管法 52"),
        ErasureReply(answer=ErasureAnswer.KEPT, until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.ERASED, law="税收征管法 52"),
        ErasureReply(answer=ErasureAnswer.ERASED, until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="x", until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="x" * 121, until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="two\u2028lines", until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="of 13900000001", until=date(2029, 12, 31)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="税收征管法 52", until=date(2026, 3, 6)),
        ErasureReply(answer=ErasureAnswer.KEPT, law="税收征管法 52", until=date(2056, 3, 8)),
    ],
)
def test_an_answer_that_leaves_open_what_is_kept_is_refused(stage: Stage, wrong: ErasureReply) -> None:
    event = told_event(stage)
    with pytest.raises(AnswerInvalid):
        answer(stage, event, wrong)
    assert read(stage).events[0].answered is None


def test_a_repeated_call_is_answered_as_before_and_its_key_serves_no_other_one(stage: Stage) -> None:
    event = told_event(stage)

    def key(body: bytes) -> IdempotencyKey:
        return idempotency_key("k", body=body, operation="erasures.answer", keys=stage.keys)

    first = answer(stage, event, key=key(b"1"))
    assert answer(stage, event, key=key(b"1")) == first
    with pytest.raises(IdempotencyConflict):
        answer(stage, event, KEPT, key=key(b"2"))


def test_what_waits_for_an_answer_is_overdue_after_fifteen_working_days(stage: Stage) -> None:
    event = told_event(stage)
    calendar = stage.services.deployment.calendar
    due = event.answer_by(calendar)
    assert (due - event.day).days >= 19
    stage.clock.moment = calendar.due_after(event.tell_at, 15).at
    assert not event.is_overdue(calendar, now=stage.clock.now())
    stage.clock.pass_by(seconds=1)
    assert event.is_overdue(calendar, now=stage.clock.now())
    assert event in unanswered(stage)
    assert not answer(stage, event).is_overdue(calendar, now=stage.clock.now())
    assert [one.partner_id for one in unanswered(stage)] == [LIBRARY]


def unanswered(stage: Stage) -> list[PartnerEvent]:
    return list(stage.read(lambda stored: stored.partner_events.unanswered(now=stage.clock.now()).those))


# --- a backup that is put back --------------------------------------------------------------------------------------


def test_partners_hear_again_of_who_is_erased_again(stage: Stage) -> None:
    codes = be_known(stage)
    holder_id = stage.holder_id()
    assert stage.act(erase_again, holder_id)
    assert account(stage, holder_id).is_erased
    (event,) = all_of(stage)
    assert (event.partner_code, event.deregistration_id) == (codes[HOTEL], None)
