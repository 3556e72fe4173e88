"""A row that cannot be read is said to be damaged, by its table, and never quoted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from eztong.adapters.storage.sql.tables import metadata
from eztong.adapters.storage.sql.unit_of_work import SqlRepositories
from eztong.adapters.storage.sqlite.connections import database_over
from eztong.domain.damage import RowDamaged
from eztong.domain.jobs.job import JobKind
from tests.contract.storage import values
from tests.contract.storage.stage import at, holder_id, partner_id

QUOTED = "somebodys-secret"
NO_TEXT = b"somebodys-secret\xff"
READS: dict[str, Callable[[SqlRepositories], object]] = {
    "holders": lambda stored: stored.holders.get(holder_id()),
    "devices": lambda stored: stored.devices.list(holder_id()),
    "partners": lambda stored: stored.partners.get(partner_id()),
    "scenes": lambda stored: stored.partners.scene(partner_id(), values.scene().scene),
    "partner_switches": lambda stored: stored.grants.switches(holder_id()),
    "jobs": lambda stored: stored.jobs.waiting(JobKind.MESSAGE, values.job().key),
}
DAMAGE = [
    ("holders", "state", QUOTED),
    ("holders", "state", ""),
    ("holders", "ceiling", ""),
    ("holders", "freeze_cause", ""),
    ("partner_switches", "is_on", QUOTED),
    ("partner_switches", "is_on", ""),
    ("holders", "stopped", f"active,{QUOTED}"),
    ("holders", "created_at", QUOTED),
    ("holders", "created_at", 10**18),
    ("devices", "state", QUOTED),
    ("partners", "state", QUOTED),
    ("scenes", "claims", QUOTED),
    ("jobs", "created_at", QUOTED),
    ("holders", "state", NO_TEXT),
    ("devices", "state", NO_TEXT),
    ("partners", "state", NO_TEXT),
]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A database in memory with a row of each kind."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        metadata.create_all(create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool))
        stored = SqlRepositories(database_over(made))
        stored.holders.add(values.holder(full=True))
        stored.devices.add(values.device())
        stored.partners.add(values.partner())
        stored.partners.add_scene(partner_id(), values.scene())
        stored.jobs.add(values.job())
        stored.grants.set_switch(holder_id(), partner_id(), on=True, now=at(0))
        stored.agreements.add(values.agreement())
        yield made


@pytest.mark.parametrize(("table", "column", "value"), DAMAGE)
def test_a_value_that_nothing_can_be_made_of_names_the_table_and_not_itself(
    connection: sqlite3.Connection, table: str, column: str, value: object
) -> None:
    cell = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?"
    assert connection.execute(f"UPDATE {table} SET {column} = {cell}", (value,)).rowcount == 1  # noqa: S608 - ours
    with pytest.raises(RowDamaged) as refused:
        READS[table](SqlRepositories(database_over(connection)))
    assert f"the table {table} " in refused.value.detail
    assert QUOTED not in refused.value.detail
    assert refused.value.__suppress_context__


OTHER_TYPES = [
    ("agreements", "version", b"\x00\xff"),
    ("agreements", "in_force_from", 1.5),
    ("holders", "rules", b"rules"),
    ("holders", "data_key", QUOTED),
    ("holders", "holder_id", b"hld"),
    ("devices", "device_id", b"dev"),
    ("jobs", "attempts", QUOTED),
]
ALL_OF: dict[str, Callable[[SqlRepositories], object]] = {
    "agreements": lambda stored: stored.agreements.versions_that_count(),
    "holders": lambda stored: stored.holders.by_number_index(values.holder(full=True).number_index or b""),
    "devices": READS["devices"],
    "jobs": READS["jobs"],
}


@pytest.mark.parametrize(("table", "column", "value"), OTHER_TYPES)
def test_a_cell_of_another_type_than_its_column_is_damage_and_no_fault_of_whoever_reads_it(
    connection: sqlite3.Connection, table: str, column: str, value: object
) -> None:
    """SQLite stores any type in any column; what sorts, hashes or opens it would stumble far from here."""
    assert ALL_OF[table](SqlRepositories(database_over(connection))) is not None
    assert connection.execute(f"UPDATE {table} SET {column} = ?", (value,)).rowcount == 1  # noqa: S608 - ours
    with pytest.raises(RowDamaged) as refused:
        ALL_OF[table](SqlRepositories(database_over(connection)))
    assert f"the table {table} " in refused.value.detail
    assert QUOTED not in refused.value.detail


def test_another_fault_of_the_database_is_no_damaged_row(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE devices")
    with pytest.raises(sqlite3.OperationalError):
        READS["devices"](SqlRepositories(database_over(connection)))
