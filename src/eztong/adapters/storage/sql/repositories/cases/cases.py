"""Cases about misuse of accounts over SQL."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, func, null, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.cases.cases import case_evidence, case_steps, cases
from eztong.domain.cases.case import (
    Case,
    CaseEvidence,
    CaseMove,
    CaseReason,
    CaseState,
    CaseStep,
    EvidenceKind,
    Measure,
)
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.working_days import DueDay
from eztong.ports.storage.cases.cases import CaseRepository

_KEPT = ("case_id", "number", "holder_id", "opened_by", "opened_at")
_INSERT = Statement(insert(cases).on_conflict_do_nothing(), keys=cases.columns.keys())
_GET = select_where(cases, "case_id")
_BY_NUMBER = select_where(cases, "number")
_OF_HOLDER = Statement(
    select(cases).where(cases.c.holder_id == bindparam("holder_id")).order_by(cases.c.case_id.desc())
)
_WAITING = Statement(
    select(*as_bytes(cases.columns))
    .where(
        cases.c.over_at.is_(None),
        tuple_(cases.c.due_at, cases.c.case_id) > tuple_(bindparam("edge_at"), bindparam("edge_id")),
    )
    .order_by(cases.c.due_at, cases.c.case_id)
    .limit(bindparam("at_most"))
)
_MOVE = Statement(
    update(cases)
    .where(
        cases.c.case_id == bindparam("of_case"),
        cases.c.state == bindparam("seen_state"),
        func.coalesce(cases.c.proposal_id, "") == bindparam("seen_proposal"),
    )
    .values({name: bindparam(f"to_{name}") for name in cases.columns.keys() if name not in _KEPT})  # noqa: SIM118 - a mapping of columns
)
_END_SECRETS = Statement(update(cases).where(cases.c.holder_id == bindparam("of_holder")).values(secret_hash=null()))
_INSERT_STEP = insert_into(case_steps)
_STEPS = Statement(
    select(case_steps).where(case_steps.c.case_id == bindparam("case_id")).order_by(case_steps.c.step_id)
)
_INSERT_EVIDENCE = Statement(insert(case_evidence).on_conflict_do_nothing(), keys=case_evidence.columns.keys())
_EVIDENCE = Statement(
    select(case_evidence).where(case_evidence.c.case_id == bindparam("case_id")).order_by(case_evidence.c.evidence_id)
)
_BEFORE_ALL = (-(2**62), "")


class SqlCases(CaseRepository):
    """Cases over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, case: Case) -> bool:
        return self._db.run(_INSERT, _row(case)) == 1

    @override
    def get(self, case_id: str) -> Case | None:
        row = self._db.one(_GET, {"case_id": case_id})
        return None if row is None else _case(row)

    @override
    def of_holder(self, holder_id: HolderId) -> Sequence[Case]:
        return [_case(row) for row in self._db.all(_OF_HOLDER, {"holder_id": holder_id})]

    @override
    def by_number(self, number: str) -> Case | None:
        row = self._db.one(_BY_NUMBER, {"number": number})
        return None if row is None else _case(row)

    @override
    def waiting(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[Case]:
        edge_at, edge_id = after or _BEFORE_ALL
        return listed(_case, cases, self._db.all(_WAITING, {"edge_at": edge_at, "edge_id": edge_id, "at_most": limit}))

    @override
    def move(self, seen: Case, moved: Case) -> bool:
        values = {f"to_{name}": value for name, value in _row(moved).items() if name not in _KEPT}
        of = {"of_case": seen.case_id, "seen_state": seen.state.value, "seen_proposal": seen.proposal_id or ""}
        return self._db.run(_MOVE, {**of, **values}) == 1

    @override
    def end_secrets(self, holder_id: HolderId) -> None:
        self._db.run(_END_SECRETS, {"of_holder": holder_id})

    @override
    def add_step(self, step: CaseStep) -> None:
        self._db.run(
            _INSERT_STEP,
            {
                "case_id": step.case_id,
                "step_id": step.step_id,
                "holder_id": step.holder_id,
                "move": step.move.value,
                "operator": step.operator,
                "at": to_ms(step.at),
                "sealed_words": step.sealed_words,
            },
        )

    @override
    def steps(self, case_id: str) -> Sequence[CaseStep]:
        return [_step(row) for row in self._db.all(_STEPS, {"case_id": case_id})]

    @override
    def add_evidence(self, item: CaseEvidence) -> bool:
        row = {
            "case_id": item.case_id,
            "evidence_id": item.evidence_id,
            "holder_id": item.holder_id,
            "kind": item.kind.value,
            "added_by": item.added_by,
            "added_at": to_ms(item.added_at),
        }
        return self._db.run(_INSERT_EVIDENCE, row) == 1

    @override
    def evidence(self, case_id: str) -> Sequence[CaseEvidence]:
        return [_evidence(row) for row in self._db.all(_EVIDENCE, {"case_id": case_id})]


def _row(case: Case) -> dict[str, object]:
    until = case.appeal_until
    return {
        "case_id": case.case_id,
        "number": case.number,
        "holder_id": case.holder_id,
        "reason": case.reason.value,
        "state": case.state.value,
        "opened_by": case.opened_by,
        "opened_at": to_ms(case.opened_at),
        "due_at": to_ms(case.due.at),
        "is_due_provisional": int(case.due.is_provisional),
        "measure": None if case.measure is None else case.measure.value,
        "ceiling": None if case.ceiling is None else case.ceiling.value,
        "proposal_id": case.proposal_id,
        "proposed_by": case.proposed_by,
        "decided_by": case.decided_by,
        "decided_at": to_ms_or_none(case.decided_at),
        "appeal_until_at": None if until is None else to_ms(until.at),
        "is_appeal_provisional": None if until is None else int(until.is_provisional),
        "appealed_at": to_ms_or_none(case.appealed_at),
        "lifted_at": to_ms_or_none(case.lifted_at),
        "over_at": to_ms_or_none(case.over_at),
        "claim": case.claim,
        "secret_hash": case.secret_hash,
    }


def _day(moment: int | None, provisional: object) -> DueDay | None:
    return None if moment is None else DueDay(from_ms(moment), provisional is not None and flag_of(provisional))


@reads(cases)
def _case(row: Row) -> Case:
    return Case(
        case_id=row[0],
        number=row[1],
        holder_id=HolderId(row[2]),
        reason=CaseReason(row[3]),
        state=CaseState(row[4]),
        opened_by=row[5],
        opened_at=from_ms(row[6]),
        due=DueDay(from_ms(row[7]), flag_of(row[8])),
        measure=None if row[9] is None else Measure(row[9]),
        ceiling=None if row[10] is None else Ceiling(row[10]),
        proposal_id=row[11],
        proposed_by=row[12],
        decided_by=row[13],
        decided_at=from_ms_or_none(row[14]),
        appeal_until=_day(row[15], row[16]),
        appealed_at=from_ms_or_none(row[17]),
        lifted_at=from_ms_or_none(row[18]),
        over_at=from_ms_or_none(row[19]),
        claim=row[20],
        secret_hash=row[21],
    )


@reads(case_steps)
def _step(row: Row) -> CaseStep:
    return CaseStep(
        case_id=row[0],
        step_id=row[1],
        holder_id=HolderId(row[2]),
        move=CaseMove(row[3]),
        operator=row[4],
        at=from_ms(row[5]),
        sealed_words=row[6],
    )


@reads(case_evidence)
def _evidence(row: Row) -> CaseEvidence:
    return CaseEvidence(
        case_id=row[0],
        evidence_id=row[1],
        holder_id=HolderId(row[2]),
        kind=EvidenceKind(row[3]),
        added_by=row[4],
        added_at=from_ms(row[5]),
    )
