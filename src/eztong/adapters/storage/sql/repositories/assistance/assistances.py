"""Assistances over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, literal_column, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import as_bytes, flag_of, readable, reads, text_of
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.assistance.assistances import assistances
from eztong.domain.assistance.assistance import Assistance, AssistanceEnd, AssistanceState
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.assistance.assistances import AssistanceRepository

_c = assistances.c
_NEVER_CHANGED: Final = ("assistance_id", "elder_id", "days", "with_uses", "asked_at")
_CHANGEABLE: Final = [name for name in assistances.columns.keys() if name not in _NEVER_CHANGED]  # noqa: SIM118 - columns are no mapping
_INSERT = insert_into(assistances)
_GET = select_where(assistances, "assistance_id")
_CHANGE = update_where(assistances, keys=["assistance_id", "state"], columns=_CHANGEABLE)
# Written out, so that the partial indexes serve.
_ACTIVE_OF = Statement(
    select(assistances).where(
        _c.elder_id == bindparam("elder_id"), _c.state == literal_column(f"'{AssistanceState.ACTIVE.value}'")
    )
)
_BY_INVITATION = Statement(
    select(assistances)
    .where(_c.invite_hash == bindparam("invite_hash"))
    .order_by(_c.assistance_id.desc())
    .limit(literal_column("1"))
)
_OF_ELDER = Statement(select(assistances).where(_c.elder_id == bindparam("elder_id")).order_by(_c.assistance_id.desc()))
_OF_HELPER = Statement(
    select(assistances).where(_c.helper_id == bindparam("helper_id")).order_by(_c.assistance_id.desc())
)
_IDS = select(*as_bytes([_c.assistance_id])).order_by(_c.assistance_id.desc())
_IDS_OF_ELDER = Statement(_IDS.where(_c.elder_id == bindparam("elder_id")))
_IDS_OF_HELPER = Statement(_IDS.where(_c.helper_id == bindparam("helper_id")))


class SqlAssistances(AssistanceRepository):
    """The table of assistances."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, assistance: Assistance) -> None:
        self._db.run(_INSERT, _params(assistance))

    @override
    def get(self, assistance_id: str) -> Assistance | None:
        return self._one(_GET, assistance_id=assistance_id)

    @override
    def active_of(self, elder_id: HolderId) -> Assistance | None:
        return self._one(_ACTIVE_OF, elder_id=elder_id)

    @override
    def of_elder(self, elder_id: HolderId) -> Sequence[Assistance]:
        return [_assistance(row) for row in self._db.all(_OF_ELDER, {"elder_id": elder_id})]

    @override
    def of_helper(self, helper_id: HolderId) -> Sequence[Assistance]:
        return [_assistance(row) for row in self._db.all(_OF_HELPER, {"helper_id": helper_id})]

    @override
    def ids_of_elder(self, elder_id: HolderId) -> Sequence[str]:
        return readable(_id, self._db.all(_IDS_OF_ELDER, {"elder_id": elder_id}))

    @override
    def ids_of_helper(self, helper_id: HolderId) -> Sequence[str]:
        return readable(_id, self._db.all(_IDS_OF_HELPER, {"helper_id": helper_id}))

    @override
    def by_invitation(self, invite_hash: bytes) -> Assistance | None:
        return self._one(_BY_INVITATION, invite_hash=invite_hash)

    @override
    def change(self, before: Assistance, after: Assistance) -> bool:
        params = _params(after)
        changes = {f"set_{name}": params[name] for name in _CHANGEABLE}
        found = {"assistance_id": before.assistance_id, "state": before.state.value}
        return self._db.run(_CHANGE, {**found, **changes}) == 1

    def _one(self, statement: Statement, **keys: str | bytes) -> Assistance | None:
        row = self._db.one(statement, keys)
        return None if row is None else _assistance(row)


def _params(one: Assistance) -> dict[str, Any]:
    return {
        "assistance_id": one.assistance_id,
        "elder_id": one.elder_id,
        "helper_id": one.helper_id,
        "state": one.state.value,
        "days": one.days,
        "with_uses": int(one.with_uses),
        "invite_hash": one.invite_hash,
        "sealed_digits": one.sealed_digits,
        "asked_at": to_ms(one.asked_at),
        "accepted_at": to_ms_or_none(one.accepted_at),
        "began_at": to_ms_or_none(one.began_at),
        "until_at": to_ms_or_none(one.until),
        "ended_at": to_ms_or_none(one.ended_at),
        "ended_by": None if one.ended_by is None else one.ended_by.value,
    }


@reads(assistances)
def _id(row: Row) -> str:
    return text_of(row[0])


@reads(assistances)
def _assistance(row: Row) -> Assistance:
    return Assistance(
        assistance_id=row[0],
        elder_id=HolderId(row[1]),
        helper_id=None if row[2] is None else HolderId(row[2]),
        state=AssistanceState(row[3]),
        days=row[4],
        with_uses=flag_of(row[5]),
        invite_hash=row[6],
        sealed_digits=row[7],
        asked_at=from_ms(row[8]),
        accepted_at=from_ms_or_none(row[9]),
        began_at=from_ms_or_none(row[10]),
        until=from_ms_or_none(row[11]),
        ended_at=from_ms_or_none(row[12]),
        ended_by=None if row[13] is None else AssistanceEnd(row[13]),
    )
