"""Applications that wait for a person, over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import and_, bindparam, delete, func, literal_column, or_, select
from typing_extensions import override

from eztong.adapters.storage.sql.account_names import account_name_of
from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.repositories.holders import holder_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.adapters.storage.sql.tables.operators.applications import application_steps
from eztong.domain.damage import Listed
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.registration import ApplicationStep, StepKind
from eztong.domain.working_days import DueDay
from eztong.ports.storage.operators.applications import UNDATED, ApplicationRepository, WaitingApplication

_ADD = insert_into(application_steps)
_STEPS = Statement(
    select(application_steps)
    .where(application_steps.c.holder_id == bindparam("holder_id"))
    .order_by(application_steps.c.step_id)
)
_ERASE = Statement(delete(application_steps).where(application_steps.c.holder_id == bindparam("of_holder")))
# Written out, so that the indexes on applications of these states serve.
_WAITING = Statement(
    select(*as_bytes(holders.columns))
    .where(holders.c.state == literal_column("'under_review'"))
    .order_by(holders.c.holder_id)
    .limit(bindparam("at_most"))
)
_DUE: Final = (
    select(func.max(application_steps.c.due_at))
    .where(application_steps.c.holder_id == holders.c.holder_id)
    .scalar_subquery()
)
_PLACED: Final = (
    select(holders.c.holder_id.label("one"), func.coalesce(_DUE, holders.c.created_at + UNDATED).label("place"))
    .where(holders.c.state == literal_column("'under_review'"))
    .subquery()
)
_QUEUE = Statement(
    select(*as_bytes(holders.columns), _PLACED.c.place)
    .select_from(_PLACED.join(holders, holders.c.holder_id == _PLACED.c.one))
    .where(
        or_(
            _PLACED.c.place > bindparam("edge_at"),
            and_(_PLACED.c.place == bindparam("edge_at"), _PLACED.c.one > bindparam("edge_id")),
        )
    )
    .order_by(_PLACED.c.place, _PLACED.c.one)
    .limit(bindparam("at_most"))
)
_WAITING_WITH = Statement(
    select(*as_bytes([holders.c.holder_id]))
    .where(holders.c.number_index == bindparam("number_index"), holders.c.state == literal_column("'under_review'"))
    .order_by(holders.c.created_at, holders.c.holder_id)
    .limit(bindparam("at_most"))
)
_BEFORE_ALL: Final = (-(2**62), "")
_ASKED_AFTER = Statement(
    select(*as_bytes([holders.c.holder_id]))
    .where(holders.c.holder_id > bindparam("after"), holders.c.state == literal_column("'supplement_needed'"))
    .order_by(holders.c.holder_id)
    .limit(bindparam("at_most"))
)


class SqlApplications(ApplicationRepository):
    """Steps in applications over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, step: ApplicationStep) -> None:
        self._db.run(
            _ADD,
            {
                "holder_id": step.holder_id,
                "step_id": step.step_id,
                "kind": step.kind.value,
                "rules": step.rules,
                "operator": step.operator,
                "at": to_ms(step.at),
                "due_at": to_ms_or_none(None if step.due is None else step.due.at),
                "is_due_provisional": int(step.due is not None and step.due.is_provisional),
                "sealed_words": step.sealed_words,
            },
        )

    @override
    def steps(self, holder_id: HolderId) -> Sequence[ApplicationStep]:
        return [_step(row) for row in self._db.all(_STEPS, {"holder_id": holder_id})]

    @override
    def erase(self, holder_id: HolderId) -> None:
        self._db.run(_ERASE, {"of_holder": holder_id})

    @override
    def asked_after(self, holder_id: HolderId, *, limit: int) -> Listed[HolderId]:
        return Listed(self._db.all(_ASKED_AFTER, {"after": holder_id, "at_most": limit})).each(account_name_of)

    @override
    def queue(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[WaitingApplication]:
        edge_at, edge_id = after or _BEFORE_ALL
        rows = self._db.all(_QUEUE, {"edge_at": edge_at, "edge_id": edge_id, "at_most": limit})
        places = dict(map(_place, rows))
        found = listed(holder_of, holders, list(map(_without_place, rows)))
        return found.each(lambda one: WaitingApplication(one, places[one.holder_id.encode()]))

    @override
    def waiting_with(self, number_index: bytes, *, limit: int) -> Listed[HolderId]:
        params = {"number_index": number_index, "at_most": limit}
        return Listed(self._db.all(_WAITING_WITH, params)).each(account_name_of)

    @override
    def waiting(self, *, limit: int) -> Listed[Holder]:
        return listed(holder_of, holders, self._db.all(_WAITING, {"at_most": limit}))


@reads(holders)
def _place(row: Row) -> tuple[bytes, int]:
    return bytes(row[0]), int(row[-1])


@reads(holders)
def _without_place(row: Row) -> Row:
    return row[:-1]


@reads(application_steps)
def _step(row: Row) -> ApplicationStep:
    return ApplicationStep(
        holder_id=HolderId(row[0]),
        step_id=row[1],
        kind=StepKind(row[2]),
        rules=row[3],
        operator=row[4],
        at=from_ms(row[5]),
        due=None if row[6] is None else DueDay(from_ms(row[6]), flag_of(row[7])),
        sealed_words=row[8],
    )
