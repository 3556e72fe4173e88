"""One value of each kind of talks: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from eztong.domain.talks.talk import Move, Side, Talk, TalkStage, TalkStep, WhyFailed
from eztong.domain.working_days import DueDay
from tests.contract.storage.stage import at, make, verification_id


def talk(number: int = 1, *, full: bool = False) -> Talk:
    if not full:
        return Talk(ticket_id=make("tkt", number), stage=TalkStage.OPEN, opened_at=at(number))
    return Talk(
        ticket_id=make("tkt", number),
        stage=TalkStage.FAILED,
        opened_at=at(number),
        proposal=make("tms", number),
        proposed_at=at(number + 1),
        answer_by=DueDay(at(number + 900), is_provisional=True),
        ended_at=at(number + 901),
        why_failed=WhyFailed.SILENCE,
        former="4821093755",
        records=(verification_id(1), verification_id(2)),
        draft=b"\x00words",
    )


def step(number: int = 1, *, full: bool = False, of_ticket: int = 1) -> TalkStep:
    return TalkStep(
        ticket_id=make("tkt", of_ticket),
        step_id=make("stp", number),
        move=Move.PROPOSED if full else Move.OPENED,
        side=Side.SERVICE if full else Side.ASKER,
        at=at(number),
        message_id=make("tms", number) if full else None,
    )
