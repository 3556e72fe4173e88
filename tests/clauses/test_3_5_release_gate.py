"""Clauses 3.5 and 2.3: a claim leaves only if scene and live grant both allow it; result only is the default."""

from __future__ import annotations

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
