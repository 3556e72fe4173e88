"""What is looked up in a database file before a service opens it: who it belongs to, and what it was made with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import ColumnElement, Connection, delete, false, func, inspect, not_, or_, select
from sqlalchemy.dialects.postgresql import insert

from eztong.adapters.storage.sql.account_names import account_name_of
from eztong.adapters.storage.sql.milliseconds import to_ms
from eztong.adapters.storage.sql.readable import as_bytes, readable, reads, text_of
from eztong.adapters.storage.sql.repositories.incidents.incidents import incident_of
from eztong.adapters.storage.sql.statements import Row
from eztong.adapters.storage.sql.stored_at import StoredAt
from eztong.adapters.storage.sql.tables.agreements import agreements
from eztong.adapters.storage.sql.tables.codes.batches import batches
from eztong.adapters.storage.sql.tables.holders import IS_ENDED_APPLICATION, IS_ERASED, holders
from eztong.adapters.storage.sql.tables.incidents.incidents import incidents
from eztong.adapters.storage.sql.tables.merchants import account_keys
from eztong.adapters.storage.sql.tables.partners.partners import api_keys, partners
from eztong.adapters.storage.sql.tables.row_seals import row_seals
from eztong.adapters.storage.sql.tables.settings import service_settings
from eztong.adapters.storage.sqlite.connections import TEXT_DAMAGED, DatabaseDamaged, connect_writer, told_as_ours
from eztong.adapters.storage.sqlite.row_counts import COUNTS
from eztong.adapters.storage.sqlite.row_seals import PENDING_SETTING, RowSeals
from eztong.adapters.storage.stored.reading import reading
from eztong.domain.agreements import AgreementState
from eztong.domain.errors import StateConflict
from eztong.domain.evidence.writer_end import read_root
from eztong.domain.holder import WrappedKey
from eztong.domain.identifiers import HolderId
from eztong.domain.incidents.incident import Incident, Phase
from eztong.domain.partners.partner import PartnerState
from eztong.ports.keys import Keys

_ENDS: Final = (True, False)
_FIRST: Final = insert(service_settings).on_conflict_do_nothing()


class RowsNotSealed(StateConflict):
    """An upgrade was cut off between the schema and the tags of rows."""

    code = "rows_not_sealed"
    advice = "An upgrade was cut off: rows of the version before have no tags yet. Run it again: eztong db upgrade."


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedAccounts:
    """The accounts that a database has erased, and of how many it cannot say who they are."""

    named: Sequence[HolderId] = ()
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWithKeys:
    """The first and the last of what only the right keyring can check or open; empty in a new database."""

    notes: Sequence[str]
    data_keys: Sequence[tuple[str, WrappedKey]]

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return bool(self.notes or self.data_keys)


def stored_setting(database: StoredAt, name: str) -> str | None:
    """Return a setting of the installation; None if there is none, or no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read, so that nothing may be concluded from it.
    """
    if not database.exists():
        return None
    with reading(database) as connection:
        if not inspect(connection).has_table(service_settings.name):
            return None
        statement = select(service_settings.c.value).where(service_settings.c.name == name)
        value: str | bytes | None = connection.execute(statement).scalar_one_or_none()
    if isinstance(value, bytes):
        raise DatabaseDamaged(TEXT_DAMAGED)
    return value


def setting_as_bytes(database: StoredAt, name: str) -> bytes | None:
    """Return a setting as it is stored, whatever it was changed to; None if there is none, or no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return None
    with reading(database) as connection:
        if not inspect(connection).has_table(service_settings.name):
            return None
        cells = select(*as_bytes([service_settings.c.value])).where(service_settings.c.name == name)
        cell: bytes | None = connection.execute(cells).scalar_one_or_none()
    return cell


def store_first(database: StoredAt, name: str, value: str, keys: Keys) -> None:
    """Store a setting of an installation that no service has open yet, with its tag, unless it is there.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be written.
    """
    if not isinstance(database, Path):
        with database.changing() as changed:
            changed.execute(_FIRST, {"name": name, "value": value})
        return
    with told_as_ours(), closing(connect_writer(database)) as connection:
        RowSeals(keys).watch(connection)
        connection.execute(
            "INSERT INTO service_settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value)
        )


