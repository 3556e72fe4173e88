"""Undo a deregistration that cools: the account is exactly as it was before (clause 2.13). Who may is found before."""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationOver, UndoneBy
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import TicketState
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def undo_leaving(act: Act, holder: Holder, running: Deregistration, by: UndoneBy) -> Holder:
    """Undo it, close its ticket and tell the holder; return the account as it stands then.

    Raises:
        DeregistrationOver: it cannot be undone any more.
        StateConflict: the account was changed meanwhile.
    """
    running.check_may_be_undone()
    staying = holder.staying()
    if not act.uow.deregistrations.cancel(running, by, now=act.now):
        raise DeregistrationOver
    if not act.uow.holders.move(holder, staying):
        raise StateConflict
    ticket = act.uow.tickets.get(running.ticket_id)
    number = "" if ticket is None else ticket.number
    act.uow.tickets.answer(running.ticket_id, TicketState.CLOSED, now=act.now)
    note_event(act, holder.holder_id, EventKind.DEREGISTRATION_UNDONE, detail=f"ticket={number} by={by}")
    tell_holder(act, staying, Topic.DEREGISTRATION_UNDONE, {"number": number})
    return staying


def undo_if_leaving(act: Act, holder: Holder, by: UndoneBy) -> Holder:
    """Undo what may be undone, if anything; return the account as it stands then.

    One whose erasure was begun goes on: it can be stopped by nobody.
    """
    running = act.uow.deregistrations.running(holder.holder_id) if holder.is_leaving else None
    if running is None or not running.may_be_undone:
        return holder
    return undo_leaving(act, holder, running, by)
