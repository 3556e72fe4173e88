"""An idempotency key: the same answer again, byte for byte; a conflict with another body; nothing else."""

from __future__ import annotations

import pytest

from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"


def test_the_answer_is_the_same_byte_for_byte_also_after_code_and_holder_are_gone(
    service: Service, hotel: Partner
) -> None:
    holder = service.somebody()
    code = service.code(holder)["qr"]
    first = hotel.verify(code, SCENE, "age_over_18", desk="front-1", idempotency_key="a-1")
    service.freeze(holder)
    service.advance(3600)
    again = hotel.verify(code, SCENE, "age_over_18", desk="front-1", idempotency_key="a-1")
    assert (first.status_code, first.content) == (200, again.content)
    assert hotel.get(f"/v1/verifications/{first.json()['id']}").content == first.content


def test_an_answer_that_told_a_name_is_the_same_byte_for_byte(service: Service, hotel: Partner) -> None:
    service.holder("P10")
    opened = hotel.post("/v1/requests", {"scene": SCENE, "wants": ["masked_name"], "grant_days": 1}).json()
    service.answer(opened["id"], "approve", "P10").raise_for_status()
    code = service.code(service.holder("P10")["id"])["qr"]
    first, again = (hotel.verify(code, SCENE, "masked_name", idempotency_key="a-2") for _ in range(2))
    assert expect_outcome(first, "passed")["result"]["claims"]["masked_name"] == "测*护"
    assert first.content == again.content


def test_any_other_body_is_a_conflict_and_leaves_its_code_alone(service: Service, hotel: Partner) -> None:
    shown = service.code(service.somebody())
    expect_outcome(hotel.verify(shown["qr"], SCENE, idempotency_key="a-3"), "passed")
    other = service.code(service.somebody())
    conflict = "idempotency_key_reused"
    expect_problem(hotel.verify(other["qr"], SCENE, idempotency_key="a-3"), 409, conflict)
    expect_problem(hotel.verify(shown["number"], SCENE, idempotency_key="a-3"), 409, conflict)
    expect_problem(hotel.verify(shown["qr"], SCENE, desk="front-1", idempotency_key="a-3"), 409, conflict)
    expect_problem(hotel.verify(shown["qr"], SCENE, "age_over_18", idempotency_key="a-3"), 409, conflict)
    expect_outcome(hotel.verify(other["qr"], SCENE, idempotency_key="a-4"), "passed")


def test_a_request_is_opened_once_and_another_body_is_a_conflict(hotel: Partner) -> None:
    body = {"scene": SCENE, "reference": "order-1"}
    first, again = (hotel.post("/v1/requests", body, idempotency_key="r-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    changed = hotel.post("/v1/requests", body | {"grant_days": 1}, idempotency_key="r-1")
    expect_problem(changed, 409, "idempotency_key_reused")


def test_one_key_serves_a_verification_and_a_request_without_mixing_them(service: Service, hotel: Partner) -> None:
    expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE, idempotency_key="both"), "passed")
    assert hotel.post("/v1/requests", {"scene": SCENE}, idempotency_key="both").status_code == 201


def test_a_refused_verification_uses_no_idempotency_key_up(service: Service, hotel: Partner) -> None:
    expect_problem(hotel.verify("881", SCENE, idempotency_key="a-5"), 422, "code_malformed")
    expect_problem(hotel.verify("881", "no_scene", idempotency_key="a-5"), 422, "code_malformed")
    expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE, idempotency_key="a-5"), "passed")


@pytest.mark.parametrize("key", ["", "k" * 129, "tab\there"])
def test_a_key_that_is_no_key_is_invalid_input(service: Service, hotel: Partner, key: str) -> None:
    code = service.code(service.somebody())["qr"]
    expect_problem(hotel.verify(code, SCENE, idempotency_key=key), 422, "input_invalid")
    expect_outcome(hotel.verify(code, SCENE), "passed")
