"""Devices."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms, to_ms_or_none
from eztong.adapters.storage.sql.readable import flag_of, reads
from eztong.adapters.storage.sql.statements import Database, Row, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.access.devices import devices
from eztong.domain.access.device import Device, DeviceState
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.ports.storage.access.devices import DeviceRepository

_INSERT_DEVICE = insert_into(devices)


_GET_DEVICE = select_where(devices, "holder_id", "device_id")


_PRIMARY = Statement(
    select(devices).where(
        devices.c.holder_id == bindparam("holder_id"),
        devices.c.is_primary == bindparam("yes"),
        devices.c.state == bindparam("state"),
    )
)


_DEVICES = Statement(
    select(devices).where(devices.c.holder_id == bindparam("holder_id")).order_by(devices.c.device_id.desc())
)


_SET_DEVICE = update_where(devices, keys=["holder_id", "device_id"], columns=["state"])


_ERASE_DEVICES = Statement(delete(devices).where(devices.c.holder_id == bindparam("of_holder")))


@reads(devices)
def _device(row: Row) -> Device:
    return Device(
        holder_id=HolderId(row[0]),
        device_id=DeviceId(row[1]),
        state=DeviceState(row[2]),
        is_primary=flag_of(row[3]),
        label=row[4],
        created_at=from_ms(row[5]),
        bound_at=from_ms_or_none(row[6]),
    )


class SqlDevices(DeviceRepository):
    """Devices over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def add(self, device: Device) -> None:
        self._db.run(
            _INSERT_DEVICE,
            {
                "holder_id": device.holder_id,
                "device_id": device.device_id,
                "state": device.state.value,
                "is_primary": int(device.is_primary),
                "label": device.label,
                "created_at": to_ms(device.created_at),
                "bound_at": to_ms_or_none(device.bound_at),
            },
        )

    @override
    def get(self, holder_id: HolderId, device_id: DeviceId) -> Device | None:
        row = self._db.one(_GET_DEVICE, {"holder_id": holder_id, "device_id": device_id})
        return None if row is None else _device(row)

    @override
    def primary(self, holder_id: HolderId) -> Device | None:
        row = self._db.one(_PRIMARY, {"holder_id": holder_id, "yes": 1, "state": DeviceState.BOUND.value})
        return None if row is None else _device(row)

    @override
    def list(self, holder_id: HolderId) -> Sequence[Device]:
        return [_device(row) for row in self._db.all(_DEVICES, {"holder_id": holder_id})]

    @override
    def set_state(self, holder_id: HolderId, device_id: DeviceId, state: DeviceState) -> None:
        self._db.run(_SET_DEVICE, {"holder_id": holder_id, "device_id": device_id, "set_state": state.value})

    @override
    def erase(self, holder_id: HolderId) -> int:
        return self._db.run(_ERASE_DEVICES, {"of_holder": holder_id})