def store_anew(database: StoredAt, name: str, value: str, keys: Keys) -> None:
    """Store a setting in the place of one that was damaged: the damaged row goes, and its tag with it.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be written.
    """
    if not isinstance(database, Path):
        with database.changing() as changed:
            changed.execute(delete(service_settings).where(service_settings.c.name == name))
            changed.execute(_FIRST, {"name": name, "value": value})
        return
    with told_as_ours(), closing(connect_writer(database)) as connection:
        RowSeals(keys).watch(connection)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM service_settings WHERE name = ?", (name,))
        connection.execute("INSERT INTO service_settings (name, value) VALUES (?, ?)", (name, value))
        connection.execute("COMMIT")


def rows_wait_for_seals(database: StoredAt) -> bool:
    """Say whether an upgrade was cut off between the schema and the tags of its rows.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    return stored_setting(database, PENDING_SETTING) is not None


def check_rows_are_sealed(database: StoredAt) -> None:
    """Refuse a database whose rows wait for their tags: what is changed meanwhile would be sealed as it is then.

    Raises:
        RowsNotSealed: an upgrade was cut off.
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if rows_wait_for_seals(database):
        raise RowsNotSealed


def made_with_keys(database: StoredAt) -> MadeWithKeys:
    """Return what tells whether a keyring belongs to the database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    with reading(database) as connection:
        # A backup may be of a version before one of the tables.
        there = inspect(connection)
        return MadeWithKeys(
            notes=_notes(connection) if there.has_table(batches.name) else [],
            data_keys=_data_keys(connection) if there.has_table(holders.name) else [],
        )


def newest_wrapping_key(database: StoredAt) -> str | None:
    """Return the name of the key that the newest account's data key is sealed under; None if there is none to read.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    with reading(database) as connection:
        if not inspect(connection).has_table(holders.name):
            return None
        cells = select(*as_bytes([holders.c.kek_id])).where(func.length(holders.c.data_key) > 0)
        rows = connection.execute(cells.order_by(holders.c.holder_id.desc()).limit(1)).fetchall()
    return next(iter(readable(_key_name, rows)), None)


def agreements_in_force(database: StoredAt) -> Sequence[str]:
    """Return the texts of the agreements in force, in every language.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    statement = select(agreements.c.text).where(agreements.c.state == AgreementState.IN_FORCE.value)
    with reading(database) as connection:
        return [str(text) for (text,) in connection.execute(statement)]


def versions_in_force(database: StoredAt) -> Mapping[str, str]:
    """Return the version of each kind of document that is in force; nothing where there is no database yet.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return {}
    in_force = agreements.c.state == AgreementState.IN_FORCE.value
    statement = select(agreements.c.kind, agreements.c.version).where(in_force)
    with reading(database) as connection:
        if not inspect(connection).has_table(agreements.name):
            return {}
        return {str(kind): str(version) for kind, version in connection.execute(statement)}


def open_incidents(database: StoredAt, *, now: datetime) -> tuple[Sequence[Incident], int]:
    """Return the incidents that are open at ``now``, and how many that nobody has ended cannot be read.

    None of either if there is no database, or one of a version before them.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return [], 0
    with reading(database) as connection:
        if not inspect(connection).has_table(incidents.name):
            return [], 0
        cells = select(*as_bytes(incidents.columns))
        rows = connection.execute(cells.where(incidents.c.ended_at.is_(None))).fetchall()
    found = readable(incident_of, rows)
    return [one for one in found if one.phase(now) is Phase.OPEN], len(rows) - len(found)


def keys_that_end(database: StoredAt, *, after: datetime, before: datetime) -> int:
    """Return how many lasting keys and key pairs of partners that are not closed end in this time.

    None if there is no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    if not database.exists():
        return 0
    with reading(database) as connection:
        if not inspect(connection).has_table(account_keys.name):
            return 0
        return sum(
            connection.execute(
                select(func.count())
                .select_from(keys)
                .join(partners, partners.c.partner_id == keys.c.partner_id)
                .where(
                    partners.c.state != PartnerState.CLOSED.value,
                    keys.c.revoked_at.is_(None),
                    keys.c.expires_at > to_ms(after),
                    keys.c.expires_at <= to_ms(before),
                    *([keys.c.token_hash.is_(None)] if keys is account_keys else []),
                )
            ).scalar_one()
            for keys in (api_keys, account_keys)
        )


