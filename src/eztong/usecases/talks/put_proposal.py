"""Put a proposal of the service before whoever asked: from now on it stands, and a job waits for its end."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import Author, Ticket, TicketState
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.talks.talk import MAX_PROPOSALS, STANDS_FOR, Move, ProposalsFull, Side, Talk
from eztong.domain.working_days import DueDay, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.sealed_words import add_words
from eztong.usecases.naming import new_id
from eztong.usecases.talks.move_talk import Taken, attest_step, move_talk, tell_stage


def check_room(act: Act, talk: Talk) -> None:
    """Refuse a proposal in talks that cannot have one more.

    Raises:
        TalkEnded: they have ended.
        ProposalsFull: there are as many proposals as there may be.
    """
    talk.after(Move.PROPOSED)
    if sum(one.move is Move.PROPOSED for one in act.uow.talks.steps(talk.ticket_id)) >= MAX_PROPOSALS:
        raise ProposalsFull


def put_proposal(act: Act, ticket: Ticket, talk: Talk, words: str, *, operator: str, calendar: WorkCalendar) -> Talk:
    """Store the words of ``operator`` as the proposal that stands; return the talks as they are then.

    Raises:
        TalkEnded, ProposalsFull: there is no room for one.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile.
    """
    check_room(act, talk)
    message_id = add_words(act, ticket, words, author=Author.STAFF, operator=operator)
    by = calendar.due_after(act.now, STANDS_FOR)
    moved = replace(
        talk, stage=talk.after(Move.PROPOSED), proposal=message_id, proposed_at=act.now, answer_by=by, draft=None
    )
    move_talk(act, talk, moved, Taken(move=Move.PROPOSED, side=Side.SERVICE, message_id=message_id))
    act.uow.tickets.answer(ticket.ticket_id, TicketState.ANSWERED, now=act.now)
    wake_at_end(act, moved, by, holder_id=ticket.holder_id)
    attest_step(act, ticket, ActKind.TALK_PROPOSED, {"proposal": message_id}, reason=words)
    tell_stage(act, ticket, moved)
    return moved


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
