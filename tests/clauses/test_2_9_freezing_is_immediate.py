"""Clause 2.9: a frozen account is refused everywhere at once, and its codes never come back."""

from __future__ import annotations

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

HOTEL = "hotel_check_in"


def test_a_code_issued_before_the_freeze_is_not_passed_within_the_second_and_the_reason_stays_secret(
    service: Service,
) -> None:
    holder = service.holder("P01")
    code = service.code(holder["id"])["qr"]
    service.http.post(f"/v1/test_helpers/holders/{holder['id']}/freeze").raise_for_status()
    answer = service.partners["hotel"].verify(code, HOTEL)
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "not_passed"
    assert "partner_code" not in answer.json()["result"]
    assert "frozen" not in answer.text


def test_freezing_twice_is_the_same_as_once(service: Service) -> None:
    holder = service.holder("P02")
    answers = [service.http.post(f"/v1/test_helpers/holders/{holder['id']}/freeze").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["state"] == "frozen"


def test_a_frozen_account_gets_no_new_code(service: Service) -> None:
    holder = service.holder("P15")
    answer = service.http.post(f"/v1/test_helpers/holders/{holder['id']}/codes")
    assert (answer.status_code, answer.json()["code"]) == (409, "holder_frozen")


def test_a_holder_freezes_on_the_page_is_told_by_message_and_the_code_on_the_screen_is_dead(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测将期", "330000197809100072", "19900000007")
    number = citizen.show_code()
    citizen.open("/freeze")
    citizen.send("/freeze")
    assert service.partners["hotel"].verify(number, HOTEL).json()["outcome"] == "not_passed"
    service.wait_for(lambda: "account_frozen" in service.inbox())


def test_a_frozen_holder_cannot_approve_a_request(service: Service) -> None:
    service.holder("P15")
    request = service.partners["game"].post("/v1/requests", {"scene": "game_age_check"}).json()
    answer = service.http.post(f"/v1/test_helpers/requests/{request['id']}/approve", json={"persona": "P15"})
    assert answer.status_code == 409
