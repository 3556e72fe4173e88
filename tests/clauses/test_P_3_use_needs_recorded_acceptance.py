"""Clause P-3: «use is acceptance» is not relied on; without recorded acceptances nobody is verified."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.problems import expect_problem
from tests.simulators.service import Service, running


def put_new_texts_in_force(service: Service, change_class: str) -> None:
    """Put a next version of both documents in force, as a publication would."""
    with closing(sqlite3.connect(service.database)) as database, database:
        database.execute(
            "INSERT INTO agreements SELECT kind, version || ?1, language, title, text || 'More.', "
            "substr(text_hash, 2) || '0', ?1, state, in_force_from FROM agreements WHERE state = 'in_force'",
            (change_class,),
        )
        database.execute("UPDATE agreements SET state = 'superseded' WHERE version NOT LIKE '%' || ?", (change_class,))


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


def test_a_browser_that_arrives_past_the_documents_page_is_led_to_it(service: Service) -> None:
    citizen = Citizen(service)
    for path in ("/register/phone", "/register/otp", "/register/identity", "/register/result"):
        answer = citizen.open(path)
        assert answer.url.path == "/", path
        assert 'href="/register"' in answer.text
        assert "<form" not in answer.text


def test_a_browser_without_a_session_is_led_to_sign_in_which_names_registration(service: Service) -> None:
    citizen = Citizen(service)
    for path in ("/code", "/freeze", "/me/agreements"):
        answer = citizen.open(path)
        assert answer.url.path == "/sign-in", path
        assert 'href="/register"' in answer.text


def test_who_accepted_an_older_version_gets_no_code_unless_the_change_needs_no_consent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running(tmp_path_factory.mktemp("new-text") / "data") as service:
        holder = service.somebody()
        citizen = Citizen(service)
        citizen.register("测一二", "110000199003080023", "19900000002")
        game = service.partners["game"]
        request = game.post("/v1/requests", {"scene": "game_age_check", "wants": ["age_over_18"]}).json()
        put_new_texts_in_force(service, "C")
        assert service.ask_code(holder).status_code == 201
        for change_class in ("B", "A"):
            put_new_texts_in_force(service, change_class)
            expect_problem(service.ask_code(holder), 403, "agreement_not_accepted")
            expect_problem(service.answer(request["id"], "approve", "S0"), 403, "agreement_not_accepted")
        assert game.get(f"/v1/requests/{request['id']}").json()["state"] == "init"
        refused = citizen.open("/code")
        assert refused.status_code == 403
        assert 'data-error="agreement_not_accepted"' in refused.text
        assert 'href="/register"' in refused.text, "the way to the documents"


def test_a_holder_whose_acceptance_has_lapsed_reads_and_accepts_again_on_the_same_account(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测改名", "110000199701060249", "19900000120")
    holder_id = service.rows("SELECT holder_id FROM holders ORDER BY holder_id DESC LIMIT 1")[0][0]
    assert citizen.show_code()
    withdraw_in_store(service, holder_id)
    refused = citizen.open("/code")
    assert refused.status_code == 403
    assert 'href="/register"' in refused.text
    citizen.open("/register")
    citizen.send("/register", **TICKS)
    assert citizen.show_code()
    kinds = service.rows("SELECT kind FROM acceptances WHERE holder_id = ?", holder_id)
    assert sorted(kind for (kind,) in kinds) == ["authorisation", "authorisation", "service"]
