"""Clauses 3.5 and 2.3: a claim leaves only if scene and live grant both allow it; result only is the default."""

from __future__ import annotations

import re
from typing import Any

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service

HOTEL = "hotel_check_in"


def test_without_a_grant_a_claim_is_withheld_and_the_reason_given(service: Service) -> None:
    holder = service.holder("P01")
    answer = service.partners["hotel"].verify(service.code(holder["id"])["qr"], HOTEL, "masked_name", "age_over_18")
    result = answer.json()["result"]
    assert result["claims"] == {"is_person": True}
    assert result["withheld"] == {"masked_name": "not_granted", "age_over_18": "not_granted"}


def test_a_grant_given_on_a_request_covers_later_codes_at_that_partner_only(service: Service) -> None:
    holder = service.holder("P02")
    hotel = service.partners["hotel"]
    opened = hotel.post("/v1/requests", {"scene": HOTEL, "wants": ["masked_name"], "grant_days": 30}).json()
    service.http.post(f"/v1/test_helpers/requests/{opened['id']}/approve", json={"persona": "P02"}).raise_for_status()
    told = hotel.verify(service.code(holder["id"])["qr"], HOTEL, "masked_name").json()["result"]["claims"]
    assert told == {"is_person": True, "masked_name": "测*二"}
    esign = service.partners["esign"]
    other = esign.verify(service.code(holder["id"])["qr"], "contract_signing", "masked_name").json()["result"]
    assert other["withheld"] == {"masked_name": "not_granted"}


def test_a_scene_cannot_ask_beyond_what_it_was_approved_for(service: Service) -> None:
    holder = service.holder("P01")
    answer = service.partners["library"].verify(service.code(holder["id"])["qr"], "library_entry", "masked_name")
    assert (answer.status_code, answer.json()["code"]) == (403, "claim_not_allowed")


def test_a_restricted_holder_passes_low_scenes_and_is_plainly_not_passed_elsewhere(service: Service) -> None:
    holder = service.holder("P06")
    assert service.partners["hotel"].verify(service.code(holder["id"])["qr"], HOTEL).json()["outcome"] == "passed"
    answer = service.partners["esign"].verify(service.code(holder["id"])["qr"], "contract_signing")
    assert answer.json()["outcome"] == "not_passed"
    assert "restricted" not in answer.text


def test_refusing_a_request_is_a_normal_answer(service: Service) -> None:
    game = service.partners["game"]
    opened = game.post("/v1/requests", {"scene": "game_age_check", "wants": ["age_over_18"]}).json()
    service.http.post(f"/v1/test_helpers/requests/{opened['id']}/decline").raise_for_status()
    seen = game.get(f"/v1/requests/{opened['id']}").json()
    assert (seen["state"], seen["verification"]["outcome"]) == ("finished", "declined")
    assert "partner_code" not in seen["verification"]["result"]


def ask_hotel(service: Service, **more: object) -> tuple[str, str, str]:
    """Open a hotel's request for the masked name; return its id, the path of its link and the match number."""
    opened = service.partners["hotel"].post("/v1/requests", {"scene": HOTEL, "wants": ["masked_name"]} | more).json()
    return opened["id"], opened["url"].removeprefix(service.url), str(opened["match_number"])


def told_to_hotel(service: Service, request_id: str) -> dict[str, Any]:
    """Return the result of a request as the hotel reads it."""
    seen = service.partners["hotel"].get(f"/v1/requests/{request_id}").json()
    result: dict[str, Any] = seen["verification"]["result"]
    return result


def test_what_the_holder_leaves_off_on_the_page_does_not_leave(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测撤回", "110000199107010310", "19900000351")
    request_id, path, number = ask_hotel(service)
    page = citizen.open(path).text
    assert "还有谁会知道" in page
    assert "没有别人" in page
    citizen.send(path, act="agree", match=number)
    result = told_to_hotel(service, request_id)
    assert result["claims"] == {"is_person": True}
    assert result["withheld"] == {"masked_name": "not_granted"}


def test_what_was_withdrawn_on_the_receipt_no_longer_leaves(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测改名", "110000199701060249", "19900000352")
    request_id, path, number = ask_hotel(service, grant_days=30)
    citizen.open(path)
    receipt = citizen.send(path, act="agree", match=number, claim_masked_name="yes").text
    assert "masked_name" in told_to_hotel(service, request_id)["claims"]
    withdraw = re.search(r'action="(/grants/[^"]+/withdraw)"', receipt)
    assert withdraw is not None
    citizen.send(withdraw[1])
    later = service.partners["hotel"].verify(citizen.show_code(), HOTEL, "masked_name").json()["result"]
    assert later["withheld"] == {"masked_name": "not_granted"}


def test_a_report_is_between_the_holder_and_the_service(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测冒用", "110000199107020324", "19900000353")
    (request_id, reported, _), (other_id, refused, _) = ask_hotel(service), ask_hotel(service)
    citizen.open(reported)
    page = citizen.send(reported, act="report", claim_masked_name="yes").text
    assert re.search(r'data-ticket="[0-9]{10}"', page)
    citizen.open(refused)
    citizen.send(refused, act="refuse")
    first, second = told_to_hotel(service, request_id), told_to_hotel(service, other_id)
    assert first["outcome"] == second["outcome"] == "declined"
    assert first.keys() == second.keys()
