"""Applications of organisations over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.partners.applications import partner_applications, partner_steps
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.application import (
    ApplicantState,
    ApplicantStep,
    ApplicantStepKind,
    PartnerApplication,
    ReviewItem,
)
from eztong.domain.partners.application_document import read_wanted, render_wanted
from eztong.ports.storage.partners.applications import PartnerApplicationRepository

_ADD: Final = Statement(insert(partner_applications).on_conflict_do_nothing(), keys=partner_applications.columns.keys())
_GET: Final = select_where(partner_applications, "application_id")
_OF_PARTNER: Final = Statement(
    select(partner_applications)
    .where(partner_applications.c.partner_id == bindparam("partner_id"))
    .order_by(partner_applications.c.application_id.desc())
)
_OF_CODE: Final = Statement(
    select(partner_applications)
    .where(partner_applications.c.credit_code == bindparam("credit_code"))
    .order_by(partner_applications.c.application_id.desc())
    .limit(bindparam("at_most"))
)
_BY_RECEIPT: Final = select_where(partner_applications, "receipt_hash")
_WAITING: Final = Statement(
    select(*as_bytes(partner_applications.columns))
    .where(partner_applications.c.ended_at.is_(None))
    .order_by(partner_applications.c.application_id)
    .limit(bindparam("at_most"))
)
_NEWEST: Final = Statement(
    select(*as_bytes(partner_applications.columns))
    .order_by(partner_applications.c.application_id.desc())
    .limit(bindparam("at_most"))
)
_MOVE: Final = Statement(
    update(partner_applications)
    .where(
        partner_applications.c.application_id == bindparam("of_application"),
        partner_applications.c.state == bindparam("expected"),
    )
    .values(
        state=bindparam("to_state"),
        credit_code=bindparam("to_code"),
        document=bindparam("to_document"),
        sealed_contact=bindparam("to_contact"),
        ended_at=bindparam("to_end"),
    )
)
_CLOSE: Final = Statement(
    update(partner_applications)
    .where(
        partner_applications.c.partner_id == bindparam("of_partner"),
        partner_applications.c.state == bindparam("expected"),
    )
    .values(state=bindparam("to_state"), ended_at=bindparam("now"))
)
_ADD_STEP: Final = insert_into(partner_steps)
_STEPS: Final = Statement(
    select(partner_steps)
    .where(partner_steps.c.application_id == bindparam("application_id"))
    .order_by(partner_steps.c.step_id)
)


class SqlPartnerApplications(PartnerApplicationRepository):
    """Applications of organisations over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, application: PartnerApplication) -> bool:
        row = {
            "application_id": application.application_id,
            "partner_id": application.partner_id,
            "state": application.state.value,
            "credit_code": application.credit_code,
            "document": render_wanted(application.wanted),
            "sealed_contact": application.sealed_contact,
            "applied_at": to_ms(application.applied_at),
            "ended_at": to_ms_or_none(application.ended_at),
            "receipt_hash": application.receipt_hash,
        }
        return self._db.run(_ADD, row) == 1

    @override
    def get(self, application_id: str) -> PartnerApplication | None:
        row = self._db.one(_GET, {"application_id": application_id})
        return None if row is None else _application(row)

    @override
    def by_receipt(self, receipt_hash: bytes) -> PartnerApplication | None:
        row = self._db.one(_BY_RECEIPT, {"receipt_hash": receipt_hash})
        return None if row is None else _application(row)

    @override
    def of_credit_code(self, credit_code: str, *, limit: int) -> Sequence[PartnerApplication]:
        return [_application(row) for row in self._db.all(_OF_CODE, {"credit_code": credit_code, "at_most": limit})]

    @override
    def of_partner(self, partner_id: PartnerId) -> Sequence[PartnerApplication]:
        return [_application(row) for row in self._db.all(_OF_PARTNER, {"partner_id": partner_id})]

    @override
    def waiting(self, *, limit: int) -> Listed[PartnerApplication]:
        return listed(_application, partner_applications, self._db.all(_WAITING, {"at_most": limit}))

    @override
    def list(self, *, limit: int) -> Listed[PartnerApplication]:
        return listed(_application, partner_applications, self._db.all(_NEWEST, {"at_most": limit}))

    @override
    def move(self, application: PartnerApplication, *, expected: ApplicantState) -> bool:
        params: dict[str, Any] = {
            "of_application": application.application_id,
            "expected": expected.value,
            "to_state": application.state.value,
            "to_code": application.credit_code,
            "to_document": render_wanted(application.wanted),
            "to_contact": application.sealed_contact,
            "to_end": to_ms_or_none(application.ended_at),
        }
        return self._db.run(_MOVE, params) == 1

    @override
    def close(self, partner_id: PartnerId, *, now: datetime) -> int:
        params = {
            "of_partner": partner_id,
            "expected": ApplicantState.APPROVED.value,
            "to_state": ApplicantState.CLOSED.value,
            "now": to_ms(now),
        }
        return self._db.run(_CLOSE, params)

    @override
    def add_step(self, step: ApplicantStep) -> None:
        self._db.run(
            _ADD_STEP,
            {
                "application_id": step.application_id,
                "step_id": step.step_id,
                "kind": step.kind.value,
                "operator": step.operator,
                "at": to_ms(step.at),
                "items": " ".join(sorted(item.value for item in step.items)),
                "reason": step.reason,
            },
        )

    @override
    def steps(self, application_id: str) -> Sequence[ApplicantStep]:
        return [_step(row) for row in self._db.all(_STEPS, {"application_id": application_id})]


@reads(partner_applications)
def _application(row: Row) -> PartnerApplication:
    return PartnerApplication(
        application_id=row[0],
        partner_id=PartnerId(row[1]),
        state=ApplicantState(row[2]),
        credit_code=row[3],
        wanted=read_wanted(row[4]),
        sealed_contact=row[5],
        applied_at=from_ms(row[6]),
        ended_at=from_ms_or_none(row[7]),
        receipt_hash=row[8],
    )


@reads(partner_steps)
def _step(row: Row) -> ApplicantStep:
    return ApplicantStep(
        application_id=row[0],
        step_id=row[1],
        kind=ApplicantStepKind(row[2]),
        operator=row[3],
        at=from_ms(row[4]),
        items=frozenset(ReviewItem(item) for item in row[5].split()),
        reason=row[6],
    )
