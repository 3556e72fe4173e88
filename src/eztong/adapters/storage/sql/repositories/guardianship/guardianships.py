"""Guardianships over SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, literal_column, null, or_, select, tuple_, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, listed, readable, reads, text_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.guardianship.guardianships import guardianships
from eztong.adapters.storage.sql.tables.holders import holders
from eztong.domain.damage import Listed
from eztong.domain.guardianship.guardianship import CareEnd, DecidedBy, Guardianship, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.guardianship.guardianships import GuardianshipRepository

_c = guardianships.c
_NEVER_CHANGED: Final = ("guardianship_id", "ward_id", "ward_relation", "asked_at")
_CHANGEABLE: Final = [name for name in guardianships.columns.keys() if name not in _NEVER_CHANGED]  # noqa: SIM118 - columns are no mapping
_INSERT = insert_into(guardianships)
_GET = select_where(guardianships, "guardianship_id")
_BY_INVITATION = select_where(guardianships, "invite_hash")
_CHANGE = update_where(guardianships, keys=["guardianship_id", "state"], columns=_CHANGEABLE)
_NO_DIGITS: Final[Mapping[str, Any]] = dict.fromkeys(
    ("invite_hash", "sealed_digits", "offered_at", "sealed_phone"), null()
)
_END_UNREAD = Statement(
    update(guardianships)
    .where(
        _c.guardianship_id == bindparam("of_guardianship"),
        _c.state != GuardianshipState.REFUSED.value,
        _c.state != GuardianshipState.ENDED.value,
    )
    .values(state=GuardianshipState.ENDED.value, ended_at=bindparam("now"), ended_by=bindparam("by"), **_NO_DIGITS)
)
_END_OFFERS = Statement(
    update(guardianships)
    .where(
        or_(_c.ward_id == bindparam("of_holder"), _c.guardian_id == bindparam("of_holder")), _c.offered_at.is_not(None)
    )
    .values(**_NO_DIGITS)
)
# Written out, so that the partial indexes serve.
_ACTIVE_OF = Statement(
    select(guardianships).where(
        _c.ward_id == bindparam("ward_id"), _c.state == literal_column(f"'{GuardianshipState.ACTIVE.value}'")
    )
)
_GUARDIAN = holders.alias("guardian")
_NUMBERS_AROUND = Statement(
    select(*as_bytes([_GUARDIAN.c.number_index]))
    .distinct()
    .select_from(guardianships.join(_GUARDIAN, _GUARDIAN.c.holder_id == _c.guardian_id))
    .where(
        or_(
            _c.ward_id == bindparam("ward_id"),
            _c.ward_id.in_(select(holders.c.holder_id).where(holders.c.number_index == bindparam("number_index"))),
        ),
        _GUARDIAN.c.number_index.is_not(None),
    )
    .order_by(_GUARDIAN.c.number_index)
)
_OF_WARD = Statement(
    select(guardianships).where(_c.ward_id == bindparam("ward_id")).order_by(_c.guardianship_id.desc())
)
_OF_GUARDIAN = Statement(
    select(guardianships).where(_c.guardian_id == bindparam("guardian_id")).order_by(_c.guardianship_id.desc())
)
_IDS = select(*as_bytes([_c.guardianship_id])).order_by(_c.guardianship_id.desc())
_IDS_OF_WARD = Statement(_IDS.where(_c.ward_id == bindparam("ward_id")))
_IDS_OF_GUARDIAN = Statement(_IDS.where(_c.guardian_id == bindparam("guardian_id")))
_WAITING = Statement(
    select(*as_bytes(guardianships.columns))
    .where(
        _c.state == literal_column(f"'{GuardianshipState.DECLARED.value}'"),
        tuple_(_c.declared_at, _c.guardianship_id) > tuple_(bindparam("edge_at"), bindparam("edge_id")),
    )
    .order_by(_c.declared_at, _c.guardianship_id)
    .limit(bindparam("at_most"))
)
_BEFORE_ALL: Final = (-(2**62), "")


class SqlGuardianships(GuardianshipRepository):
    """The table of guardianships."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, guardianship: Guardianship) -> None:
        self._db.run(_INSERT, _params(guardianship))

    @override
    def get(self, guardianship_id: str) -> Guardianship | None:
        return self._one(_GET, guardianship_id=guardianship_id)

    @override
    def active_of(self, ward_id: HolderId) -> Guardianship | None:
        return self._one(_ACTIVE_OF, ward_id=ward_id)

    @override
    def numbers_around(self, ward_id: HolderId, number_index: bytes | None) -> Sequence[bytes]:
        params = {"ward_id": ward_id, "number_index": number_index}
        return [bytes(row[0]) for row in self._db.all(_NUMBERS_AROUND, params)]

    @override
    def of_ward(self, ward_id: HolderId) -> Sequence[Guardianship]:
        return [_guardianship(row) for row in self._db.all(_OF_WARD, {"ward_id": ward_id})]

    @override
    def of_guardian(self, guardian_id: HolderId) -> Sequence[Guardianship]:
        return [_guardianship(row) for row in self._db.all(_OF_GUARDIAN, {"guardian_id": guardian_id})]

    @override
    def ids_of_guardian(self, guardian_id: HolderId) -> Sequence[str]:
        return readable(_id, self._db.all(_IDS_OF_GUARDIAN, {"guardian_id": guardian_id}))

    @override
    def ids_of_ward(self, ward_id: HolderId) -> Sequence[str]:
        return readable(_id, self._db.all(_IDS_OF_WARD, {"ward_id": ward_id}))

    @override
    def by_invitation(self, invite_hash: bytes) -> Guardianship | None:
        return self._one(_BY_INVITATION, invite_hash=invite_hash)

    @override
    def end_offers(self, holder_id: HolderId) -> int:
        return self._db.run(_END_OFFERS, {"of_holder": holder_id})

    @override
    def end_unread(self, guardianship_id: str, by: CareEnd, *, now: datetime) -> bool:
        params = {"of_guardianship": guardianship_id, "by": by.value, "now": to_ms(now)}
        return self._db.run(_END_UNREAD, params) == 1

    @override
    def waiting(self, *, after: tuple[int, str] | None = None, limit: int) -> Listed[Guardianship]:
        edge_at, edge_id = after or _BEFORE_ALL
        params = {"edge_at": edge_at, "edge_id": edge_id, "at_most": limit}
        return listed(_guardianship, guardianships, self._db.all(_WAITING, params))

    @override
    def change(self, before: Guardianship, after: Guardianship) -> bool:
        params = _params(after)
        changes = {f"set_{name}": params[name] for name in _CHANGEABLE}
        found = {"guardianship_id": before.guardianship_id, "state": before.state.value}
        return self._db.run(_CHANGE, {**found, **changes}) == 1

    def _one(self, statement: Statement, **keys: str | bytes) -> Guardianship | None:
        row = self._db.one(statement, keys)
        return None if row is None else _guardianship(row)


