"""An account that goes over from a guardian to its holder: what both do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.contact.phone_change import PhoneChange
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.ports.act import Acting
from eztong.usecases.access.message_code import TypedCode
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.hand_over import HandOver, hand_over
from eztong.usecases.guardianship.invite_guardian import open_digits
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.take_over import AskToTakeOver, TakeOver, ask_to_take_over, take_over
from eztong.usecases.refusal import accepted
from tests.unit.usecases.access.ways import FRESH, NEW, OPENING, open_code
from tests.unit.usecases.contact.acts import digits as code_of
from tests.unit.usecases.deregistration.leaving import CALENDAR, SECRET
from tests.unit.usecases.guardianship.family import CHILD, account, applying, born, run_birthdays, run_registrations
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, NETWORK, WANG, Person, Stage, asker

PHONE: Final = "13900000077"
GROWN: Final = replace(CHILD, number=born("20120310"))
"""Fourteen eight days after the stage's clock begins."""


def grown(stage: Stage, *, years: int = 0) -> Guardianship:
    """Let a child be registered, become 14, and so many years older; its guardian is signed in."""
    found = apply_for_child(applying(stage, number=GROWN.number), services=stage.services)
    run_registrations(stage)
    today = service_date(stage.clock.now())
    stage.clock.moment = stage.clock.moment.replace(year=today.year + years, month=3, day=10)
    for person in (LI, WANG):
        unlock_later(stage, person)
    run_birthdays(stage)
    stage.empty_outbox()
    return found


def unlock_later(stage: Stage, person: Person) -> None:
    """Let the person's session live on, and be unlocked now."""
    session = replace(stage.session(person.session), expires_at=stage.clock.now() + timedelta(days=30))
    stage.write(lambda uow: uow.sessions.update(session))
    stage.unlock(person)


def offer(stage: Stage, found: Guardianship, *, by: bytes = LI.session, keep: bool = False) -> str:
    """Let the guardian make digits, or end those that stand; return what stands then."""
    made = stage.act(hand_over, HandOver(session_hash=by, ward_id=found.ward_id, keep=keep))
    return "" if made.sealed_digits is None else open_digits(made, account(stage, found.ward_id), keys=stage.keys)


def ask(stage: Stage, digits: str, *, number: str = GROWN.number, phone: str = PHONE) -> None:
    """Let the ward type number, digits and phone."""
    command = AskToTakeOver(asker=asker(NEW), number=number, digits=digits, phone=phone, language="zh-CN")
    ask_to_take_over(command, services=stage.services)


def typed(stage: Stage, digits: str | None = None) -> TakeOver:
    """Return the press under the message's code, or under other digits."""
    slip = open_code(stage, OtpPurpose.TAKE_OVER, NEW).challenge_id
    code = TypedCode(session_hash=NEW, slip=slip, digits=digits or code_of(stage, OtpPurpose.TAKE_OVER))
    return TakeOver(opening=OPENING, code=code, language="zh-CN")


def taken(stage: Stage, found: Guardianship, *, phone: str = PHONE, fresh: bytes = FRESH) -> Holder:
    """Let the account go over to a phone and a session."""
    ask(stage, offer(stage, found), phone=phone)
    press = typed(stage)
    return accepted(stage.act(take_over, replace(press, opening=replace(press.opening, fresh_hash=fresh))))


def leave(stage: Stage, found: Guardianship) -> Guardianship:
    """Let the guardian give the ward up."""
    return stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))


def end_account(stage: Stage, found: Guardianship) -> None:
    """Let the guardian ask for the end of the ward's account."""
    command = AskDeregistration(session_hash=LI.session, secret=SECRET, understood=True)
    stage.act(deregister_ward, command, found.ward_id, calendar=CALENDAR)


def claim(stage: Stage) -> Guardianship:
    """Let somebody else say to be guardian of the ward, who has one: staff decide."""
    return apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)


def begin_appeal(stage: Stage, *, by: Acting | None = None) -> PhoneChange:
    """Let two operators give the account a phone, which waits its time."""
    ticket = OpenTicket(
        session_hash=b"elsewhere", network=NETWORK, kind=TicketKind.NUMBER_APPEAL, words="...", secret="0" * 16
    )
    number = stage.act(open_ticket, ticket, calendar=CALENDAR).number
    second = operator(stage, "wang.wei").name
    command = AppealNumber(
        ticket_number=number, name=GROWN.name, number=GROWN.number, phone="13900000088", second=second
    )
    return appeal_number(command, by=by or operator(stage, "li.na"), services=stage.services)
