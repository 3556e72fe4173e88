"""Number appeal (号码申诉): number, SIM card and device are all lost, and staff has made sure who asks (3.3; ADR 0058).

Nothing opens by it. The number changes after a long waiting, which the number of before and every device can stop; then
its holder recovers the account as anybody does, with the new number's code, and waits once more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from eztong.domain.contact.phone_change import ChangeState, ChangeWay, PhoneChange, PhoneSame
from eztong.domain.errors import NotFound, NotPermitted, StateConflict
from eztong.domain.feedback.ticket import Ticket, TicketKind, TicketState
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import Holder, check_stands_as
from eztong.domain.identity.age import AgeBand
from eztong.domain.identity.phone import Phone, parse_phone
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.operator import Operator, check_another
from eztong.domain.operators.permission import Permission
from eztong.domain.standing import may_be_appealed_for
from eztong.ports.act import Act, Acting
from eztong.ports.services import Deployment, Services
from eztong.usecases.access.match_again import Identity, TypedIdentity, ask_authority, check_is_own, parse_identity
from eztong.usecases.contact.begin_waiting import begin_waiting
from eztong.usecases.contact.cooling import check_settled_as_read
from eztong.usecases.contact.numbers import current_number, seal_number
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_about_another, check_operator, who_may
from eztong.usecases.operators.find_by_number import LookUp, find_by_number, look_up
from eztong.usecases.registration.birthdays import band_of
from eztong.usecases.registration.confirm_phone import check_room_on_phone
from eztong.usecases.vault import number_index, phone_index

NOBODYS = b""
"""No browser asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealNumber:
    """What the ticket's person proved to staff: name, citizen number, new phone."""

    ticket_number: str
    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)
    second: str = ""
    """The name of another operator, proven as well, who made sure too: needed where there is no number of before.

    Whoever is named stands in the history, so that it is asked of them whether they may, also where none is needed.
    """


class SecondNeeded(NotPermitted):
    """The account has no number of before, so that nobody would hear of the change who could stop it."""

    code = "appeal_second_needed"
    advice = "Another operator of role cases makes sure as well: give --second with the own secret."


def appeal_number(command: AppealNumber, *, by: Acting, services: Services) -> PhoneChange:
    """Let the number wait to be changed, as the operator ``by`` who made sure who asks.

    1. The ticket is an open number appeal of nobody else's account, and the number is that of an account which its
       holder could recover.
    2. The authority matches name and number, outside any unit of work.
    3. Where there is no number of before, nobody could stop it: another operator answers for it as well. Whoever is
       named as the second one is another, may do this, and not about themselves, wherever a second one is named.
    4. The change waits :attr:`Deployment.appeal_wait`; both numbers are told, the history names operator and ticket,
       and the ticket is ended: it serves one account, once.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        SecondNeeded: there is no number of before, and no other operator made sure.
        SameOperator: the second one is the first, or counts as the same person.
        InputInvalid: name, number or phone cannot be right.
        NotFound: no such ticket, or nobody with this number has an account; that it was looked for is on record.
        TooMany: the operator looked for too much in vain today.
        StateConflict: the ticket is no open number appeal, or another account's; the account changed, or was stopped
            by the operator.
        PhoneSame, PhoneFull: this number is the account's, or carries as many as it may.
        ContactCooling: a change waits already, or took effect a short while ago.
        RecoveryRefused, AuthorityUnavailable: the authority did not confirm, or could not be asked.
    """
    phone = parse_phone(command.phone)
    identity = parse_identity(TypedIdentity(name=command.name, number=command.number), services=services)
    look = LookUp(
        index=number_index(identity.number.document_type.value, identity.number.value, keys=services.keys),
        asked_for=AskedFor.NUMBER_APPEAL,
        permission=Permission.NUMBERS_APPEAL,
        missing="Nobody with this number has an account here. Nothing was changed.",
        before=partial(_find_appeal, command=command),
        asks_elsewhere=True,
    )
    appeal = partial(_appeal, command, look, identity, phone, by=by, services=services)
    return look_up(look, appeal, by=by, services=services)


