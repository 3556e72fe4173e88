"""The ledger of charges."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, to_ms
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, listed, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, update_where
from eztong.adapters.storage.sql.tables.charges import charges
from eztong.domain.companions import Charge, Finding
from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.charges import ChargeRepository

_INSERT = insert_into(charges)
_SETTLE = update_where(charges, keys=("partner_id", "charge_id"), columns=("finding", "is_billed"))
_COUNT = Statement(
    select(func.count())
    .select_from(charges)
    .where(
        charges.c.partner_id == bindparam("partner_id"),
        charges.c.day == bindparam("day"),
        charges.c.subject == bindparam("subject"),
        or_(charges.c.finding.is_(None), charges.c.finding != Finding.SOURCE_ERROR.value),
    )
)
_OF_DAY = Statement(
    select(*as_bytes(charges.columns))
    .where(charges.c.partner_id == bindparam("partner_id"), charges.c.day == bindparam("day"))
    .order_by(charges.c.requested_at, charges.c.charge_id)
    .limit(bindparam("most"))
    .offset(bindparam("skipped"))
)


@reads(charges)
def _charge(row: Row) -> Charge:
    return Charge(
        partner_id=PartnerId(row[0]),
        charge_id=row[1],
        action=row[2],
        day=row[3],
        subject=row[4],
        requested_at=from_ms(row[5]),
        finding=None if row[6] is None else Finding(row[6]),
        is_billed=flag_of(row[7]),
    )


class SqlCharges(ChargeRepository):
    """Charges over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, charge: Charge) -> None:
        self._db.run(
            _INSERT,
            {
                "partner_id": charge.partner_id,
                "charge_id": charge.charge_id,
                "action": charge.action,
                "day": charge.day,
                "subject": charge.subject,
                "requested_at": to_ms(charge.requested_at),
                "finding": None if charge.finding is None else charge.finding.value,
                "is_billed": int(charge.is_billed),
            },
        )

    @override
    def settle(self, charge: Charge) -> None:
        self._db.run(
            _SETTLE,
            {
                "partner_id": charge.partner_id,
                "charge_id": charge.charge_id,
                "set_finding": None if charge.finding is None else charge.finding.value,
                "set_is_billed": int(charge.is_billed),
            },
        )

    @override
    def count(self, partner_id: PartnerId, day: str, subject: bytes) -> int:
        row = self._db.one(_COUNT, {"partner_id": partner_id, "day": day, "subject": subject})
        return 0 if row is None else row[0]

    @override
    def of_day(self, partner_id: PartnerId, day: str, *, skip: int, limit: int) -> Listed[Charge]:
        asked = {"partner_id": partner_id, "day": day, "skipped": skip, "most": limit}
        return listed(_charge, charges, self._db.all(_OF_DAY, asked))
