"""An account whose data key was destroyed: what told its holder's name is gone for good, and everybody is told so."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest

from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
PERSONA = "S900"


class Erased:
    """What a partner keeps of a holder who was erased: a named result, a request, a used code."""

    def __init__(self, service: Service, hotel: Partner) -> None:
        self.hotel = hotel
        holder_id = str(service.holder(PERSONA)["id"])
        self.request = hotel.post("/v1/requests", {"scene": SCENE, "wants": ["masked_name"], "grant_days": 7}).json()
        service.answer(self.request["id"], "approve", PERSONA, allow=["masked_name"]).raise_for_status()
        self.code = str(service.code(holder_id)["qr"])
        self.named = expect_outcome(self.verify("masked_name", idempotency_key="named-1"), "passed")
        assert "masked_name" in self.named["result"]["claims"]
        self.second = str(service.code(holder_id)["qr"])
        self.plain = expect_outcome(hotel.verify(self.second, SCENE), "passed")
        self.open = str(service.code(holder_id)["qr"])
        with closing(sqlite3.connect(service.database)) as connection, connection:
            connection.execute(
                "UPDATE holders SET data_key = x'', state = 'deregistered' WHERE holder_id = ?", (holder_id,)
            )

    def verify(self, *wants: str, **headers: str) -> httpx.Response:
        return self.hotel.verify(self.code, SCENE, *wants, **headers)


@pytest.fixture(scope="module")
def erased(service: Service) -> Erased:
    return Erased(service, service.partners["hotel"])


@pytest.mark.parametrize("path", ["/v1/verifications/{}", "/v1/verifications/{}/proof"])
def test_a_result_that_told_a_name_is_gone_with_a_clear_problem(erased: Erased, path: str) -> None:
    expect_problem(erased.hotel.get(path.format(erased.named["id"])), 409, "holder_erased")


def test_so_is_the_answer_of_a_request(erased: Erased) -> None:
    expect_problem(erased.hotel.get(f"/v1/requests/{erased.request['id']}"), 409, "holder_erased")


def test_so_is_the_answer_to_a_repeated_call(erased: Erased) -> None:
    expect_problem(erased.verify("masked_name", idempotency_key="named-1"), 409, "holder_erased")


def test_a_result_without_a_name_is_given_and_proved_as_before(erased: Erased) -> None:
    read = erased.hotel.get(f"/v1/verifications/{erased.plain['id']}").json()
    assert read["result"] == erased.plain["result"]
    proof: dict[str, Any] = erased.hotel.get(f"/v1/verifications/{erased.plain['id']}/proof").json()
    assert proof["document"] == erased.plain["result"]


def test_a_code_that_was_open_does_not_pass(erased: Erased) -> None:
    expect_outcome(erased.hotel.verify(erased.open, SCENE), "not_passed")


def test_a_used_code_is_refused_and_nobody_is_warned(erased: Erased) -> None:
    other = erased.hotel.verify(erased.second, SCENE, desk="front-1")
    expect_problem(other, 409, "code_already_used")


def test_the_erased_account_is_counted_and_is_no_problem_of_the_sealed_fields(erased: Erased, service: Service) -> None:
    report = json.loads(service.run("db", "check", "--full", "--json").stdout)
    assert erased.named
    assert report["erased_fields"] > 0
    assert not any("does not open" in problem for problem in report["problems"])
