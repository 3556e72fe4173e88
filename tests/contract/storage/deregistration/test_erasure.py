"""The eraser: every row of one account is removed or emptied as the list says, and no row of anybody else."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, LargeBinary

from eztong.adapters.storage.sql.repositories.deregistration.erasure import REACHED
from eztong.adapters.storage.sql.tables import metadata
from eztong.domain.deregistration.erasure import ERASURE, Lot
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.identifiers import HolderId
from eztong.ports.storage.deregistration.erasure import Leaver
from tests.contract.storage.stage import World, at

LEAVER, OTHER = "hld_leaver", "hld_other"
# What leads from a table without the account's id to the account.
LINKS: dict[str, dict[str, Any]] = {
    "requests": {"partner_id": "p", "request_id": "req", "reference": "of the partner", "aside_for": None},
    "eid_flows": {"partner_id": "p", "request_id": "req"},
    "ticket_messages": {"ticket_id": "tkt"},
    "tickets": {"ticket_id": "tkt", "state": "open", "closed_at": None},
    "talks": {"ticket_id": "tkt", "stage": "open", "ended_at": None, "why_failed": None},
    "verifications": {"partner_id": "p", "request_id": "req"},
    "grants": {"state": "granted"},
    "jobs": {"ended_at": None, "kind": "outbox"},
}


def row(table: str, owner: str, **fixed: Any) -> dict[str, Any]:  # noqa: ANN401 - as the columns take them
    """Return a row of ``owner`` in which every column has a value that names the owner."""
    values: dict[str, Any] = {}
    for column in metadata.tables[table].columns:
        match column.type:
            case LargeBinary():
                values[column.name] = f"{column.name} {owner}".encode()
            case BigInteger() | Integer():
                values[column.name] = 1
            case _:
                values[column.name] = f"{column.name} {owner}"
    for name in {"holder_id", "ward_id", "elder_id"} & values.keys():
        values[name] = owner
    for name, value in LINKS.get(table, {}).items():
        values[name] = f"{value} {owner}" if isinstance(value, str) and name.endswith("_id") else value
    return values | fixed


def fill(world: World, owner: str) -> None:
    with world.aside() as connection:
        for table in [*sorted(REACHED), "verifications", "codes"]:
            values = row(table, owner)
            marks = ", ".join("?" * len(values))
            statement = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608 - our own names
            connection.execute(statement, list(values.values()))


def rows(world: World, table: str, owner: str) -> list[dict[str, Any]]:
    """Return the rows that name ``owner`` in any column."""
    names = metadata.tables[table].columns.keys()
    with world.aside() as connection:
        found = connection.rows(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - our own names
    named = [dict(zip(names, one, strict=True)) for one in found]
    return [one for one in named if any(owner in _text(value) for value in one.values())]


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def erase(world: World, *, held: bool = False, shared: bool = False) -> None:
    leaver = Leaver(
        holder_id=HolderId(LEAVER),
        number_index=f"number_index {LEAVER}".encode(),
        phone_index=f"phone_index {LEAVER}".encode(),
        held=held,
        phone_is_shared=shared,
        budget_subjects=[f"subject {LEAVER}".encode()],
    )
    world.store.write(lambda uow: uow.erasure.erase(leaver, now=at(5)))


@pytest.fixture
def filled(world: World) -> World:
    for owner in (LEAVER, OTHER):
        fill(world, owner)
    return world


@pytest.mark.parametrize("table", sorted(REACHED))
def test_each_table_is_as_the_list_says(filled: World, table: str) -> None:
    others = rows(filled, table, OTHER)
    erase(filled)
    left = rows(filled, table, LEAVER)
    if ERASURE[table].lot is Lot.EMPTIED:
        assert len(left) == 1
        personal = ("sealed", "sealed_settings", "sealed_confirmations", "sealed_context", "sealed_note", "user_info")
        assert not [name for name in personal if left[0].get(name)]
        assert not left[0].get("reference") or table != "requests"
    else:
        assert left == []
    assert rows(filled, table, OTHER) == others != []


def test_what_stays_open_is_ended(filled: World) -> None:
    erase(filled)
    assert [one["state"] for one in rows(filled, "grants", LEAVER)] == ["withdrawn"]
    assert [one["state"] for one in rows(filled, "tickets", LEAVER)] == ["closed"]
    assert [one["ended_as"] for one in rows(filled, "jobs", LEAVER)] == ["withdrawn"]


def test_a_case_keeps_the_history_and_nothing_else(filled: World) -> None:
    erase(filled, held=True)
    kept = {table for table in REACHED if rows(filled, table, LEAVER)}
    emptied = {table for table, one in ERASURE.items() if one.lot is Lot.EMPTIED}
    assert kept == (emptied | {"holder_events", "code_attempts", "cases", "case_steps", "case_evidence"}) & REACHED


def test_the_messages_of_a_shared_phone_stay(filled: World) -> None:
    erase(filled, shared=True)
    assert rows(filled, "inbox", LEAVER) != []


def test_a_request_that_waits_to_be_declined_for_the_account_is_let_go(world: World) -> None:
    with world.aside() as connection:
        for table, fixed in (
            ("requests", {"request_id": "waits", "aside_for": LEAVER, "declines_at": 9}),
            ("jobs", {"kind": "refusals", "key": "waits"}),
        ):
            values = row(table, LEAVER, **fixed)
            marks = ", ".join("?" * len(values))
            connection.execute(
                f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})",  # noqa: S608 - our own names
                list(values.values()),
            )
    erase(world)
    with world.aside() as connection:
        assert connection.rows("SELECT aside_for, declines_at FROM requests") == [(None, None)]


@pytest.mark.parametrize("held", [True, False])
def test_of_evidence_that_goes_a_stub_keeps_the_claim(filled: World, *, held: bool) -> None:
    (tried,) = rows(filled, "code_attempts", LEAVER)
    erase(filled, held=held)
    left = (tried["batch_id"], tried["leaf_index"], leaf_hash(tried["document"]), "code_attempts", tried["at"])
    with filled.aside() as connection:
        stubs = connection.rows("SELECT batch_id, leaf_index, leaf_hash, attested, at FROM leaf_stubs")
    assert stubs == ([] if held else [left])


def test_of_a_try_that_was_never_attested_nothing_is_left(world: World) -> None:
    fill(world, LEAVER)
    with world.aside() as connection:
        connection.execute("UPDATE code_attempts SET document = NULL, batch_id = NULL, leaf_index = NULL")
    erase(world)
    assert rows(world, "code_attempts", LEAVER) == rows(world, "leaf_stubs", "") == []
