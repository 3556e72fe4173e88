"""PINs."""

from __future__ import annotations

from sqlalchemy import bindparam, delete
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.access.pins import pins
from eztong.domain.access.pin import Pin
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.access.pins import PinRepository

_INSERT_PIN = insert_into(pins)


_GET_PIN = select_where(pins, "holder_id")


_PIN_CHANGES = ["sealed_hash", "wrong_tries", "locked_until", "changed_at"]


_UPDATE_PIN = update_where(pins, keys=["holder_id"], columns=_PIN_CHANGES)


_REMOVE_PIN = Statement(delete(pins).where(pins.c.holder_id == bindparam("of_holder")))


class SqlPins(PinRepository):
    """PINs over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def get(self, holder_id: HolderId) -> Pin | None:
        row = self._db.one(_GET_PIN, {"holder_id": holder_id})
        return None if row is None else _pin(row)

    @override
    def save(self, pin: Pin) -> None:
        fields = {
            "sealed_hash": pin.sealed_hash,
            "wrong_tries": pin.wrong_tries,
            "locked_until": to_ms_or_none(pin.locked_until),
            "changed_at": to_ms(pin.changed_at),
        }
        changes = {f"set_{name}": value for name, value in fields.items()}
        if not self._db.run(_UPDATE_PIN, {"holder_id": pin.holder_id, **changes}):
            self._db.run(_INSERT_PIN, {"holder_id": pin.holder_id, **fields})

    @override
    def remove(self, holder_id: HolderId) -> None:
        self._db.run(_REMOVE_PIN, {"of_holder": holder_id})


@reads(pins)
def _pin(row: Row) -> Pin:
    return Pin(
        holder_id=HolderId(row[0]),
        sealed_hash=row[1],
        wrong_tries=row[2],
        locked_until=from_ms_or_none(row[3]),
        changed_at=from_ms(row[4]),
    )