def _appeal(
    command: AppealNumber, look: LookUp, identity: Identity, phone: Phone, *, by: Acting, services: Services
) -> PhoneChange:
    found = services.perform(by, _check, command, look)
    check_is_own(identity, found, keys=services.keys)
    reference = f"{found.holder_id}-{command.ticket_number}"
    ask_authority(identity, reference=reference, services=services)
    return services.perform(by, _wait, command, look, found=found, phone=phone, deployment=services.deployment)


def _find_appeal(act: Act, command: AppealNumber) -> Ticket:
    ticket = act.uow.tickets.by_number(command.ticket_number)
    if ticket is None:
        raise NotFound("There is no ticket with this number.")
    if ticket.kind is not TicketKind.NUMBER_APPEAL or ticket.state is TicketState.CLOSED:
        raise StateConflict("This ticket is no open number appeal.")
    return ticket


def _check(act: Act, command: AppealNumber, look: LookUp) -> Holder:
    operator = who_may(act, look.permission)
    ticket = _find_appeal(act, command)
    holder = find_by_number(act, look)
    if ticket.holder_id not in {None, holder.holder_id}:
        raise StateConflict("This ticket was written by the holder of another account.")
    is_adult = band_of(holder, keys=act.keys, now=act.now) is AgeBand.ADULT
    if is_kept_by_guardian(holder) and not is_adult:
        raise StateConflict("A guardian keeps this account, and hands it over from the 14th birthday on.")
    if not may_be_appealed_for(holder):
        raise StateConflict("This account was stopped by the operator or is ending; its phone stays.")
    # A phone that came over with an adult's account lately keeps staff from nothing: it may be whoever took the
    # account. A minor's guardian can have it back.
    cared = () if is_adult else act.uow.guardianships.of_ward(holder.holder_id)
    check_settled_as_read(act.uow.phone_changes.newest(holder.holder_id), cared, now=act.now)
    if _has_no_number_of_before(act, holder) and not command.second:
        raise SecondNeeded
    if command.second:
        _check_second(act, command, operator, holder)
    return holder


def _has_no_number_of_before(act: Act, holder: Holder) -> bool:
    """Say whether nobody is told of the change who could stop it: there is no phone, or one that went over lately."""
    cared = act.uow.guardianships.of_ward(holder.holder_id)
    return holder.phone_index is None or any(one.settles_at is not None and one.settles_at > act.now for one in cared)


def _check_second(act: Act, command: AppealNumber, first: Operator, holder: Holder) -> None:
    second = check_operator(act.as_operator(command.second), Permission.NUMBERS_APPEAL)
    check_another(second, first, named=first.name, now=act.now)
    check_about_another(second, holder, stored=act.uow)


def _wait(
    act: Act, command: AppealNumber, look: LookUp, *, found: Holder, phone: Phone, deployment: Deployment
) -> PhoneChange:
    holder = _check(act, command, look)
    check_stands_as(holder, found)
    index = phone_index(phone.value, keys=act.keys)
    if index == holder.phone_index:
        raise PhoneSame
    check_room_on_phone(index, but=holder, stored=act.uow)
    change_id = new_id(act, "phc")
    before = "" if _has_no_number_of_before(act, holder) else current_number(holder, keys=act.keys)
    asked = PhoneChange(
        holder_id=holder.holder_id,
        change_id=change_id,
        state=ChangeState.ASKED,
        way=ChangeWay.APPEAL,
        session_hash=NOBODYS,
        sealed_old=seal_number(act, holder, f"{change_id}.old", before),
        sealed_new=seal_number(act, holder, f"{change_id}.new", phone.value),
        asked_at=act.now,
    )
    ticket = act.uow.tickets.by_number(command.ticket_number)
    if ticket is None or not act.uow.tickets.answer(ticket.ticket_id, TicketState.CLOSED, now=act.now):
        raise StateConflict("This ticket is no open number appeal.")
    # A guardian of before, who is told, shall not hand the account to themselves meanwhile.
    act.uow.guardianships.end_offers(holder.holder_id)
    act.uow.phone_changes.forget_asked(holder.holder_id)
    act.uow.phone_changes.add(asked)
    return begin_waiting(
        act,
        holder,
        asked,
        wait=deployment.appeal_wait,
        public_url=deployment.public_url,
        detail=f"ticket={command.ticket_number}" + (f" second={command.second}" if command.second else ""),
    )
