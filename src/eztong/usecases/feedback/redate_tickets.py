"""Count again the days that were provisional, once the working days of their year are known (5.1)."""

from __future__ import annotations

from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.apart import DATES, readable_of


def redate_tickets(act: Act, *, calendar: WorkCalendar) -> int:
    """Give every open ticket whose day is provisional the day that ``calendar`` says; return how many changed.

    One that cannot be read keeps its day and no other ticket; it is counted.
    """
    changed = 0
    for ticket in readable_of(act, DATES, act.uow.tickets.provisional()):
        due = calendar.due_after(ticket.asked_at, ANSWER_WITHIN)
        if due != ticket.due:
            changed += act.uow.tickets.redate(ticket.ticket_id, due, asked_at=ticket.asked_at)
    return changed
