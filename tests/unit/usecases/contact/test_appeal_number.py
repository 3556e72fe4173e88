"""A number appeal that staff decided waits long, the number of before stops it, and by itself it opens nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.contact.phone_change import ChangeState, ChangeWay, ContactCooling, EndedBy, PhoneChange, PhoneSame
from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.events import Actor, EventKind
from eztong.domain.feedback.ticket import TicketKind, TicketState
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState, PhoneFull
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import (
    AboutOneself,
    OperatorNeeded,
    OperatorRefused,
    OperatorRole,
    RoleMissing,
    SameOperator,
)
from eztong.domain.recovery import RecoveryRefused
from eztong.domain.working_days import WorkCalendar
from eztong.i18n.notices import render_text
from eztong.ports.act import OPERATOR
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from eztong.usecases.contact.keep_number import keep_by_link
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.contact.acts import NEW, ask, change, link_token, newest, phone_of, told
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, WANG, ZHAO, Stage, register

WAIT = timedelta(days=7)


def written(stage: Stage, kind: TicketKind = TicketKind.NUMBER_APPEAL, *, session: bytes = b"elsewhere") -> str:
    """Write a ticket, as nobody who is signed in unless a session is named; return its number."""
    command = OpenTicket(
        session_hash=session, network=NETWORK, kind=kind, words="...", secret=f"{stage.rows()['tickets']:016d}"
    )
    return stage.act(open_ticket, command, calendar=WorkCalendar()).number


def command(stage: Stage, **changed: str) -> AppealNumber:
    given = AppealNumber(
        ticket_number=changed.pop("ticket", "") or written(stage),
        name=LI.name,
        number=LI.number,
        phone=NEW,
    )
    return replace(given, **changed)


def appeal(stage: Stage, **changed: str) -> PhoneChange:
    return appeal_number(command(stage, **changed), by=operator(stage, "li.na"), services=stage.services)


def freeze(stage: Stage, cause: FreezeCause = FreezeCause.SELF) -> None:
    lost = FreezeReason.PHONE_LOST
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(), cause=cause, channel="test", reason=lost))


def test_it_waits_for_days_both_numbers_are_told_and_the_history_names_operator_and_ticket(stage: Stage) -> None:
    number = written(stage)
    waits = appeal(stage, ticket=number)
    assert (waits.state, waits.way, waits.until) == (ChangeState.WAITING, ChangeWay.APPEAL, stage.clock.now() + WAIT)
    assert told(stage, Topic.PHONE_WAITING) == [LI.phone]
    assert told(stage, Topic.PHONE_COMING) == [NEW]
    (coming,) = (one for one in stage.messages() if one.topic is Topic.PHONE_COMING)
    assert "挂失" in render_text(coming)
    event = stage.events()[-1]
    assert (event.kind, event.actor) == (EventKind.PHONE_CHANGE_WAITING, Actor.OPERATOR)
    assert (event.fact("ticket"), event.fact("operator"), event.fact("how")) == (number, "li.na", "appeal")
    assert phone_of(stage) == LI.phone


@pytest.mark.parametrize("is_frozen", [True, False])
def test_it_takes_effect_after_the_waiting_also_where_the_holder_froze_the_account(
    stage: Stage, *, is_frozen: bool
) -> None:
    if is_frozen:
        freeze(stage)
    appeal(stage)
    stage.clock.pass_by(seconds=WAIT.total_seconds() - 1)
    settle_due_phone_changes(services=stage.services)
    assert phone_of(stage) == LI.phone
    stage.clock.pass_by(seconds=1)
    settle_due_phone_changes(services=stage.services)
    assert phone_of(stage) == NEW
    assert (stage.holder().state is HolderState.FROZEN) == is_frozen


def test_the_number_of_before_and_a_freeze_stop_it(stage: Stage) -> None:
    appeal(stage)
    stage.act(keep_by_link, link_token(stage))
    assert newest(stage).ended_by is EndedBy.LINK
    stage.clock.pass_by(hours=1)
    appeal(stage)
    freeze(stage)
    assert newest(stage).ended_by is EndedBy.FREEZE


def test_an_account_that_the_operator_stopped_keeps_its_phone(stage: Stage) -> None:
    appeal(stage)
    stage.change(state=HolderState.TERMINATED)
    stage.clock.pass_by(seconds=WAIT.total_seconds())
    settle_due_phone_changes(services=stage.services)
    assert newest(stage).ended_by is EndedBy.ACCOUNT
    with pytest.raises(StateConflict):
        appeal(stage)


def test_it_takes_an_open_ticket_of_this_kind(stage: Stage) -> None:
    with pytest.raises(NotFound):
        appeal(stage, ticket="9999999999")
    with pytest.raises(StateConflict):
        appeal(stage, ticket=written(stage, TicketKind.QUESTION))
    number = written(stage)
    stage.act(answer_ticket, AnswerTicket(number=number, words="no", closes=True), by=operator(stage, "li.na"))
    with pytest.raises(StateConflict):
        appeal(stage, ticket=number)


def test_a_ticket_serves_its_own_account_only_and_once(stage: Stage) -> None:
    with pytest.raises(StateConflict, match="another account"):
        appeal(stage, ticket=written(stage, session=WANG.session))
    own = written(stage, session=LI.session)
    assert appeal(stage, ticket=own).holder_id == stage.holder_id()
    ticket = stage.read(lambda stored: stored.tickets.by_number(own))
    assert ticket is not None
    assert ticket.state is TicketState.CLOSED
    other = replace(command(stage, ticket=own), name=WANG.name, number=WANG.number)
    with pytest.raises(StateConflict, match="no open number appeal"):
        appeal_number(other, by=operator(stage, "wang"), services=stage.services)


def test_it_takes_an_operator_of_role_cases_and_never_about_oneself(stage: Stage) -> None:
    asked = command(stage)
    for by, error in (
        (OPERATOR, OperatorNeeded),
        (operator(stage, "reader", OperatorRole.AUDIT), RoleMissing),
        (operator(stage, "own", person=stage.holder().number_index), AboutOneself),
    ):
        with pytest.raises(error):
            appeal_number(asked, by=by, services=stage.services)


def test_whoever_is_named_as_the_second_one_is_another_who_may_also_where_none_is_needed(stage: Stage) -> None:
    operator(stage, "auditor", OperatorRole.AUDIT)
    operator(stage, "gone", active=False)
    operator(stage, "own", person=stage.holder().number_index)
    asked = command(stage)
    refusals = {
        "li.na": SameOperator,
        "auditor": RoleMissing,
        "gone": OperatorRefused,
        "nobody": OperatorRefused,
        "own": AboutOneself,
    }
    for second, refusal in refusals.items():
        with pytest.raises(refusal):
            appeal_number(replace(asked, second=second), by=operator(stage, "li.na"), services=stage.services)
    assert EventKind.PHONE_CHANGE_WAITING not in {event.kind for event in stage.events()}
    operator(stage, "wang.wei")
    appeal_number(replace(asked, second="wang.wei"), by=operator(stage, "li.na"), services=stage.services)
    assert stage.events()[-1].fact("second") == "wang.wei"


def test_what_cannot_be_right_is_refused(stage: Stage) -> None:
    with pytest.raises(InputInvalid):
        appeal(stage, phone="12")
    with pytest.raises(NotFound):
        appeal(stage, name=ZHAO.name, number=ZHAO.number)
    with pytest.raises(PhoneSame):
        appeal(stage, phone=LI.phone)
    register(stage, replace(ZHAO, phone=WANG.phone))
    with pytest.raises(PhoneFull):
        appeal(stage, phone=WANG.phone)
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.DECEASED, reference="r", detail_code="d")
    with pytest.raises(RecoveryRefused):
        appeal(stage)
    assert stage.read(lambda stored: stored.phone_changes.newest(stage.holder_id())) is None


def test_it_waits_for_what_cools_and_takes_the_place_of_what_was_only_asked_for(stage: Stage) -> None:
    stage.unlock()
    ask(stage)
    appeal(stage, phone="13900000008")
    with pytest.raises(ContactCooling):
        appeal(stage)
    stage.act(keep_by_link, link_token(stage))
    stage.unlock()
    stage.clock.pass_by(seconds=61)
    change(stage)
    with pytest.raises(ContactCooling):
        appeal(stage)


def test_a_holder_cannot_choose_staffs_way(stage: Stage) -> None:
    stage.unlock()
    with pytest.raises(InputInvalid):
        ask(stage, ChangeWay.APPEAL)
