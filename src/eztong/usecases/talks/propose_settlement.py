"""The service proposes a settlement, or declares that the talks failed: always an operator, never about themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import Author, Ticket, TicketState
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.operators.operator import Operator, OperatorRole
from eztong.domain.talks.talk import (
    MAX_PROPOSALS,
    STANDS_FOR,
    Move,
    ProposalsFull,
    Side,
    Talk,
    TalkUnknown,
    WhyFailed,
)
from eztong.domain.working_days import DueDay, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.talks.move_talk import Taken, attest_step, fail_talk, move_talk, talk_of, tell_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSays:
    """What the operator who acts says for the service in the talks of ``number``."""

    number: str
    words: str = field(repr=False)


def propose_settlement(act: Act, command: ServiceSays, *, calendar: WorkCalendar) -> Talk:
    """Store a proposal, which binds the service once it is accepted, and say until when it stands.

    1. The operator has the role ``legal``, and the matter is not their own.
    2. The words are sealed like what was asked; a proposal that stands is replaced.
    3. It stands for :data:`~eztong.domain.talks.talk.STANDS_FOR` working days; a job wakes then.
    4. The act is attested, and the holder is told.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        TalkUnknown: no talks under this number.
        TalkEnded: they have ended.
        ProposalsFull: there are as many proposals as there may be.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile.
    """
    operator, ticket, talk = _for_service(act, command.number)
    stage = talk.after(Move.PROPOSED)
    if sum(one.move is Move.PROPOSED for one in act.uow.talks.steps(ticket.ticket_id)) >= MAX_PROPOSALS:
        raise ProposalsFull
    message_id = add_words(act, ticket, command.words, author=Author.STAFF, operator=operator.name)
    by = calendar.due_after(act.now, STANDS_FOR)
    moved = replace(talk, stage=stage, proposal=message_id, proposed_at=act.now, answer_by=by)
    move_talk(act, talk, moved, Taken(move=Move.PROPOSED, side=Side.SERVICE, message_id=message_id))
    act.uow.tickets.answer(ticket.ticket_id, TicketState.ANSWERED, now=act.now)
    wake_at_end(act, moved, by, holder_id=ticket.holder_id)
    attest_step(act, ticket, ActKind.TALK_PROPOSED, {"proposal": message_id}, reason=command.words)
    tell_stage(act, ticket, moved)
    return moved


def declare_failed(act: Act, command: ServiceSays) -> Talk:
    """End talks for the service, with its reason.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        TalkUnknown: no talks under this number.
        TalkEnded: they have ended.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile.
    """
    operator, ticket, talk = _for_service(act, command.number)
    talk.after(Move.FAILED)
    message_id = add_words(act, ticket, command.words, author=Author.STAFF, operator=operator.name)
    step = Taken(move=Move.FAILED, side=Side.SERVICE, message_id=message_id)
    return fail_talk(act, ticket, talk, why=WhyFailed.SERVICE, step=step, reason=command.words)


def wake_at_end(act: Act, talk: Talk, by: DueDay, *, holder_id: HolderId | None) -> None:
    """Queue the job that ends the talks if the proposal is not answered."""
    act.uow.jobs.add(
        Job(
            job_id=new_id(act, "job"),
            kind=JobKind.TALK,
            # Of a proposal that was replaced the job finds another one, and does nothing.
            key=f"{talk.ticket_id}/{talk.proposal}",
            holder_id=holder_id,
            created_at=act.now,
            next_attempt_at=by.next_look(act.now),
        )
    )


def _for_service(act: Act, number: str) -> tuple[Operator, Ticket, Talk]:
    operator = check_operator(act, OperatorRole.LEGAL)
    ticket = act.uow.tickets.by_number(number)
    if ticket is None:
        raise TalkUnknown
    check_about_another(operator, ticket.holder_id, stored=act.uow)
    return operator, ticket, talk_of(ticket, stored=act.uow)
