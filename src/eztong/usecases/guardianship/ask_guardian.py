"""Ask a declared guardian for something more before it is decided: in a ticket that staff begin."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import HolderErased
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import Author, Ticket, TicketKind, TicketState, parse_words
from eztong.domain.notices import Topic
from eztong.domain.operators.permission import Permission
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.open_ticket import add_ticket
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.guardianship.decide_relation import find_declared
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.operators.check_operator import check_about_another, check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGuardian:
    """What is asked, in words that the guardian reads."""

    guardianship_id: str
    words: str = field(repr=False)


def ask_guardian(act: Act, command: AskGuardian, *, calendar: WorkCalendar) -> Ticket:
    """Ask the guardian, who is told and answers under Feedback; the guardianship goes on waiting.

    1. The operator may decide it, and is neither ward nor guardian.
    2. The question is the first word of a ticket of the guardian's, which waits for staff once there is an answer.

    Raises:
        WordsMissing, WordsTooLong: the question.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound, GuardianshipDecided: it waits for no decision.
        HolderErased: the guardian's account is gone.
    """
    words = parse_words(command.words)
    operator = check_operator(act, Permission.GUARDIANSHIPS_DECIDE, command.guardianship_id)
    declared = find_declared(act, command.guardianship_id)
    for one in (declared.ward_id, declared.guardian_id):
        check_about_another(operator, one, stored=act.uow)
    guardian = None if declared.guardian_id is None else act.uow.holders.get(declared.guardian_id)
    if guardian is None:
        raise HolderErased
    ticket = add_ticket(act, TicketKind.QUESTION, guardian.holder_id, calendar=calendar)
    add_words(act, ticket, words, author=Author.STAFF, operator=operator.name)
    act.uow.tickets.answer(ticket.ticket_id, TicketState.ANSWERED, now=act.now)
    note_event(act, guardian.holder_id, EventKind.TICKET_ANSWERED, detail=f"ticket={ticket.number}")
    tell_holder(act, guardian, Topic.TICKET_ANSWERED, {"number": ticket.number})
    return ticket
