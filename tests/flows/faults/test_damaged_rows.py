"""A row that cannot be read keeps no start, command or page from its work; doctor and commands say what to do."""

from __future__ import annotations

import json
import shutil
from http import HTTPStatus
from pathlib import Path

import pytest

from eztong.adapters.sandbox_controls import CLOCK_SETTING
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.posture import Severity
from eztong.usecases.deregistration.erase_listed import erase_listed
from eztong.wiring.doctor import CHECKS, examine
from eztong.wiring.settings import Settings
from tests.contract.storage.incidents.values import incident
from tests.flows.citizen.browser import Town
from tests.flows.faults.damaging import change, found, started
from tests.simulators.commands import run_one

SEALED = b"x" * 40


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two citizens and an incident in it."""
    folder = tmp_path_factory.mktemp("whole") / "data"
    assert run_one(("sandbox", "populate", "2"), folder).code == 0
    with started(folder) as built:
        built.store.write(lambda uow: uow.incidents.add(incident(1)))
        built.store.write(lambda uow: uow.incidents.add(incident(2)))
    return folder


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


@pytest.mark.parametrize(("column", "value"), [("sealed_phone", SEALED), ("data_key", SEALED), ("state", "damaged")])
def test_a_start_erases_whom_the_list_names_whatever_is_wrong_with_the_row(
    data: Path, column: str, value: object
) -> None:
    ((name,), *_) = change(data, "SELECT holder_id FROM holders WHERE length(data_key) > 0")
    with started(data) as built:
        built.erased.add(HolderId(str(name)))
    change(data, f"UPDATE holders SET {column} = ? WHERE holder_id = ?", value, name)  # noqa: S608 - ours
    with started(data) as built:
        assert built.unerased == []
    assert change(data, "SELECT length(data_key) FROM holders WHERE holder_id = ?", name) == [(0,)]
    assert found(data, "EZT017").severity is Severity.OK


def test_one_that_cannot_be_erased_keeps_no_start_and_doctor_names_it(data: Path) -> None:
    ((name,), *_) = change(data, "SELECT holder_id FROM holders WHERE length(data_key) > 0")
    with started(data) as built:
        built.erased.add(HolderId(str(name)))
    change(
        data,
        "CREATE TRIGGER refuse BEFORE UPDATE ON holders WHEN length(new.data_key) = 0"
        " BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )
    with started(data) as built:
        assert built.unerased == [name]
        finding = found(data, "EZT017")
        assert finding.severity is Severity.WARNING
        assert str(name) in finding.message
        change(data, "DROP TRIGGER refuse")
        assert erase_listed(built.unerased, services=built.services) == []
    assert found(data, "EZT017").severity is Severity.OK


def test_an_incident_that_cannot_be_read_hides_no_other(data: Path) -> None:
    change(data, "UPDATE incidents SET kind = 'damaged' WHERE incident_id = ?", incident(1).incident_id)
    with started(data) as built:
        board = built.services.incidents.look()
        assert [one.incident_id for one in board.running] == [incident(2).incident_id]
    listed = json.loads(run_one(("incidents", "list", "--all", "--json"), data).out)
    assert ([one["id"] for one in listed["incidents"]], listed["unreadable"]) == ([incident(2).incident_id], 1)
    assert "1 cannot be read" in found(data, "EZT014").message


def test_a_check_that_fails_itself_is_an_error_and_the_others_are_run(data: Path) -> None:
    change(data, "INSERT OR REPLACE INTO service_settings (name, value) VALUES (?, 'damaged')", CLOCK_SETTING)
    findings = {one.check: one for one in examine(Settings(data_dir=data))}
    assert findings["EZT014"].severity is Severity.ERROR
    assert "ValueError" in findings["EZT014"].advice
    assert {f"EZT{number:03d}" for number in range(1, len(CHECKS) + 1)} == set(findings)


@pytest.mark.parametrize("table", ["partners", "merchants"])
def test_a_start_that_needs_the_row_says_which_table_and_what_to_do(data: Path, table: str) -> None:
    change(data, f"UPDATE {table} SET state = 'damaged'")  # noqa: S608 - ours
    ran = run_one(("partners", "list"), data)
    assert ran.code == 3
    assert f"the table {table} " in ran.err
    assert "eztong db check" in ran.err


def test_what_stands_beside_a_page_and_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    town = Town(tmp_path / "data")
    browser = town.browser()
    browser.register()
    ((name,),) = change(tmp_path / "data", "SELECT holder_id FROM holders WHERE length(data_key) > 0")
    change(
        tmp_path / "data",
        "INSERT INTO phone_changes (holder_id, change_id, state, way, session_hash, sealed_old, sealed_new, asked_at)"
        " VALUES (?, 'phc_1', 'damaged', 'both', x'00', x'00', x'00', 0)",
        name,
    )
    assert {path: browser.client.get(path).status_code for path in ("/about", "/lost", "/code")} == dict.fromkeys(
        ("/about", "/lost", "/code"), 200
    )
    town.built.close()


@pytest.mark.parametrize(("table", "column"), [("scenes", "when_old"), ("scenes", "claims"), ("partners", "state")])
def test_a_damaged_partner_or_scene_keeps_nobody_from_switching_it_off(tmp_path: Path, table: str, column: str) -> None:
    town = Town(tmp_path / "data")
    browser = town.browser()
    browser.register()
    browser.unlock()
    broken = f"UPDATE {table} SET {column} = CAST(x'ff' AS TEXT) WHERE partner_id = 'hotel'"  # noqa: S608 - ours
    change(tmp_path / "data", broken)
    assert browser.send("/grants/partners/game", switch="off").status_code == HTTPStatus.OK
    page = browser.client.get("/grants").text
    assert 'data-partner="game" data-on="no"' in page
    assert browser.client.get("/records").status_code == HTTPStatus.OK
    town.built.close()
