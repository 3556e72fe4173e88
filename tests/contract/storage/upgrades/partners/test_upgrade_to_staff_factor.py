"""The upgrade to the app of desk staff and the end of a desk leaves all as it was; the way back opens nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from rich.progress import Progress

from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.storage.sqlite.row_seals import seal_rows_of_before
from eztong.adapters.storage.sqlite.schema import schema_differences, upgrade_schema
from eztong.cli.data.database_audit import audit_database
from eztong.domain.desks.desk import Desk
from eztong.domain.desks.staff import StaffState
from eztong.domain.identifiers import PartnerId
from eztong.ports.storage.store import UnitOfWork
from tests.contract.storage.revisions import insert, move
from tests.contract.storage.stage import World, at, open_sqlite

BEFORE = "0053"
HOTEL = PartnerId("hotel")
PARTNER = {"partner_id": "hotel", "name": "h", "name_en": "h", "sector_id": "s", "state": "approved", "created_at": 1}
STAFF = {"partner_id": "hotel", "label": "", "password_hash": "$argon2id$x", "state": "active", "created_at": 1}


@pytest.fixture
def database(tmp_path: Path, keys: FileKeyring) -> Path:
    """A database of the version before with two desks and two accounts, brought up to date."""
    path = tmp_path / "eztong.db"
    move(path, BEFORE)
    insert(path, "service_settings", {"name": "row_seals", "value": "pending"})
    insert(path, "partners", PARTNER)
    for number in (1, 2):
        insert(path, "desks", {"partner_id": "hotel", "desk": f"front-{number}", "name": "前台"})
        insert(path, "staff", STAFF | {"staff_id": f"stf_{number}", "login": f"shift-{number}", "wrong_tries": 0})
    upgrade_schema(path)
    seal_rows_of_before(path, keys)
    return path


def test_nobody_needs_an_app_and_every_desk_is_open(database: Path, keys: FileKeyring) -> None:
    assert schema_differences(database) == []
    world = World(keys, open_sqlite, database)
    with world.store.read() as stored:
        partner, staff = stored.partners.get(HOTEL), stored.staff.by_login("shift-1")
        assert all(one.is_open for one in stored.partners.all_desks(HOTEL))
    assert partner is not None
    assert staff is not None
    assert (partner.wants_factor, staff.is_set_up, staff.used_step) == (False, False, None)
    world.store.close()
    with Progress(disable=True) as bar:
        problems = audit_database(database, keys, bar, full=True).problems
    assert [one for one in problems if any(word in one for word in ("staff", "desks", "partners"))] == []


def test_the_way_back_opens_neither_an_account_with_an_app_nor_an_ended_desk(database: Path, keys: FileKeyring) -> None:
    world = World(keys, open_sqlite, database)

    def change(uow: UnitOfWork) -> None:
        staff = uow.staff.by_login("shift-1")
        assert staff is not None
        made = replace(staff, password_hash="$argon2id$y", second_factor=b"sealed", used_step=1)
        assert uow.staff.set_up(made, seen=staff.password_hash)
        uow.partners.set_desk(HOTEL, Desk(desk="front-1", name="前台", ended_at=at(1)))
        uow.partners.set_factor(HOTEL, is_wanted=True)
        uow.settings.set("staff_factor_sectors", "s")

    world.store.write(change)
    world.store.close()
    move(database, BEFORE, down=True)
    with closing(sqlite3.connect(database)) as connection:
        states = dict(connection.execute("SELECT login, state FROM staff").fetchall())
        desks = [name for (name,) in connection.execute("SELECT desk FROM desks").fetchall()]
        settings = {name for (name,) in connection.execute("SELECT name FROM service_settings").fetchall()}
    assert states == {"shift-1": StaffState.DISABLED.value, "shift-2": StaffState.ACTIVE.value}
    assert desks == ["front-2"]
    assert "staff_factor_sectors" not in settings
    upgrade_schema(database)
    seal_rows_of_before(database, keys)
    assert schema_differences(database) == []
