"""Clause 4.2.2: a lost answer can be asked for again; the same key and body give the same answer, once recorded."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.simulators.service import Service

HOTEL = "hotel_check_in"


def test_the_same_key_and_body_give_the_same_answer_byte_for_byte(service: Service) -> None:
    holder = service.holder("P01")
    code = service.code(holder["id"])["qr"]
    hotel = service.partners["hotel"]
    first, second = (hotel.verify(code, HOTEL, idempotency_key="retry-1") for _ in range(2))
    assert first.status_code == 200
    assert first.content == second.content
    listed = hotel.get("/v1/verifications").json()["data"]
    assert [entry["id"] for entry in listed].count(first.json()["id"]) == 1


def test_many_retries_at_once_make_one_verification(service: Service) -> None:
    holder = service.holder("P02")
    code = service.code(holder["id"])["qr"]
    hotel = service.partners["hotel"]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: hotel.verify(code, HOTEL, idempotency_key="retry-2"), range(12)))
    assert len({answer.content for answer in answers}) == 1


def test_the_same_key_with_another_body_is_a_conflict(service: Service) -> None:
    holder = service.holder("P11")
    hotel = service.partners["hotel"]
    hotel.verify(service.code(holder["id"])["qr"], HOTEL, idempotency_key="retry-3")
    answer = hotel.verify(service.code(holder["id"])["qr"], HOTEL, idempotency_key="retry-3")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_keys_of_one_partner_mean_nothing_to_another(service: Service) -> None:
    holder = service.holder("P12")
    service.partners["hotel"].verify(service.code(holder["id"])["qr"], HOTEL, idempotency_key="retry-4")
    code = service.code(holder["id"])["qr"]
    answer = service.partners["library"].verify(code, "library_entry", idempotency_key="retry-4")
    assert answer.json()["outcome"] == "passed"


def test_a_request_opened_twice_with_one_key_is_one_request(service: Service) -> None:
    game = service.partners["game"]
    body = {"scene": "game_age_check", "reference": "order-1"}
    first, second = (game.post("/v1/requests", body, idempotency_key="open-1").json() for _ in range(2))
    assert first["id"] == second["id"]
    assert first["url"] == second["url"]