def _params(one: Guardianship) -> dict[str, Any]:
    return {
        "guardianship_id": one.guardianship_id,
        "ward_id": one.ward_id,
        "guardian_id": one.guardian_id,
        "state": one.state.value,
        "ward_relation": None if one.ward_relation is None else one.ward_relation.value,
        "relation": None if one.relation is None else one.relation.value,
        "invite_hash": one.invite_hash,
        "sealed_digits": one.sealed_digits,
        "asked_at": to_ms(one.asked_at),
        "declared_at": to_ms_or_none(one.declared_at),
        "decided_at": to_ms_or_none(one.decided_at),
        "decided_by": None if one.decided_by is None else one.decided_by.value,
        "sealed_words": one.sealed_words,
        "ended_at": to_ms_or_none(one.ended_at),
        "ended_by": None if one.ended_by is None else one.ended_by.value,
        "offered_at": to_ms_or_none(one.offered_at),
        "sealed_phone": one.sealed_phone,
        "taken_at": to_ms_or_none(one.taken_at),
    }


@reads(guardianships)
def _id(row: Row) -> str:
    return text_of(row[0])


@reads(guardianships)
def _guardianship(row: Row) -> Guardianship:
    return Guardianship(
        guardianship_id=row[0],
        ward_id=HolderId(row[1]),
        guardian_id=None if row[2] is None else HolderId(row[2]),
        state=GuardianshipState(row[3]),
        ward_relation=None if row[4] is None else Relation(row[4]),
        relation=None if row[5] is None else Relation(row[5]),
        invite_hash=row[6],
        sealed_digits=row[7],
        asked_at=from_ms(row[8]),
        declared_at=from_ms_or_none(row[9]),
        decided_at=from_ms_or_none(row[10]),
        decided_by=None if row[11] is None else DecidedBy(row[11]),
        sealed_words=row[12],
        ended_at=from_ms_or_none(row[13]),
        ended_by=None if row[14] is None else CareEnd(row[14]),
        offered_at=from_ms_or_none(row[15]),
        sealed_phone=row[16],
        taken_at=from_ms_or_none(row[17]),
    )
