"""Clause 5.3: the place of signing is a setting, printed into the version that people accept, and stays with it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import take_copy
from tests.simulators.service import Service, run_cli, running

PLACE = "青山市南区"
ANOTHER = "绿水市北区"


def clause(service: Service, number: str, after: str) -> str:
    """Return a clause as the page shows it."""
    page = Citizen(service).open("/documents/service").text
    return page.partition(f'id="clause-{number}"')[2].partition(f'id="clause-{after}"')[0]


def text_hash(service: Service) -> str:
    """Return the hash of the text in force, as its page names it."""
    found = re.search(r"\b[0-9a-f]{64}\b", Citizen(service).open("/documents/service").text)
    assert found is not None
    return found[0]


def test_the_place_stands_in_the_clause_and_changes_neither_in_the_text_nor_unnoticed(tmp_path: Path) -> None:
    with running(tmp_path / "data", with_partners=False, place_of_signing=PLACE) as service:
        assert PLACE in clause(service, "5.3", "5.4")
        accepted = text_hash(service)
        citizen = Citizen(service)
        citizen.register("测一一", "11000019900307001X", "19900000531")
        (signed,) = [one for one in take_copy(citizen)["acceptances"] if one["kind"] == "service"]
        assert signed["text_hash"] == accepted
    told = run_cli("doctor", "--json", data_dir=tmp_path / "data", place_of_signing=ANOTHER)
    checks = {one["check"]: one["severity"] for one in json.loads(told.stdout)["findings"]}
    assert checks["EZT010"] != "ok"
    with running(tmp_path / "data", with_partners=False, place_of_signing=ANOTHER) as service:
        assert PLACE in clause(service, "5.3", "5.4")
        assert ANOTHER not in clause(service, "5.3", "5.4")
        assert text_hash(service) == accepted


def test_another_place_makes_another_text_with_another_hash(service: Service, tmp_path: Path) -> None:
    with running(tmp_path / "data", with_partners=False, place_of_signing=PLACE) as other:
        assert text_hash(other) != text_hash(service)


def test_the_court_is_that_of_the_place(service: Service) -> None:
    assert "签订地" in clause(service, "5.2", "5.3")