def erased_accounts(database: StoredAt) -> ErasedAccounts:
    """Return the accounts whose data key was destroyed; none if there is no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    return _named(database, IS_ERASED)


def ended_by_rows(database: StoredAt) -> ErasedAccounts:
    """Return the erased accounts, and the applications that ended, by their rows alone: an index may be damaged.

    None if there is no database. It takes longer than by an index; whoever replaces a database has that time.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    # SQLite takes no index for what stands inside a function.
    return _named(database, func.coalesce(or_(IS_ERASED, IS_ENDED_APPLICATION), false()))


def ended_applications(database: StoredAt) -> ErasedAccounts:
    """Return the applications that were withdrawn or not answered; none if there is no database.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    return _named(database, IS_ENDED_APPLICATION)


def has_accounts(database: StoredAt) -> bool:
    """Say whether a database file has a table of accounts at all, that can be asked for one.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    with reading(database) as connection:
        return inspect(connection).has_table(holders.name)


def unreadable_counts(database: StoredAt) -> int:
    """Return how many of the counts of rows stand under a name that cannot be read.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    names = select(*as_bytes([row_seals.c.row_key])).where(row_seals.c.table_name == COUNTS)
    with reading(database) as connection:
        rows = connection.execute(names).fetchall()
    return len(rows) - len(readable(_counted_name, rows))


def not_erased(database: StoredAt, among: Iterable[HolderId]) -> Sequence[HolderId]:
    """Return those of some accounts whose data key is there, but for applications of which nothing else is.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    has_key = select(func.length(holders.c.data_key)).where(not_(func.coalesce(IS_ENDED_APPLICATION, false())))
    with reading(database) as connection:
        return [one for one in among if connection.execute(has_key.where(holders.c.holder_id == one)).scalar()]


def _named(database: StoredAt, condition: ColumnElement[bool]) -> ErasedAccounts:
    if not database.exists():
        return ErasedAccounts()
    with reading(database) as connection:
        if not inspect(connection).has_table(holders.name):
            return ErasedAccounts()
        cells = select(*as_bytes([holders.c.holder_id])).where(condition).order_by(holders.c.holder_id)
        rows = connection.execute(cells).fetchall()
    named = readable(account_name_of, rows)
    return ErasedAccounts(named=named, unreadable=len(rows) - len(named))


@reads(holders)
def _key_name(row: Row) -> str:
    return text_of(row[0])


@reads(row_seals)
def _counted_name(row: Row) -> str:
    return text_of(row[0])


def _notes(connection: Connection) -> list[str]:
    column = batches.c.batch_id
    return [note for oldest in _ENDS for note in _first_note(connection, column if oldest else column.desc())]


def _first_note(connection: Connection, order: ColumnElement[str]) -> list[str]:
    """Return the first that can be read; what is no note any more speaks neither for a keyring nor against it."""
    for row in connection.execute(select(*as_bytes([batches.c.note])).order_by(order)):
        if read_root(row[0]) is not None:
            return [row[0].decode()]
    return []


def _data_keys(connection: Connection) -> list[tuple[str, WrappedKey]]:
    column, there = holders.c.holder_id, func.length(holders.c.data_key) > 0
    found = (
        connection.execute(
            select(holders.c.holder_id, holders.c.kek_id, holders.c.data_key)
            .where(there)
            .order_by(column if oldest else column.desc())
            .limit(1)
        ).first()
        for oldest in _ENDS
    )
    return [(row[0], WrappedKey(kek_id=row[1], wrapped=row[2])) for row in found if row is not None]
