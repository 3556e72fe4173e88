"""Whoever asked answers in talks: accepts what stands, says something else, or declares that they failed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import MAX_MESSAGES, Author, Ticket, TicketFull
from eztong.domain.talks.talk import Move, Side, Talk, TalkStage, WhyFailed
from eztong.domain.working_days import ANSWER_WITHIN, WorkCalendar
from eztong.ports.act import Act
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket, find_to_decide
from eztong.usecases.feedback.sealed_words import add_words, open_words
from eztong.usecases.note_event import note_event
from eztong.usecases.talks.move_talk import Taken, attest_step, fail_talk, move_talk, talk_of, tell_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptProposal:
    """The asker accepts the proposal that was read."""

    proof: TicketProof
    proposal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskerSays:
    """The asker writes. ``proposal`` is the one that stood when the form was shown, if one did."""

    proof: TicketProof
    words: str = field(repr=False)
    proposal: str | None = None


def accept_proposal(act: Act, command: AcceptProposal) -> Talk:
    """Settle the matter as the service proposed.

    1. The proof opens the ticket, of an account in its unlocked session; the proposal is the one that stands.
    2. The ticket is closed, and the settlement attested: which proposal was accepted, with a salted commitment to it.
    3. The holder is told.

    Raises:
        TicketUnknown, SessionMissing, HolderNotActive, DeviceNotBound, Locked: the proof does not suffice.
        TalkUnknown: it is about something else.
        TalkEnded, NothingProposed, ProposalReplaced, ProposalOver: there is nothing to accept, or something newer.
        StateConflict: the talks moved meanwhile.
    """
    ticket, talk = _found_to_decide(act, command.proof)
    if talk.stage is TalkStage.SETTLED and talk.proposal == command.proposal:
        # The same form, sent twice.
        return talk
    talk.check_answer(command.proposal, now=act.now)
    moved = replace(talk, stage=talk.after(Move.ACCEPTED), ended_at=act.now, draft=None)
    move_talk(act, talk, moved, Taken(move=Move.ACCEPTED, side=Side.ASKER))
    act.uow.tickets.close(ticket.ticket_id, now=act.now)
    said = open_words(ticket, stored=act.uow, keys=act.keys)
    words = next((one.text for one in said if one.message_id == talk.proposal), None)
    attest_step(act, ticket, ActKind.TALK_SETTLED, {"proposal": command.proposal}, reason=words)
    tell_stage(act, ticket, moved)
    return moved


def say_in_talk(act: Act, command: AskerSays, *, calendar: WorkCalendar) -> Talk:
    """Store what the asker says: an answer to the proposal that stands, or more while none does.

    1. Words while it is the service's turn are added, and its day stays.
    2. An answer to a proposal makes it the service's turn again, for a period of its own.

    Raises:
        TicketUnknown, SessionMissing, HolderNotActive, DeviceNotBound: the proof opens nothing.
        TalkUnknown: it is about something else.
        TalkEnded, ProposalReplaced, ProposalOver: it is too late for that.
        TicketFull: there are as many messages as there may be.
        HolderErased: the account that asked was erased.
        StateConflict: the talks moved meanwhile.
    """
    ticket, talk = _found(act, command.proof)
    if talk.stage is not TalkStage.OPEN:
        talk.check_answer(command.proposal or "", now=act.now)
    if len(act.uow.tickets.messages(ticket.ticket_id)) >= MAX_MESSAGES:
        raise TicketFull
    message_id = add_words(act, ticket, command.words, author=Author.ASKER)
    if talk.stage is TalkStage.OPEN:
        return talk
    moved = replace(talk, stage=talk.after(Move.COUNTERED))
    move_talk(act, talk, moved, Taken(move=Move.COUNTERED, side=Side.ASKER, message_id=message_id))
    act.uow.tickets.reopen(ticket.ticket_id, calendar.due_after(act.now, ANSWER_WITHIN), asked_at=act.now)
    if ticket.holder_id is not None:
        note_event(act, ticket.holder_id, EventKind.TALK_ANSWERED, detail=f"ticket={ticket.number}")
    return moved


def give_up(act: Act, command: AskerSays) -> Talk:
    """End talks for the asker, who need not say why; nobody is held in them.

    Raises:
        TicketUnknown, SessionMissing, HolderNotActive, DeviceNotBound, Locked: the proof does not suffice.
        TalkUnknown: it is about something else.
        TalkEnded: they have ended otherwise.
        HolderErased: the account that asked was erased.
        StateConflict: they moved meanwhile.
    """
    ticket, talk = _found_to_decide(act, command.proof)
    if talk.why_failed is WhyFailed.ASKER:
        # The same form, sent twice.
        return talk
    talk.after(Move.FAILED)
    message_id = add_words(act, ticket, command.words, author=Author.ASKER) if command.words else None
    step = Taken(move=Move.FAILED, side=Side.ASKER, message_id=message_id)
    return fail_talk(act, ticket, talk, why=WhyFailed.ASKER, step=step, reason=command.words or None)


def _found(act: Act, proof: TicketProof) -> tuple[Ticket, Talk]:
    ticket = find_ticket(proof, stored=act.uow, keys=act.keys, now=act.now)
    return ticket, talk_of(ticket, stored=act.uow)


def _found_to_decide(act: Act, proof: TicketProof) -> tuple[Ticket, Talk]:
    ticket = find_to_decide(proof, stored=act.uow, keys=act.keys, now=act.now)
    return ticket, talk_of(ticket, stored=act.uow)
