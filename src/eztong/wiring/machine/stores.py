"""Which store the settings mean: the one place that knows both, a file of SQLite and a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from eztong.adapters.storage.postgres import schema as on_server
from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.store import PostgresStore
from eztong.adapters.storage.rounds.group_commit import LeftOut, Observer, Signing
from eztong.adapters.storage.sql.revisions import SchemaVersion
from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sqlite import schema as in_file
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.store import SqliteStore
from eztong.ports.keys import Keys
from eztong.ports.services import Mode
from eztong.wiring.settings import Settings, SettingsInvalid

SANDBOX_ONLY: Final = (
    "EZTONG_DATABASE: a PostgreSQL server serves the sandbox only, so far: there rows have no tags of their own "
    "(ADR 0095), and eztong makes and checks no backups of it. Leave it out to use the file in the data folder."
)


def check_store(settings: Settings) -> None:
    """Refuse a store that the mode cannot have.

    Raises:
        SettingsInvalid: live data on a server.
    """
    if settings.mode is Mode.LIVE and not isinstance(settings.stored_at, Path):
        raise SettingsInvalid(SANDBOX_ONLY)


def open_store(settings: Settings, signing: Signing, *, on_commit: Observer, on_left_out: LeftOut) -> ServedStore:
    """Open the store of these settings, whose schema must be current.

    Raises:
        Unavailable, DatabaseDamaged: it cannot be opened.
    """
    at = settings.stored_at
    if isinstance(at, PostgresPlace):
        return PostgresStore(at, signing, on_commit=on_commit, on_left_out=on_left_out)
    return SqliteStore(settings.database_file, signing, on_commit=on_commit, on_left_out=on_left_out)


def schema_version(at: StoredAt) -> SchemaVersion:
    """Return where a database stands; nothing of it is changed.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    return on_server.schema_version(at) if isinstance(at, PostgresPlace) else in_file.schema_version(_file(at))


def upgrade_schema(at: StoredAt) -> SchemaVersion:
    """Bring a database to the newest version; a file that is not there is made.

    Raises:
        SchemaUnknown: it is of a version that this program does not know.
        DatabaseDamaged, Unavailable: it cannot be read or written, or another process upgrades it.
    """
    return on_server.upgrade_schema(at) if isinstance(at, PostgresPlace) else in_file.upgrade_schema(_file(at))


def check_schema(at: StoredAt) -> None:
    """Refuse a database of another version, or of the same number with other tables.

    Raises:
        StateConflict: naming the command that mends it, or what differs.
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    if isinstance(at, PostgresPlace):
        on_server.check_schema(at)
    else:
        in_file.check_schema(_file(at))


def different_tables(at: StoredAt) -> list[str]:
    """Return the tables whose columns or indexes are not what the code describes.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be read.
    """
    return on_server.different_tables(at) if isinstance(at, PostgresPlace) else in_file.different_tables(_file(at))


def seal_rows(at: StoredAt, keys: Keys) -> int | None:
    """Seal the rows that an earlier version wrote, once, and return how many; None if there is nothing to seal.

    Raises:
        DatabaseDamaged, Unavailable: it cannot be opened.
    """
    return None if isinstance(at, PostgresPlace) else seal_rows_of_before(_file(at), keys)


def database_sizes(settings: Settings) -> tuple[int, int]:
    """Return how many bytes the database takes, and how many its log beside it.

    Raises:
        Unavailable: it cannot be asked.
    """
    at = settings.stored_at
    if isinstance(at, PostgresPlace):
        return on_server.size_in_bytes(at), 0
    file = _file(at)
    return _size(file), _size(file.with_name(f"{file.name}-wal"))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _file(at: StoredAt) -> Path:
    if not isinstance(at, Path):
        raise TypeError(f"{type(at).__name__} is no store that this program knows")
    return at
