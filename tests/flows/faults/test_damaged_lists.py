"""What staff list at the command line shows what can be read, and says how many rows cannot be."""

from __future__ import annotations

import json
import shutil
import sqlite3
import warnings
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.adapters.storage.sql.tables import metadata
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.build import build
from eztong.wiring.settings import Settings
from tests.contract.storage.damage.test_lists_across_accounts import CASES
from tests.simulators.commands import Ran, run_one

LISTS = {
    "guardianships": ("guardians", "list", "--operator", "demo-li"),
    "applications": ("applications", "list"),
    "tickets": ("feedback", "list"),
    "talks": ("talks", "list"),
    "proposals": ("proposals", "list", "--all"),
    "operators": ("operators", "list"),
    "partner events": ("partners", "erasures"),
    "policy versions": ("policy", "list"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two rows for each list."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    assert run_one(("sandbox", "populate", "1"), folder).code == 0

    def fill(uow: UnitOfWork) -> None:
        for name in LISTS:
            # Guardianships of people who have no account: what is sealed of the others opens with no key of the folder.
            for number in (7, 8) if name == "guardianships" else (1, 2):
                CASES[name].add(uow, number)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        built = build(Settings(data_dir=folder))
    built.store.write(fill)
    built.close()
    with closing(sqlite3.connect(folder / "eztong.db")) as connection, connection:
        # The town's clock may stand before the day that they were told on.
        connection.execute("UPDATE partner_events SET tell_at = 0")
    return folder


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


def listed(data: Path, name: str) -> Ran:
    with closing(sqlite3.connect(data / "eztong.db")) as connection:
        query = "SELECT value FROM service_settings WHERE name = 'sandbox_operator_secret'"
        (secret,) = connection.execute(query).fetchone()
    return run_one((*LISTS[name], "--json"), data, EZTONG_OPERATOR_SECRET=str(secret))


def rows(ran: Ran) -> int:
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    return len(found if isinstance(found, list) else found.get("tickets", found.get("talks")))


def missing(ran: Ran) -> int:
    """Return how many rows the document or the message beside it says are missing."""
    found = json.loads(ran.out)
    if isinstance(found, dict):
        return int(found["unreadable"])
    return int("1 row could not be read; see eztong db check --full." in ran.err)


@pytest.mark.parametrize("name", LISTS)
def test_the_others_are_shown_and_what_is_missing_is_said(data: Path, name: str) -> None:
    case, whole = CASES[name], listed(data, name)
    assert missing(whole) == 0
    with closing(sqlite3.connect(data / "eztong.db")) as connection, connection:
        key = [column.name for column in metadata.tables[case.table].primary_key][-1]
        only = "state = 'under_review'" if name == "applications" else "1"
        newest = f"(SELECT max({key}) FROM {case.table} WHERE {only})"  # noqa: S608 - our own names
        done = connection.execute(f"UPDATE {case.table} SET {case.column} = 'damaged' WHERE {key} = {newest}")  # noqa: S608
        assert done.rowcount == 1
    ran = listed(data, name)
    assert rows(ran) == rows(whole) - 1
    assert missing(ran) == 1
