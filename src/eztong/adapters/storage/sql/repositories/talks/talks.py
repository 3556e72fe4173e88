"""Talks with the service over SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.talks.talks import talk_steps, talks
from eztong.domain.damage import Listed
from eztong.domain.talks.talk import Move, Side, Talk, TalkStage, TalkStep, WhyFailed
from eztong.domain.working_days import DueDay
from eztong.ports.storage.talks.talks import TalkRepository

_INSERT = Statement(insert(talks).on_conflict_do_nothing(), keys=talks.columns.keys())
_GET = select_where(talks, "ticket_id")
_RUNNING = Statement(
    select(*as_bytes(talks.columns))
    .where(talks.c.ended_at.is_(None))
    .order_by(talks.c.opened_at, talks.c.ticket_id)
    .limit(bindparam("at_most"))
)
_MOVE = Statement(
    update(talks)
    .where(
        talks.c.ticket_id == bindparam("of_ticket"),
        talks.c.stage == bindparam("seen_stage"),
        func.coalesce(talks.c.proposal, "") == bindparam("seen_proposal"),
    )
    .values(
        stage=bindparam("to_stage"),
        proposal=bindparam("to_proposal"),
        proposed_at=bindparam("proposed"),
        answer_by_at=bindparam("answer_by"),
        is_answer_by_provisional=bindparam("provisional"),
        ended_at=bindparam("ended"),
        why_failed=bindparam("why"),
        draft=bindparam("to_draft"),
    )
)
_INSERT_STEP = insert_into(talk_steps)
_STEPS = Statement(
    select(talk_steps).where(talk_steps.c.ticket_id == bindparam("ticket_id")).order_by(talk_steps.c.step_id)
)


class SqlTalks(TalkRepository):
    """Talks over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, talk: Talk) -> bool:
        return self._db.run(_INSERT, _row(talk)) == 1

    @override
    def get(self, ticket_id: str) -> Talk | None:
        row = self._db.one(_GET, {"ticket_id": ticket_id})
        return None if row is None else _talk(row)

    @override
    def running(self, *, limit: int) -> Listed[Talk]:
        return listed(_talk, talks, self._db.all(_RUNNING, {"at_most": limit}))

    @override
    def move(self, seen: Talk, moved: Talk) -> bool:
        row = _row(moved)
        params = {
            "of_ticket": seen.ticket_id,
            "seen_stage": seen.stage.value,
            "seen_proposal": seen.proposal or "",
            "to_stage": row["stage"],
            "to_proposal": row["proposal"],
            "proposed": row["proposed_at"],
            "answer_by": row["answer_by_at"],
            "provisional": row["is_answer_by_provisional"],
            "ended": row["ended_at"],
            "why": row["why_failed"],
            "to_draft": row["draft"],
        }
        return self._db.run(_MOVE, params) == 1

    @override
    def add_step(self, step: TalkStep) -> None:
        self._db.run(
            _INSERT_STEP,
            {
                "ticket_id": step.ticket_id,
                "step_id": step.step_id,
                "move": step.move.value,
                "side": step.side.value,
                "at": to_ms(step.at),
                "message_id": step.message_id,
            },
        )

    @override
    def steps(self, ticket_id: str) -> Sequence[TalkStep]:
        return [_step(row) for row in self._db.all(_STEPS, {"ticket_id": ticket_id})]


def _row(talk: Talk) -> dict[str, object]:
    by = talk.answer_by
    return {
        "ticket_id": talk.ticket_id,
        "stage": talk.stage.value,
        "opened_at": to_ms(talk.opened_at),
        "proposal": talk.proposal,
        "proposed_at": to_ms_or_none(talk.proposed_at),
        "answer_by_at": None if by is None else to_ms(by.at),
        "is_answer_by_provisional": None if by is None else int(by.is_provisional),
        "ended_at": to_ms_or_none(talk.ended_at),
        "why_failed": None if talk.why_failed is None else talk.why_failed.value,
        "former": talk.former,
        "records": " ".join(talk.records),
        "draft": talk.draft,
    }


@reads(talks)
def _talk(row: Row) -> Talk:
    return Talk(
        ticket_id=row[0],
        stage=TalkStage(row[1]),
        opened_at=from_ms(row[2]),
        proposal=row[3],
        proposed_at=from_ms_or_none(row[4]),
        answer_by=None if row[5] is None else DueDay(from_ms(row[5]), row[6] is not None and flag_of(row[6])),
        ended_at=from_ms_or_none(row[7]),
        why_failed=None if row[8] is None else WhyFailed(row[8]),
        former=row[9],
        records=tuple(row[10].split()),
        draft=row[11],
    )


@reads(talk_steps)
def _step(row: Row) -> TalkStep:
    return TalkStep(
        ticket_id=row[0],
        step_id=row[1],
        move=Move(row[2]),
        side=Side(row[3]),
        at=from_ms(row[4]),
        message_id=row[5],
    )
