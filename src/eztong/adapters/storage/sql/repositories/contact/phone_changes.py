"""Changes of the phone over SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.contact.phone_changes import phone_changes
from eztong.domain.contact.phone_change import ChangeState, ChangeWay, EndedBy, PhoneChange
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.contact.phone_changes import PhoneChangeRepository

_ALL: Final = 1 << 31
_OPEN: Final = frozenset({ChangeState.ASKED, ChangeState.WAITING})
_KEYS: Final = ["holder_id", "change_id", "state"]
_INSERT = insert_into(phone_changes)
_FORGET_ASKED = Statement(
    delete(phone_changes).where(
        phone_changes.c.holder_id == bindparam("holder_id"), phone_changes.c.state == bindparam("state")
    )
)
_LIST = Statement(
    select(phone_changes)
    .where(phone_changes.c.holder_id == bindparam("holder_id"))
    .order_by(phone_changes.c.change_id.desc())
    .limit(bindparam("at_most"))
)
_GET = select_where(phone_changes, "holder_id", "change_id")
_BY_LINK_HASH = select_where(phone_changes, "link_hash")
_BEGIN = update_where(phone_changes, keys=_KEYS, columns=["state", "way", "link_hash", "begun_at", "until_at"])
_SETTLE = update_where(phone_changes, keys=_KEYS, columns=["state", "until_at"])
_END = update_where(phone_changes, keys=_KEYS, columns=["state", "ended_at", "ended_by"])
_END_UNREAD = Statement(
    update(phone_changes)
    .where(
        phone_changes.c.holder_id == bindparam("of_holder"),
        *(phone_changes.c.state != state.value for state in ChangeState if state not in _OPEN),
    )
    .values(state=bindparam("to"), ended_at=bindparam("moment"), ended_by=bindparam("by_whom"))
)


class SqlPhoneChanges(PhoneChangeRepository):
    """The table of changes of the phone."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, change: PhoneChange) -> None:
        self._db.run(
            _INSERT,
            {
                "holder_id": change.holder_id,
                "change_id": change.change_id,
                "state": change.state.value,
                "way": change.way.value,
                "session_hash": change.session_hash,
                "sealed_old": change.sealed_old,
                "sealed_new": change.sealed_new,
                "asked_at": to_ms(change.asked_at),
                "link_hash": change.link_hash,
                "begun_at": to_ms_or_none(change.begun_at),
                "until_at": to_ms_or_none(change.until),
                "ended_at": to_ms_or_none(change.ended_at),
                "ended_by": None if change.ended_by is None else change.ended_by.value,
            },
        )

    @override
    def forget_asked(self, holder_id: HolderId) -> None:
        self._db.run(_FORGET_ASKED, {"holder_id": holder_id, "state": ChangeState.ASKED.value})

    @override
    def newest(self, holder_id: HolderId) -> PhoneChange | None:
        row = self._db.one(_LIST, {"holder_id": holder_id, "at_most": 1})
        return None if row is None else _change(row)

    @override
    def get(self, holder_id: HolderId, change_id: str) -> PhoneChange | None:
        row = self._db.one(_GET, {"holder_id": holder_id, "change_id": change_id})
        return None if row is None else _change(row)

    @override
    def by_link_hash(self, link_hash: bytes) -> PhoneChange | None:
        row = self._db.one(_BY_LINK_HASH, {"link_hash": link_hash})
        return None if row is None else _change(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[PhoneChange]:
        return [_change(row) for row in self._db.all(_LIST, {"holder_id": holder_id, "at_most": _ALL})]

    @override
    def begin(self, before: PhoneChange, after: PhoneChange) -> bool:
        changes = {
            "set_state": after.state.value,
            "set_way": after.way.value,
            "set_link_hash": after.link_hash,
            "set_begun_at": to_ms_or_none(after.begun_at),
            "set_until_at": to_ms_or_none(after.until),
        }
        return self._db.run(_BEGIN, {**_found(before), **changes}) == 1

    @override
    def settle(self, change: PhoneChange, *, until: datetime) -> bool:
        found = {**_found(change), "state": ChangeState.WAITING.value}
        changes = {"set_state": ChangeState.DONE.value, "set_until_at": to_ms(until)}
        return self._db.run(_SETTLE, {**found, **changes}) == 1

    @override
    def end(self, change: PhoneChange, state: ChangeState, *, by: EndedBy, now: datetime) -> bool:
        changes = {"set_state": state.value, "set_ended_at": to_ms(now), "set_ended_by": by.value}
        return self._db.run(_END, {**_found(change), **changes}) == 1

    @override
    def end_unread(self, holder_id: HolderId, *, by: EndedBy, now: datetime) -> bool:
        ended = {"to": ChangeState.STOPPED.value, "moment": to_ms(now), "by_whom": by.value}
        return self._db.run(_END_UNREAD, {"of_holder": holder_id, **ended}) > 0


def _found(change: PhoneChange) -> dict[str, str]:
    return {"holder_id": change.holder_id, "change_id": change.change_id, "state": change.state.value}


@reads(phone_changes)
def _change(row: Row) -> PhoneChange:
    return PhoneChange(
        holder_id=HolderId(row[0]),
        change_id=row[1],
        state=ChangeState(row[2]),
        way=ChangeWay(row[3]),
        session_hash=row[4],
        sealed_old=row[5],
        sealed_new=row[6],
        asked_at=from_ms(row[7]),
        link_hash=row[8],
        begun_at=from_ms_or_none(row[9]),
        until=from_ms_or_none(row[10]),
        ended_at=from_ms_or_none(row[11]),
        ended_by=None if row[12] is None else EndedBy(row[12]),
    )
