"""Partner-started requests: opened by a partner, answered by a holder, finished once; and the grants they leave."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.simulators.batches import check
from tests.simulators.citizen import Citizen
from tests.simulators.evidence import proof_of, published
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
FINISHED = "request_finished"


def opened(caller: Partner, **fields: object) -> dict[str, Any]:
    """Open a request."""
    answer = caller.post("/v1/requests", {"scene": SCENE, **fields})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def read(caller: Partner, request: dict[str, Any]) -> dict[str, Any]:
    """Read a request again."""
    found: dict[str, Any] = caller.get(f"/v1/requests/{request['id']}").json()
    return found


def path_of(request: dict[str, Any]) -> str:
    """Return the path of the request's link."""
    return "/" + str(request["url"]).split("/", 3)[3]


def test_an_open_request_says_how_to_reach_the_holder(service: Service, hotel: Partner) -> None:
    request = opened(hotel, wants=["age_over_18"], grant_days=7, reference="order-17", desk="front-1")
    assert request["state"] == "init"
    assert request["url"].startswith(service.url)
    assert 10 <= request["match_number"] <= 99
    assert request["qr_svg"].startswith("<svg xmlns=")
    assert (request["wants"], request["grant_days"], request["reference"]) == (
        ["age_over_18", "is_person"],
        7,
        "order-17",
    )
    assert request["verification"] is None
    assert request["id"] not in request["url"], "the link cannot be guessed from the id"


def test_a_holder_who_opens_compares_and_agrees_on_the_page_finishes_it(service: Service, hotel: Partner) -> None:
    request = opened(hotel, wants=["age_over_18", "masked_name"])
    citizen = Citizen(service)
    citizen.register("测一二", "110000199003080023", "19900000002")
    page = citizen.open(path_of(request)).text
    offered = re.findall(r'type="radio" name="match" value="(\d+)"', page)
    assert len(set(offered)) == 3
    assert str(request["match_number"]) in offered
    assert "checked" not in page, "every switch starts off"
    assert read(hotel, request)["state"] == "doing"
    citizen.send(path_of(request), act="agree", match=str(request["match_number"]), claim_age_over_18="yes")
    done = read(hotel, request)
    assert done["state"] == "finished"
    result = done["verification"]["result"]
    assert (result["outcome"], result["request"], result["method"]) == ("passed", request["id"], "request")
    assert result["claims"] == {"is_person": True, "age_over_18": True}
    assert result["withheld"] == {"masked_name": "not_granted"}
    assert check(proof_of(done["verification"]), published(service)).document == result


def test_a_wrong_match_number_ends_the_request_as_an_ordinary_refusal(service: Service, hotel: Partner) -> None:
    request = opened(hotel)
    citizen = Citizen(service)
    citizen.register("测买·艾试", "650000199202020117", "19900000011")
    page = citizen.open(path_of(request)).text
    offered = re.findall(r'type="radio" name="match" value="(\d+)"', page)
    wrong = next(number for number in offered if number != str(request["match_number"]))
    answer = citizen.send(path_of(request), act="agree", match=wrong)
    assert 'data-outcome="declined"' in answer.text
    done = read(hotel, request)
    assert (done["state"], done["verification"]["result"]["outcome"]) == ("finished", "declined")
    assert "match" not in str(done["verification"])


def test_somebody_without_an_account_learns_who_asks_but_cannot_answer(service: Service, hotel: Partner) -> None:
    request = opened(hotel)
    page = Citizen(service).open(path_of(request)).text
    assert "示例酒店" in page
    assert 'name="act"' not in page
    assert read(hotel, request)["state"] == "init"


def test_a_link_that_was_never_given_leads_nowhere(service: Service) -> None:
    assert Citizen(service).open("/r/" + "A" * 32).status_code == 404


def test_a_declined_request_is_a_signed_answer_without_a_partner_code(service: Service, hotel: Partner) -> None:
    request = opened(hotel, wants=["age_over_18"])
    service.somebody()
    service.answer(request["id"], "decline", "S0").raise_for_status()
    done = read(hotel, request)
    result = done["verification"]["result"]
    assert (done["state"], result["outcome"]) == ("finished", "declined")
    assert "partner_code" not in result
    assert "claims" not in result
    assert check(proof_of(done["verification"]), published(service)).document == result


