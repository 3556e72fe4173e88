"""Clause P-3: «use is acceptance» is not relied on; without recorded acceptances nobody is verified."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service


def withdraw_in_store(service: Service, holder_id: str) -> None:
    """Mark the newest authorisation as withdrawn, as a withdrawal would."""
    with closing(sqlite3.connect(service.data_dir / "eztong.db")) as database, database:
        database.execute(
            "UPDATE acceptances SET withdrawn_at = accepted_at WHERE holder_id = ? AND kind = 'authorisation'",
            (holder_id,),
        )


def test_a_person_who_accepted_nothing_can_give_no_identity_data(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    for path, fields in (
        ("/register/phone", {"phone": "19900000001"}),
        ("/register/identity", {"name": "测一一", "number": "11000019900307001X"}),
        ("/code", {}),
    ):
        answer = citizen.http.post(path, data={**citizen.hidden(), **fields}, follow_redirects=False)
        assert answer.status_code in {303, 307, 401, 403, 409}, (path, answer.status_code)
        assert "data-number" not in answer.text


def test_an_account_whose_authorisation_is_withdrawn_gets_no_code_and_is_told_so(service: Service) -> None:
    holder = service.holder("P11")
    withdraw_in_store(service, holder["id"])
    answer = service.http.post(f"/v1/test_helpers/holders/{holder['id']}/codes")
    assert answer.status_code == 403
    assert answer.json()["code"] == "agreement_not_accepted"


def test_an_account_with_both_acceptances_gets_a_code(service: Service) -> None:
    holder = service.holder("P12")
    assert len(service.code(holder["id"])["number"]) == 18


def test_every_code_names_the_acceptance_in_force_when_it_was_issued(service: Service) -> None:
    holder = service.holder("P13")
    service.code(holder["id"])
    with closing(sqlite3.connect(service.data_dir / "eztong.db")) as database:
        found = database.execute(
            "SELECT a.kind FROM codes c JOIN acceptances a ON a.acceptance_id = c.acceptance_id WHERE c.holder_id = ?",
            (holder["id"],),
        ).fetchall()
    assert found == [("authorisation",)]
