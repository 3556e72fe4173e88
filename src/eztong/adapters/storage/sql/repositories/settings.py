"""Small facts of the installation."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.storage.sql.statements import Database, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.settings import service_settings
from eztong.ports.storage.settings import SettingRepository

_GET = select_where(service_settings, "name")
_INSERT = insert_into(service_settings)
_UPDATE = update_where(service_settings, keys=["name"], columns=["value"])


class SqlSettings(SettingRepository):
    """Settings over SQL."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @override
    def get(self, name: str) -> str | None:
        row = self._db.one(_GET, {"name": name})
        return None if row is None else str(row[1])

    @override
    def set(self, name: str, value: str) -> None:
        if not self._db.run(_UPDATE, {"name": name, "set_value": value}):
            self._db.run(_INSERT, {"name": name, "value": value})
