"""Talks go from stage to stage, and every move that is not on the way has its own reason (clause 5.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.errors import EztongError, InputInvalid
from eztong.domain.talks.talk import (
    MAX_RECORDS,
    Move,
    NothingProposed,
    ProposalOver,
    ProposalReplaced,
    Talk,
    TalkEnded,
    TalkStage,
    TooManyRecords,
    WhyFailed,
    parse_records,
)
from eztong.domain.working_days import DueDay

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
END = NOW + timedelta(days=21)
RECORD = "ver_01K0000000000000000000000"


def record(number: int) -> str:
    return f"{RECORD}{number}"


def talk(stage: TalkStage, *, provisional: bool = False) -> Talk:
    opened = Talk(ticket_id="tkt_1", stage=stage, opened_at=NOW)
    if stage is TalkStage.OPEN:
        return opened
    return replace(opened, proposal="tms_1", proposed_at=NOW, answer_by=DueDay(END, provisional))


@pytest.mark.parametrize("stage", TalkStage)
@pytest.mark.parametrize("move", Move)
def test_every_move_at_every_stage_leads_on_or_says_why_not(stage: TalkStage, move: Move) -> None:
    allowed = {
        (TalkStage.OPEN, Move.PROPOSED): TalkStage.PROPOSED,
        (TalkStage.OPEN, Move.FAILED): TalkStage.FAILED,
        (TalkStage.PROPOSED, Move.PROPOSED): TalkStage.PROPOSED,
        (TalkStage.PROPOSED, Move.COUNTERED): TalkStage.OPEN,
        (TalkStage.PROPOSED, Move.ACCEPTED): TalkStage.SETTLED,
        (TalkStage.PROPOSED, Move.FAILED): TalkStage.FAILED,
    }
    if (stage, move) in allowed:
        assert talk(stage).after(move) is allowed[stage, move]
        return
    with pytest.raises(TalkEnded if stage in {TalkStage.SETTLED, TalkStage.FAILED} else NothingProposed):
        talk(stage).after(move)


@pytest.mark.parametrize("stage", TalkStage)
def test_what_has_ended_is_settled_or_failed(stage: TalkStage) -> None:
    assert talk(stage).has_ended is (stage in {TalkStage.SETTLED, TalkStage.FAILED})


@pytest.mark.parametrize(
    ("proposal", "after", "provisional", "expected"),
    [
        ("tms_1", timedelta(0), False, None),
        ("tms_1", timedelta(seconds=1), False, ProposalOver),
        ("tms_1", timedelta(seconds=1), True, None),
        ("tms_2", timedelta(0), False, ProposalReplaced),
        ("", timedelta(0), False, ProposalReplaced),
    ],
)
def test_only_the_proposal_that_stands_is_answered_and_in_its_time(
    proposal: str, after: timedelta, provisional: bool, expected: type[EztongError] | None
) -> None:
    standing = talk(TalkStage.PROPOSED, provisional=provisional)
    if expected is None:
        standing.check_answer(proposal, now=END + after)
        return
    with pytest.raises(expected):
        standing.check_answer(proposal, now=END + after)


def test_nothing_that_does_not_stand_is_answered() -> None:
    with pytest.raises(NothingProposed):
        talk(TalkStage.OPEN).check_answer("tms_1", now=NOW)
    with pytest.raises(TalkEnded):
        talk(TalkStage.SETTLED).check_answer("tms_1", now=NOW)


def test_the_way_ends_with_what_became_of_it() -> None:
    failed = replace(talk(TalkStage.FAILED), why_failed=WhyFailed.SILENCE)
    assert failed.order == (TalkStage.OPEN, TalkStage.PROPOSED, TalkStage.FAILED)
    assert replace(failed, proposal=None).order == (TalkStage.OPEN, TalkStage.FAILED)
    for stage in (TalkStage.OPEN, TalkStage.PROPOSED, TalkStage.SETTLED):
        assert talk(stage).order == (TalkStage.OPEN, TalkStage.PROPOSED, TalkStage.SETTLED)


def test_records_are_taken_once_each_and_few() -> None:
    assert parse_records(["", record(1), record(2), record(1)]) == (record(1), record(2))
    assert parse_records([]) == ()
    with pytest.raises(TooManyRecords):
        parse_records([record(n) for n in range(MAX_RECORDS + 1)])
    for wrong in ("tkt_01K00000000000000000000001", "ver_1", record(1) + " "):
        with pytest.raises(InputInvalid):
            parse_records([wrong])
