"""Clause 2.2: the presentation code is made by the service from the eID mark, and only the service verifies it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import httpx
import pytest

from tests.simulators.evidence import check_independently, proof_of, published, unknown_number
from tests.simulators.own_copy import copy_of
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"


def test_a_code_shown_as_qr_or_read_out_as_digits_is_verified_by_the_service(service: Service, hotel: Partner) -> None:
    holder = service.somebody()
    by_qr = expect_outcome(hotel.verify(service.code(holder)["qr"], SCENE), "passed")
    by_number = expect_outcome(hotel.verify(service.code(holder)["number"], SCENE), "passed")
    assert (by_qr["result"]["method"], by_number["result"]["method"]) == ("qr", "number")
    assert by_qr["result"]["claims"] == {"is_person": True}


def test_many_parallel_verifications_of_one_code_at_one_desk_make_one_verification(
    service: Service, hotel: Partner
) -> None:
    holder = service.somebody()
    before = [entry["id"] for entry in hotel.get("/v1/verifications").json()["data"]]
    shown = service.code(holder)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda spelling: hotel.verify(shown[spelling], SCENE), ("qr", "number") * 8))
    assert {answer.status_code for answer in answers} == {200}
    (made,) = {answer.json()["id"] for answer in answers}
    assert [kept["verification_id"] for kept in copy_of(service, holder)["verifications"]] == [made]
    listed = [entry["id"] for entry in hotel.get("/v1/verifications").json()["data"]]
    assert len(listed) == len(before) + 1
    assert set(listed) - set(before) == {made}


@pytest.mark.parametrize("spellings", [("qr", "qr"), ("qr", "number")])
def test_of_two_desks_that_verify_one_code_at_once_exactly_one_passes(
    service: Service, hotel: Partner, spellings: tuple[str, str]
) -> None:
    # What other tests replayed at these desks is forgotten by then.
    service.advance(901)
    for _ in range(4):
        shown = service.code(service.somebody())
        tries = list(zip(spellings, ("front-1", "front-2"), strict=True)) * 4
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda one: hotel.verify(shown[one[0]], SCENE, desk=one[1]), tries))  # noqa: B023 - consumed at once
        assert Counter(answer.status_code for answer in answers) == {200: 4, 409: 4}
        assert len({answer.json()["id"] for answer in answers if answer.is_success}) == 1
        assert {answer.json()["code"] for answer in answers if answer.is_error} == {"code_already_used"}


@pytest.mark.parametrize(("channel", "life"), [("screen", 60), ("spoken", 300)])
def test_one_second_after_its_life_a_code_is_expired(service: Service, hotel: Partner, channel: str, life: int) -> None:
    shown = service.code(service.somebody(), channel)
    service.advance(life + 1)
    expect_problem(hotel.verify(shown["number"], SCENE), 410, "code_expired")


@pytest.mark.parametrize(("channel", "life"), [("screen", 60), ("spoken", 300)])
def test_shortly_before_its_end_a_code_still_passes(service: Service, hotel: Partner, channel: str, life: int) -> None:
    shown = service.code(service.somebody(), channel)
    service.advance(life - 10)
    expect_outcome(hotel.verify(shown["number"], SCENE), "passed")


def test_a_code_lives_as_long_as_its_channel_says(service: Service) -> None:
    holder = service.somebody()
    ends = {name: datetime.fromisoformat(service.code(holder, name)["expires_at"]) for name in ("screen", "spoken")}
    assert 235 <= (ends["spoken"] - ends["screen"]).total_seconds() <= 245


@pytest.mark.parametrize("spelling", ["number", "qr"])
def test_one_altered_digit_is_a_typing_slip_that_costs_nobody_an_attempt(
    service: Service, hotel: Partner, spelling: str
) -> None:
    holder = service.somebody()
    digits = service.code(holder)[spelling]
    places = range(2, len(digits), 1 if spelling == "number" else 6)
    for place in places:
        altered = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
        expect_problem(hotel.verify(altered, SCENE, desk="front-2"), 422, "code_check_digit")
    assert len(places) > 10, "more slips than the desk's budget of wrong codes"
    expect_outcome(hotel.verify(digits, SCENE, desk="front-2"), "passed")
    assert copy_of(service, holder)["refused_tries"] == []


def test_a_desk_that_sends_ten_unknown_numbers_is_locked_until_retry_after(service: Service, library: Partner) -> None:
    for number in range(10):
        wrong = library.verify(unknown_number(number), "library_entry", desk="gate-1")
        expect_problem(wrong, 404, "code_unknown")
    shown = service.code(service.somebody(), "spoken")
    locked = library.verify(shown["number"], "library_entry", desk="gate-1")
    expect_problem(locked, 429, "desk_locked")
    assert 0 < int(locked.headers["retry-after"]) <= 900
    expect_outcome(library.verify(shown["number"], "library_entry"), "passed")
    service.advance(int(locked.headers["retry-after"]))
    again = service.code(service.somebody())
    expect_outcome(library.verify(again["number"], "library_entry", desk="gate-1"), "passed")


def test_the_qr_holds_only_digits_and_two_qrs_of_one_person_share_nothing_but_version_key_and_time(
    service: Service,
) -> None:
    holder = service.somebody()
    first, second = service.code(holder)["qr"], service.code(holder)["qr"]
    assert first.isdigit()
    assert len(first) == len(second) == 75
    assert first[:5] == second[:5], "version and key number"
    assert abs(int(first[5:15]) - int(second[5:15])) <= 5, "the second of issue"
    assert first[15:44] != second[15:44]
    assert first[44:] != second[44:]
    longest = max(k for k in range(30) if any(first[15 + i : 15 + i + k] in second[15:] for i in range(60 - k + 1)))
    assert longest <= 9, "no stable stretch after the time"


def test_two_numbers_of_one_person_share_nothing_but_the_prefix(service: Service) -> None:
    holder = service.somebody()
    numbers = [service.code(holder)["number"] for _ in range(20)]
    assert all(number.isdigit() and len(number) == 18 for number in numbers)
    assert len({number[2:8] for number in numbers}) == 20
    assert {number[:2] for number in numbers} == {"88"}


def test_a_newer_code_of_the_device_ends_the_older_one(service: Service, hotel: Partner) -> None:
    holder = service.somebody()
    older, newer = service.code(holder), service.code(holder)
    expect_problem(hotel.verify(older["qr"], SCENE), 409, "code_cancelled")
    expect_problem(hotel.verify(older["number"], SCENE), 409, "code_cancelled")
    expect_outcome(hotel.verify(newer["qr"], SCENE), "passed")


def test_nobody_but_an_authenticated_partner_learns_anything_about_a_code(service: Service) -> None:
    shown = service.code(service.somebody())
    body = {"code": shown["qr"], "scene": SCENE}
    expect_problem(service.http.post("/v1/verifications", json=body), 401, "key_missing")
    headers = {"authorization": "Bearer ezt_sk_test_" + "A" * 43}
    expect_problem(service.http.post("/v1/verifications", json=body, headers=headers), 401, "key_unknown")


def test_a_partner_cannot_verify_at_a_desk_of_another_partner(service: Service, hotel: Partner) -> None:
    shown = service.code(service.somebody())
    expect_problem(hotel.verify(shown["qr"], SCENE, desk="gate-1"), 422, "desk_unknown")
    expect_outcome(hotel.verify(shown["qr"], SCENE, desk="front-1"), "passed")


def test_the_answer_is_durable_and_provable_to_anyone_with_the_published_keys(
    service: Service, hotel: Partner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answered = expect_outcome(hotel.verify(service.code(service.somebody())["qr"], SCENE), "passed")
    assert hotel.get(f"/v1/verifications/{answered['id']}").json()["result"] == answered["result"]
    proof, keys = proof_of(answered), published(service)
    done = check_independently(proof, keys, tmp_path_factory.mktemp("offline"))
    assert done.returncode == 0, done.stdout
    assert answered["id"] in done.stdout
    altered = proof.replace(b'"is_person": true', b'"is_person": false')
    assert altered != proof
    assert check_independently(altered, keys, tmp_path_factory.mktemp("altered")).returncode == 1


def test_the_default_answer_holds_no_attribute_beyond_being_a_person(service: Service, hotel: Partner) -> None:
    answer: httpx.Response = hotel.verify(service.code(service.somebody())["qr"], SCENE)
    result = expect_outcome(answer, "passed")["result"]
    assert result["claims"] == {"is_person": True}
    assert result["withheld"] == {}
    assert set(result) == {
        "format", "id", "partner", "scene", "method", "outcome", "environment", "at", "partner_code", "claims",
        "withheld",
    }  # fmt: skip
