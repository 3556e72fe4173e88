"""Ask for the account to be ended (clause 2.13): it does nothing from now on, and for 72 hours this can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from eztong.domain.contact.phone_change import EndedBy
from eztong.domain.deregistration.deregistration import (
    Deregistration,
    EffectsNotUnderstood,
)
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import FormSent, Ticket, TicketKind
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.notices import Topic
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.apart import CARE, read_apart
from eztong.usecases.contact.cooling import check_settled_as_read
from eztong.usecases.contact.keep_number import newest_or_ended
from eztong.usecases.deregistration.begin_cooling import begin_cooling
from eztong.usecases.end_codes import end_codes
from eztong.usecases.feedback.find_ticket import hash_secret
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDeregistration:
    """The holder ends the account. ``secret`` was drawn for the form: the same form again brings the same ticket."""

    session_hash: bytes
    secret: str = field(repr=False)
    understood: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A deregistration with the ticket that says where it stands. ``is_new`` says that this call began it."""

    deregistration: Deregistration
    ticket: Ticket
    is_new: bool


def ask_deregistration(act: Act, command: AskDeregistration, *, calendar: WorkCalendar) -> Asked:
    """Begin the cooling of the session's account, whatever stopped it before, and whether or not consent is pending.

    1. The session is live on the account's bound device, and freshly unlocked; its phone is not being changed.
    2. A deregistration that runs already is returned as it is; so is the one that this very form began, also if it was
       undone since.
    3. The account moves to ``deregistering`` and keeps the state before with its cause; its codes end.
    4. A ticket says number and day; a job waits for the end of the cooling; the holder is told.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        EffectsNotUnderstood: the tick is missing; nothing was done.
        ContactCooling: the phone is being changed, or was a short while ago, or a guardian can still have the account
            back: who took it or its number over ends no account.
        StateConflict: it was stopped or opened meanwhile, or the form was sent before for something else.
    """
    holder = find_unlocked(command.session_hash, stored=act.uow, now=act.now).holder
    return begin_deregistration(act, holder, command, calendar=calendar)


def begin_deregistration(act: Act, holder: Holder, command: AskDeregistration, *, calendar: WorkCalendar) -> Asked:
    """Begin the cooling of an account for whom it was found may ask it.

    Raises:
        EffectsNotUnderstood, ContactCooling, StateConflict: as :func:`ask_deregistration` says.
    """
    running = act.uow.deregistrations.running(holder.holder_id)
    if running is not None:
        return Asked(running, _ticket_of(act, running), is_new=False)
    known = _of_form(act, holder, command)
    if known is not None:
        return known
    if not command.understood:
        raise EffectsNotUnderstood
    _check_settled(act, holder.holder_id)
    if not act.uow.holders.move(holder, holder.moved_to(HolderState.DEREGISTERING)):
        raise StateConflict
    end_codes(act, holder.holder_id)
    ticket = add_ticket(
        act,
        TicketKind.DEREGISTRATION,
        holder.holder_id,
        calendar=calendar,
        secret_hash=hash_secret(command.secret, keys=act.keys),
    )
    begun = begin_cooling(act, holder.holder_id, ticket)
    _tell(act, holder, begun, ticket)
    return Asked(begun, ticket, is_new=True)


def _check_settled(act: Act, holder_id: HolderId) -> None:
    # What cannot be read is ended unread, or passed over: it keeps nobody from leaving, which can be undone, too.
    newest = newest_or_ended(act, holder_id, EndedBy.ACCOUNT)
    ids = act.uow.guardianships.ids_of_ward(holder_id)
    read = (read_apart(act, CARE, partial(act.uow.guardianships.get, one)) for one in ids)
    check_settled_as_read(newest, (one for one in read if isinstance(one, Guardianship)), now=act.now)


def _of_form(act: Act, holder: Holder, command: AskDeregistration) -> Asked | None:
    ticket = act.uow.tickets.by_secret(hash_secret(command.secret, keys=act.keys))
    if ticket is None:
        return None
    begun = act.uow.deregistrations.of_ticket(ticket.ticket_id)
    if begun is None or begun.holder_id != holder.holder_id:
        raise FormSent
    return Asked(begun, ticket, is_new=False)


def _tell(act: Act, holder: Holder, begun: Deregistration, ticket: Ticket) -> None:
    note_event(act, holder.holder_id, EventKind.DEREGISTRATION_ASKED, detail=f"ticket={ticket.number}")
    until = begun.cooling_until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    tell_holder(act, holder, Topic.DEREGISTRATION_ASKED, {"number": ticket.number, "until": until})


def _ticket_of(act: Act, running: Deregistration) -> Ticket:
    ticket = act.uow.tickets.get(running.ticket_id)
    if ticket is None:
        raise StateConflict
    return ticket
