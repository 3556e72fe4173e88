"""What is wrong with a presented code is said with a code of its own, and nothing else happens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulators.codes import crafted_qr, forged_qr, unknown_number
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"
MALFORMED = [
    "8",
    "88123456789012345",
    "8812345678901234567",
    "771234567890123455",
    "88123456789012345X",
    "02" + "0" * 73,
    "01" + "0" * 72,
    "https://phish.example/881234567890123455",
    "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨",
    "11000019900307001X",
    "\u0000" * 18,
    "0" * 200,
    "<script>",
]


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_code_at_all_is_malformed(hotel: Partner, text: str) -> None:
    answer = hotel.verify(text, SCENE)
    expect_problem(answer, 422, "code_malformed")
    assert text not in answer.text or len(text) == 1


@pytest.mark.parametrize("text", ["", "8" * 201, 881234567890123455, None, ["88"], {"digits": "88"}, True])
def test_a_code_field_that_is_no_text_of_fitting_length_is_invalid_input(hotel: Partner, text: object) -> None:
    problem = expect_problem(hotel.post("/v1/verifications", {"code": text, "scene": SCENE}), 422, "input_invalid")
    assert [fault["field"] for fault in problem["errors"]] == ["/code"]


@pytest.mark.parametrize(
    "spelling",
    [
        lambda digits: f"{digits[:4]} {digits[4:8]} {digits[8:12]} {digits[12:]}",
        lambda digits: f"  {digits[:6]}-{digits[6:]}\n",
        lambda digits: digits.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda digits: f"\ufeff{digits[:9]}\u200b{digits[9:]}\u3000",
    ],
)
def test_grouping_blanks_and_full_width_digits_are_forgiven(service: Service, hotel: Partner, spelling: object) -> None:
    assert callable(spelling)
    digits = service.code(service.somebody())["number"]
    expect_outcome(hotel.verify(spelling(digits), SCENE), "passed")


def test_a_number_that_was_never_issued_is_unknown(hotel: Partner) -> None:
    expect_problem(hotel.verify(unknown_number(424242), SCENE), 404, "code_unknown")


def test_a_qr_with_a_forged_tag_is_called_forged(service: Service, hotel: Partner) -> None:
    expect_problem(hotel.verify(forged_qr(service), SCENE), 422, "code_forged")


def test_a_qr_under_a_key_that_does_not_exist_is_called_forged(service: Service, hotel: Partner) -> None:
    expect_problem(hotel.verify(crafted_qr(service, key_number=999), SCENE), 422, "code_forged")


def test_a_qr_with_a_true_tag_that_was_never_issued_is_unknown(service: Service, hotel: Partner) -> None:
    expect_problem(hotel.verify(crafted_qr(service), SCENE), 404, "code_unknown")


@pytest.mark.parametrize(("ahead", "code"), [(2, "code_unknown"), (30, "code_clock_skew"), (10**6, "code_clock_skew")])
def test_a_qr_from_the_future_is_told_as_clock_skew(service: Service, hotel: Partner, ahead: int, code: str) -> None:
    answer = hotel.verify(crafted_qr(service, ahead=ahead), SCENE)
    expect_problem(answer, 404 if code == "code_unknown" else 422, code)


def test_a_desk_that_shows_forged_codes_is_locked(service: Service, hotel: Partner) -> None:
    for handle in range(10):
        expect_problem(hotel.verify(forged_qr(service, handle=handle), SCENE, desk="front-2"), 422, "code_forged")
    shown = service.code(service.somebody())
    locked = hotel.verify(shown["qr"], SCENE, desk="front-2")
    expect_problem(locked, 429, "desk_locked")
    expect_outcome(hotel.verify(shown["qr"], SCENE, desk="front-1"), "passed")
    service.advance(int(locked.headers["retry-after"]))


def test_an_invented_desk_neither_opens_a_budget_nor_spends_one(service: Service, hotel: Partner) -> None:
    for number in range(12):
        desk = f"nowhere-{number}"
        expect_problem(hotel.verify(forged_qr(service), SCENE, desk=desk), 422, "desk_unknown")
        expect_problem(hotel.verify(unknown_number(number), SCENE, desk=desk), 422, "desk_unknown")


def test_an_expired_code_is_expired_in_both_spellings(service: Service, hotel: Partner) -> None:
    shown = service.code(service.somebody())
    service.advance(61)
    expect_problem(hotel.verify(shown["qr"], SCENE), 410, "code_expired")
    expect_problem(hotel.verify(shown["number"], SCENE), 410, "code_expired")


def test_a_replaced_code_is_cancelled(service: Service, hotel: Partner) -> None:
    holder = service.somebody()
    older = service.code(holder)
    service.code(holder)
    expect_problem(hotel.verify(older["qr"], SCENE), 409, "code_cancelled")


def test_the_same_call_again_hears_the_first_answer_byte_for_byte_and_is_not_counted(
    service: Service, hotel: Partner
) -> None:
    def counted() -> list[str]:
        return [line for line in service.http.get("/metrics").text.splitlines() if "verifications_total{" in line]

    shown = service.code(service.somebody())
    first = hotel.verify(shown["qr"], SCENE, idempotency_key="first-of-two")
    expect_outcome(first, "passed")
    before = counted()
    for code, key in (
        (shown["qr"], {}),
        (shown["number"], {}),
        (shown["number"], {"idempotency_key": "second-of-two"}),
    ):
        assert hotel.verify(code, SCENE, **key).content == first.content
    assert counted() == before
    assert service.rows("SELECT count(*) FROM idempotency_keys WHERE resource_id = ?", first.json()["id"]) == [(1,)]


def test_a_replay_is_told_as_one(service: Service, hotel: Partner, library: Partner) -> None:
    shown = service.code(service.somebody())
    expect_outcome(hotel.verify(shown["qr"], SCENE), "passed")
    expect_problem(hotel.verify(shown["qr"], SCENE, desk="front-1"), 409, "code_already_used")
    expect_problem(hotel.verify(shown["number"], SCENE, "age_over_18"), 409, "code_already_used")
    expect_problem(library.verify(shown["qr"], "library_entry"), 409, "code_already_used")
    service.advance(61)
    expect_problem(hotel.verify(shown["qr"], SCENE), 409, "code_already_used")


def test_another_key_of_the_same_partner_is_somebody_else(service: Service, hotel: Partner) -> None:
    shown = service.code(service.somebody())
    expect_outcome(hotel.verify(shown["qr"], SCENE), "passed")
    issued = service.run("partners", "keys", "create", "hotel", "--label", "till 2", "--operator", "demo-li")
    other = replace(hotel, api_key=next(word for word in issued.stdout.split() if word.startswith("ezt_sk_")))
    expect_problem(other.verify(shown["qr"], SCENE), 409, "code_already_used")


def test_three_days_later_a_used_code_is_unknown(service: Service, library: Partner) -> None:
    shown = service.code(service.somebody())
    expect_outcome(library.verify(shown["number"], "library_entry"), "passed")
    service.advance(3 * 24 * 3600)
    expect_problem(library.verify(shown["number"], "library_entry"), 404, "code_unknown")
    expect_problem(library.verify(shown["qr"], "library_entry"), 404, "code_unknown")


@pytest.mark.parametrize("scene", ["library_entry", "contract_signing", "no_such_scene"])
def test_a_scene_of_somebody_else_is_not_allowed_and_leaves_the_code_alone(
    service: Service, hotel: Partner, scene: str
) -> None:
    shown = service.code(service.somebody())
    expect_problem(hotel.verify(shown["qr"], scene), 403, "scene_not_allowed")
    expect_outcome(hotel.verify(shown["qr"], SCENE), "passed")


def test_a_desk_of_somebody_else_is_unknown_and_leaves_the_code_alone(service: Service, hotel: Partner) -> None:
    shown = service.code(service.somebody())
    expect_problem(hotel.verify(shown["qr"], SCENE, desk="gate-1"), 422, "desk_unknown")
    expect_outcome(hotel.verify(shown["qr"], SCENE), "passed")


def test_a_claim_beyond_the_scene_is_not_allowed_and_leaves_the_code_alone(service: Service, library: Partner) -> None:
    shown = service.code(service.somebody())
    expect_problem(library.verify(shown["qr"], "library_entry", "masked_name"), 403, "claim_not_allowed")
    expect_outcome(library.verify(shown["qr"], "library_entry"), "passed")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scene": SCENE}, "/code"),
        ({"code": "88"}, "/scene"),
        ({"code": "88", "scene": "Hotel Check-In"}, "/scene"),
        ({"code": "88", "scene": SCENE, "desk": "../etc"}, "/desk"),
        ({"code": "88", "scene": SCENE, "wants": ["citizen_number"]}, "/wants/0"),
        ({"code": "88", "scene": SCENE, "wants": "is_person"}, "/wants"),
        ({"code": "88", "scene": SCENE, "wants": ["is_person"] * 11}, "/wants"),
        ({"code": "88", "scene": SCENE, "purpose": "because"}, "/purpose"),
    ],
)
def test_a_field_that_cannot_be_understood_is_named_without_its_value(
    hotel: Partner, body: dict[str, object], field: str
) -> None:
    problem = expect_problem(hotel.post("/v1/verifications", body), 422, "input_invalid")
    assert [fault["field"] for fault in problem["errors"]] == [field]
