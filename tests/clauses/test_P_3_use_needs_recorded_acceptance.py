"""Clause P-3: «use is acceptance» is not relied on; without recorded acceptances nobody is verified."""

from __future__ import annotations

from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.own_copy import copy_of, signed_in, take_copy
from tests.simulators.problems import expect_problem
from tests.simulators.service import Service

WITHDRAWAL = "/me/agreements/withdraw"


def withdraw(citizen: Citizen) -> None:
    """Withdraw the authorisation on its page."""
    citizen.open(WITHDRAWAL)
    assert citizen.send(WITHDRAWAL).is_success


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
    citizen = signed_in(service, holder["id"])
    withdraw(citizen)
    expect_problem(service.ask_code(holder["id"]), 403, "agreement_not_accepted")
    game = service.partners["game"]
    request = game.post("/v1/requests", {"scene": "game_age_check", "wants": ["age_over_18"]}).json()
    expect_problem(service.answer(request["id"], "approve", "P11"), 403, "agreement_not_accepted")
    assert game.get(f"/v1/requests/{request['id']}").json()["state"] == "init"
    refused = citizen.open("/code")
    assert refused.status_code == 403
    assert 'data-error="agreement_not_accepted"' in refused.text


def test_an_account_with_both_acceptances_gets_a_code(service: Service) -> None:
    holder = service.holder("P12")
    assert len(service.code(holder["id"])["number"]) == 18


def test_every_code_names_the_acceptance_in_force_when_it_was_issued(service: Service) -> None:
    holder = service.holder("P13")
    service.code(holder["id"])
    copy = copy_of(service, holder["id"])
    kinds = {one["acceptance_id"]: one["kind"] for one in copy["acceptances"]}
    assert [kinds[code["acceptance_id"]] for code in copy["codes"]] == ["authorisation"]


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


def test_a_holder_whose_acceptance_has_lapsed_reads_and_accepts_again_on_the_same_account(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测改名", "110000199701060249", "19900000120")
    assert citizen.show_code()
    withdraw(citizen)
    refused = citizen.open("/code")
    assert refused.status_code == 403
    assert 'href="/register"' in refused.text
    citizen.open("/register")
    citizen.send("/register", **TICKS)
    assert citizen.show_code()
    accepted = take_copy(citizen)["acceptances"]
    assert sorted(one["kind"] for one in accepted) == ["authorisation", "authorisation", "service"]
    assert [one["kind"] for one in accepted if one["withdrawn_at"] is not None] == ["authorisation"]
