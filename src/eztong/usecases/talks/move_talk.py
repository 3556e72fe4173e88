"""Take a step in talks: the row moves by one conditional change, the step is written down, and the holder is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from eztong.domain.errors import StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.feedback.ticket import Ticket
from eztong.domain.notices import Topic
from eztong.domain.talks.talk import Move, Side, Talk, TalkStage, TalkStep, TalkUnknown, WhyFailed
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import TELLING
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a side does. ``message_id`` names the words that go with it."""

    move: Move
    side: Side
    message_id: str | None = None


def talk_of(ticket: Ticket, *, stored: Repositories) -> Talk:
    """Return the talks of a ticket.

    Raises:
        TalkUnknown: it is about something else.
    """
    talk = stored.talks.get(ticket.ticket_id)
    if talk is None:
        raise TalkUnknown
    return talk


def move_talk(act: Act, seen: Talk, moved: Talk, step: Taken) -> Talk:
    """Write that the talks moved from where they were seen, and which step moved them.

    Raises:
        StateConflict: they moved meanwhile.
    """
    if not act.uow.talks.move(seen, moved):
        raise StateConflict("These talks went on meanwhile. Look again.")
    note_step(act, moved, step)
    return moved


def note_step(act: Act, talk: Talk, step: Taken) -> None:
    """Write a step down."""
    act.uow.talks.add_step(
        TalkStep(
            ticket_id=talk.ticket_id,
            step_id=new_id(act, "tlk"),
            move=step.move,
            side=step.side,
            at=act.now,
            message_id=step.message_id,
        )
    )


def fail_talk(act: Act, ticket: Ticket, talk: Talk, *, why: WhyFailed, step: Taken, reason: str | None = None) -> Talk:
    """End talks without a settlement: the act is attested, the ticket is closed, and the holder is told.

    Raises:
        TalkEnded: they have ended.
        StateConflict: they moved meanwhile.
    """
    moved = replace(talk, stage=talk.after(Move.FAILED), ended_at=act.now, why_failed=why, draft=None)
    move_talk(act, talk, moved, step)
    act.uow.tickets.close(ticket.ticket_id, now=act.now)
    attest_step(act, ticket, ActKind.TALK_FAILED, {"why": why.value}, reason=reason)
    tell_stage(act, ticket, moved, detail=f"why={why}")
    return moved


def attest_step(act: Act, ticket: Ticket, kind: ActKind, facts: dict[str, str], *, reason: str | None) -> None:
    """Attest a step that has weight; of the words that went with it only a salted commitment is signed."""
    done = WhatWasDone(kind=kind, subject=ticket.ticket_id, facts=facts, holder_id=ticket.holder_id, reason=reason)
    attest_act(act, done)


_EVENTS: Final[Mapping[TalkStage, EventKind]] = {
    TalkStage.PROPOSED: EventKind.TALK_PROPOSED,
    TalkStage.SETTLED: EventKind.TALK_SETTLED,
    TalkStage.FAILED: EventKind.TALK_FAILED,
}
_TOPICS: Final[Mapping[TalkStage, Topic]] = {
    TalkStage.PROPOSED: Topic.TALK_PROPOSED,
    TalkStage.SETTLED: Topic.TALK_SETTLED,
    TalkStage.FAILED: Topic.TALK_FAILED,
}


def tell_stage(act: Act, ticket: Ticket, talk: Talk, *, detail: str = "") -> None:
    """Note in the account's history that talks reached a stage, and tell its holder, without a word of them."""
    act.uow.apart(TELLING, lambda: _tell_stage(act, ticket, talk, detail=detail))


def _tell_stage(act: Act, ticket: Ticket, talk: Talk, *, detail: str) -> None:
    holder = None if ticket.holder_id is None else act.uow.holders.get(ticket.holder_id)
    if holder is None or holder.is_erased:
        return
    said = " ".join(filter(None, (f"ticket={ticket.number}", detail)))
    note_event(act, holder.holder_id, _EVENTS[talk.stage], detail=said)
    tell_holder(act, holder, _TOPICS[talk.stage], {"number": ticket.number})