def test_a_request_that_nobody_answers_times_out_and_cannot_be_answered_later(service: Service, hotel: Partner) -> None:
    request = opened(hotel)
    service.advance(599)
    assert read(hotel, request)["state"] == "init"
    service.advance(2)
    assert read(hotel, request)["state"] == "timeout"
    expect_problem(service.answer(request["id"], "approve", "P01"), 409, FINISHED)
    listed = hotel.get("/v1/requests").json()["data"]
    assert next(entry for entry in listed if entry["id"] == request["id"])["state"] == "timeout"


def test_a_request_is_answered_once_however_many_answers_come(service: Service, hotel: Partner) -> None:
    request = opened(hotel)
    for persona in ("P10", "P28"):
        service.holder(persona)
    acts = [("approve", "P10"), ("decline", "P10"), ("approve", "P28"), ("decline", "P28")] * 2
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda act: service.answer(request["id"], *act), acts))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    made = service.rows("SELECT count(*) FROM verifications WHERE request_id = ?", request["id"])
    assert made == [(1,)]


def test_an_unknown_request_cannot_be_answered(service: Service) -> None:
    expect_problem(service.answer("req_01KF0000000000000000000000", "approve", "P01"), 404, "not_found")


def test_a_grant_of_no_days_serves_this_once_and_a_grant_of_days_until_its_end(
    service: Service, hotel: Partner
) -> None:
    holder = service.holder("P12")["id"]

    def told() -> dict[str, Any]:
        answered = expect_outcome(hotel.verify(service.code(holder)["qr"], SCENE, "age_over_18"), "passed")
        return dict(answered["result"]["claims"])

    for days, later in ((0, {"is_person": True}), (2, {"is_person": True, "age_over_18": True})):
        request = opened(hotel, wants=["age_over_18"], grant_days=days)
        service.answer(request["id"], "approve", "P12").raise_for_status()
        assert read(hotel, request)["verification"]["result"]["claims"] == {"is_person": True, "age_over_18": True}
        assert told() == later
    service.advance(2 * 86_400)
    assert told() == {"is_person": True}


def test_only_the_claims_left_switched_on_are_granted(service: Service, hotel: Partner) -> None:
    request = opened(hotel, wants=["age_over_18", "masked_name", "age_over_14"], grant_days=30)
    service.answer(request["id"], "approve", "P13", allow=["age_over_14"]).raise_for_status()
    result = read(hotel, request)["verification"]["result"]
    assert result["claims"] == {"is_person": True, "age_over_14": True}
    assert result["withheld"] == {"age_over_18": "not_granted", "masked_name": "not_granted"}
    code = service.code(service.holder("P13")["id"])["qr"]
    later = expect_outcome(hotel.verify(code, SCENE, "age_over_14", "masked_name"), "passed")["result"]
    assert later["claims"] == {"is_person": True, "age_over_14": True}


def test_a_claim_that_was_not_wanted_is_not_granted_by_allowing_it(service: Service, hotel: Partner) -> None:
    request = opened(hotel, wants=["age_over_18"], grant_days=30)
    service.answer(request["id"], "approve", "P26", allow=["age_over_18", "masked_name"]).raise_for_status()
    assert "masked_name" not in read(hotel, request)["verification"]["result"]["claims"]
    code = service.code(service.holder("P26")["id"])["qr"]
    later = expect_outcome(hotel.verify(code, SCENE, "masked_name"), "passed")["result"]
    assert later["withheld"] == {"masked_name": "not_granted"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scene": "library_entry"}, 403, "scene_not_allowed"),
        ({"scene": SCENE, "desk": "gate-1"}, 422, "desk_unknown"),
        ({"scene": SCENE, "wants": ["citizen_number"]}, 422, "input_invalid"),
        ({"scene": SCENE, "grant_days": 181}, 422, "input_invalid"),
        ({"scene": SCENE, "grant_days": -1}, 422, "input_invalid"),
        ({"scene": SCENE, "reference": "a b"}, 422, "input_invalid"),
        ({"scene": SCENE, "reference": "x" * 65}, 422, "input_invalid"),
        ({"scene": SCENE, "callback": "https://attacker.example"}, 422, "input_invalid"),
        ({}, 422, "input_invalid"),
        ([], 422, "input_invalid"),
    ],
)
def test_a_request_that_may_not_be_asked_is_refused(hotel: Partner, body: object, status: int, code: str) -> None:
    expect_problem(hotel.post("/v1/requests", body), status, code)


def test_a_claim_beyond_the_scene_may_not_be_asked(service: Service) -> None:
    game = service.partners["game"]
    answer = game.post("/v1/requests", {"scene": "game_age_check", "wants": ["masked_name"]})
    expect_problem(answer, 403, "claim_not_allowed")
