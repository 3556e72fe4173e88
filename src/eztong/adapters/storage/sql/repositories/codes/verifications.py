"""Verifications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, listed, readable, reads, text_of
from eztong.adapters.storage.sql.statements import TOP, Database, Row, Statement, insert_into, select_where
from eztong.adapters.storage.sql.tables.codes.codes import code_attempts
from eztong.adapters.storage.sql.tables.codes.verifications import verifications
from eztong.adapters.storage.sql.tables.eid.eid_flows import eid_flows
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.damage import Listed
from eztong.domain.identifiers import BatchId, CodeId, HolderId, PartnerId, RequestId, VerificationId
from eztong.ports.storage.codes.verifications import AskedVerifications, Disclosure, VerificationRepository

_INSERT = insert_into(verifications)
_GET = select_where(verifications, "partner_id", "verification_id")
_LIST = Statement(
    select(verifications)
    .where(
        verifications.c.partner_id == bindparam("partner_id"),
        verifications.c.verification_id < bindparam("before"),
    )
    .order_by(verifications.c.verification_id.desc())
    .limit(bindparam("at_most"))
)
_FOR_HOLDER = Statement(
    select(verifications)
    .where(
        verifications.c.holder_id == bindparam("holder_id"),
        verifications.c.verification_id < bindparam("before"),
    )
    .order_by(verifications.c.verification_id.desc())
    .limit(bindparam("at_most"))
)
_DISCLOSING = Statement(
    select(verifications, eid_flows.c.user_info)
    .outerjoin(eid_flows, eid_flows.c.request_id == verifications.c.request_id)
    .where(
        verifications.c.holder_id == bindparam("holder_id"),
        verifications.c.verification_id < bindparam("before"),
        or_(
            and_(verifications.c.claims != bindparam("nothing"), verifications.c.claims != bindparam("bare")),
            eid_flows.c.user_info.is_not(None),
        ),
    )
    .order_by(verifications.c.verification_id.desc())
    .limit(bindparam("at_most"))
)
_ONE_OF_HOLDER = select_where(verifications, "holder_id", "verification_id")
_MEETINGS = union_all(
    select(verifications.c.partner_id, verifications.c.created_at.label("at")).where(
        verifications.c.holder_id == bindparam("holder_id")
    ),
    select(code_attempts.c.partner_id, code_attempts.c.at).where(code_attempts.c.holder_id == bindparam("holder_id")),
).subquery()
_PARTNERS_MET = Statement(select(_MEETINGS.c.partner_id, func.max(_MEETINGS.c.at)).group_by(_MEETINGS.c.partner_id))

_PARTNERS_TOLD = Statement(
    select(*as_bytes([verifications.c.partner_id]))
    .where(verifications.c.holder_id == bindparam("holder_id"), verifications.c.outcome == bindparam("passed"))
    .distinct()
    .order_by(verifications.c.partner_id)
)


_ASKED: Final = ("outcome", "scene", "desk")
_DAY_MS: Final = 86_400_000
_AHEAD_MS: Final = 28_800_000
"""By how much the days of China begin before those of UTC."""

_DAY: Final = (verifications.c.created_at + _AHEAD_MS) // _DAY_MS
_COUNT_BY_DAY = Statement(
    select(_DAY.label("day"), verifications.c.outcome, func.count())
    .where(verifications.c.partner_id == bindparam("partner_id"), verifications.c.verification_id >= bindparam("since"))
    .group_by(_DAY, verifications.c.outcome)
)


def _searches() -> dict[frozenset[str], Statement]:
    """Return a statement for every choice of fields that may be asked."""
    made = {}
    for many in range(len(_ASKED) + 1):
        for names in combinations(_ASKED, many):
            asked = [verifications.c[name] == bindparam(f"of_{name}") for name in names]
            made[frozenset(names)] = Statement(
                select(*as_bytes(verifications.columns))
                .where(
                    verifications.c.partner_id == bindparam("partner_id"),
                    verifications.c.verification_id < bindparam("before"),
                    verifications.c.verification_id >= bindparam("since"),
                    *asked,
                )
                .order_by(verifications.c.verification_id.desc())
                .limit(bindparam("at_most"))
            )
    return made


_SEARCHES: Final = _searches()
_WIDTH: Final = len(verifications.columns)


@reads(verifications)
def _verification(row: Row) -> Verification:
    return Verification(
        partner_id=PartnerId(row[0]),
        verification_id=VerificationId(row[1]),
        holder_id=HolderId(row[2]) if row[2] else None,
        code_id=CodeId(row[3]) if row[3] else None,
        request_id=RequestId(row[4]) if row[4] else None,
        outcome=Outcome(row[5]),
        reason=row[6],
        scene=row[7],
        desk=row[8],
        method=Method(row[9]),
        claims=tuple(Claim(claim) for claim in row[10].split()),
        created_at=from_ms(row[11]),
        result=row[12],
        sealed_result=row[13],
        batch_id=BatchId(row[14]),
        leaf_index=row[15],
        api_key_id=row[16],
    )


@reads(verifications)
def _partner(row: Row) -> PartnerId:
    return PartnerId(text_of(row[0]))


@reads(verifications)
def _met(row: Row) -> tuple[PartnerId, datetime]:
    return PartnerId(row[0]), from_ms(row[1])


@reads(verifications)
def _counted(row: Row) -> tuple[date, Outcome, int]:
    return date(1970, 1, 1) + timedelta(days=int(row[0])), Outcome(row[1]), row[2]


class SqlVerifications(VerificationRepository):
    """Verifications over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, verification: Verification) -> None:
        self._db.run_later(
            _INSERT,
            {
                "partner_id": verification.partner_id,
                "verification_id": verification.verification_id,
                "holder_id": verification.holder_id,
                "code_id": verification.code_id,
                "request_id": verification.request_id,
                "outcome": str(verification.outcome),
                "reason": verification.reason,
                "scene": verification.scene,
                "desk": verification.desk,
                "method": str(verification.method),
                "claims": " ".join(verification.claims),
                "created_at": to_ms(verification.created_at),
                "result": verification.result,
                "sealed_result": verification.sealed_result,
                "batch_id": verification.batch_id,
                "leaf_index": verification.leaf_index,
                "api_key_id": verification.api_key_id,
            },
        )

    @override
    def get(self, partner_id: PartnerId, verification_id: VerificationId) -> Verification | None:
        row = self._db.one(_GET, {"partner_id": partner_id, "verification_id": verification_id})
        return None if row is None else _verification(row)

    @override
    def list(self, partner_id: PartnerId, *, before: str | None, limit: int) -> Sequence[Verification]:
        params = {"partner_id": partner_id, "before": before or TOP, "at_most": limit}
        return [_verification(row) for row in self._db.all(_LIST, params)]

    @override
    def search(
        self, partner_id: PartnerId, asked: AskedVerifications, *, before: str, since: str, limit: int
    ) -> Listed[Verification]:
        fields = {name: getattr(asked, name) for name in _ASKED if getattr(asked, name)}
        params: dict[str, Any] = {f"of_{name}": value for name, value in fields.items()}
        params |= {"partner_id": partner_id, "before": before or TOP, "since": since, "at_most": limit}
        return listed(_verification, verifications, self._db.all(_SEARCHES[frozenset(fields)], params))

    @override
    def count_by_day(self, partner_id: PartnerId, *, since: str) -> Sequence[tuple[date, Outcome, int]]:
        found = self._db.all(_COUNT_BY_DAY, {"partner_id": partner_id, "since": since})
        return [_counted(row) for row in found]

    @override
    def for_holder(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Verification]:
        params = {"holder_id": holder_id, "before": before or TOP, "at_most": limit}
        return [_verification(row) for row in self._db.all(_FOR_HOLDER, params)]

    @override
    def disclosing(self, holder_id: HolderId, *, before: str | None, limit: int) -> Sequence[Disclosure]:
        page = {"holder_id": holder_id, "before": before or TOP, "at_most": limit}
        found = self._db.all(_DISCLOSING, page | {"nothing": "", "bare": Claim.IS_PERSON.value})
        return [Disclosure(_verification(row), row[_WIDTH] is not None) for row in found]

    @override
    def one_of_holder(self, holder_id: HolderId, verification_id: VerificationId) -> Verification | None:
        row = self._db.one(_ONE_OF_HOLDER, {"holder_id": holder_id, "verification_id": verification_id})
        return None if row is None else _verification(row)

    @override
    def partners_met(self, holder_id: HolderId) -> Mapping[PartnerId, datetime]:
        return dict(_met(row) for row in self._db.all(_PARTNERS_MET, {"holder_id": holder_id}))

    @override
    def partners_told(self, holder_id: HolderId) -> Sequence[PartnerId]:
        params = {"holder_id": holder_id, "passed": Outcome.PASSED.value}
        return readable(_partner, self._db.all(_PARTNERS_TOLD, params))
