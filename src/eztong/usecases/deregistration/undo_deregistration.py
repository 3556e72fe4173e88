"""Undo a deregistration while it cools: the account is exactly as it was before, with the cause of whatever stopped it.

Whoever asked undoes it from the session, or with number and secret. A loss or theft that is told undoes it as well:
somebody else may have asked.
"""

from __future__ import annotations

from eztong.domain.deregistration.deregistration import Deregistration, DeregistrationOver, UndoneBy
from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import TicketState
from eztong.domain.holder import Holder
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_unlocked
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def undo_from_session(act: Act, session_hash: bytes) -> Holder:
    """Undo the deregistration of the session's account; return the account as it stands then.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
        DeregistrationOver: there is none that can be undone.
    """
    holder = find_unlocked(session_hash, stored=act.uow, now=act.now).holder
    running = act.uow.deregistrations.running(holder.holder_id)
    if running is None:
        raise DeregistrationOver
    return _undo(act, holder, running, UndoneBy.SESSION)


def undo_with_secret(act: Act, proof: TicketProof) -> Holder:
    """Undo the deregistration of the ticket that number and secret open.

    Raises:
        TicketUnknown: they open none.
        DeregistrationOver: it cannot be undone any more.
    """
    ticket = find_ticket(proof, stored=act.uow, keys=act.keys, now=act.now)
    running = act.uow.deregistrations.of_ticket(ticket.ticket_id)
    holder = None if running is None else act.uow.holders.get(running.holder_id)
    if running is None or holder is None:
        raise DeregistrationOver
    return _undo(act, holder, running, UndoneBy.SECRET)


def undo_for_loss(act: Act, holder: Holder) -> Holder:
    """Undo what may be undone of an account whose holder tells a loss or theft; return the account as it stands then.

    One whose cooling is over goes on: it can be stopped by nobody.
    """
    running = act.uow.deregistrations.running(holder.holder_id) if holder.is_leaving else None
    if running is None or not running.may_be_undone(now=act.now):
        return holder
    return _undo(act, holder, running, UndoneBy.LOSS)


def _undo(act: Act, holder: Holder, running: Deregistration, by: UndoneBy) -> Holder:
    running.check_may_be_undone(now=act.now)
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
