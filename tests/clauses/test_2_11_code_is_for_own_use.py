"""Clause 2.11: a code serves once; whoever shows it again is refused, and its holder hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tests.simulators.own_copy import copy_of
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service, running


def test_a_consumed_code_at_another_desk_is_a_replay_and_the_holder_is_warned_with_the_place(service: Service) -> None:
    holder = service.holder("P32")
    code = service.code(holder["id"])["qr"]
    hotel = service.partners["hotel"]
    assert hotel.verify(code, "hotel_check_in", desk="front-1").json()["outcome"] == "passed"
    again = hotel.verify(code, "hotel_check_in", desk="front-2")
    assert (again.status_code, again.json()["code"]) == (409, "code_already_used")
    assert "refresh" in again.json()["detail"]
    service.wait_for(lambda: "code_replayed" in service.inbox() and "示例酒店" in service.inbox())


def test_a_replay_at_another_partner_is_refused_too(service: Service) -> None:
    holder = service.holder("P01")
    code = service.code(holder["id"])["number"]
    service.partners["library"].verify(code, "library_entry")
    answer = service.partners["hotel"].verify(code, "hotel_check_in")
    assert (answer.status_code, answer.json()["code"]) == (409, "code_already_used")


def test_a_code_that_could_not_be_used_is_void_as_well(service: Service) -> None:
    holder = service.holder("P06")
    code = service.code(holder["id"])["number"]
    first = service.partners["esign"].verify(code, "contract_signing")
    assert first.json()["outcome"] == "not_passed"
    second = service.partners["hotel"].verify(code, "hotel_check_in")
    assert second.json()["code"] == "code_already_used"


def test_only_the_newest_code_of_a_device_works(service: Service) -> None:
    holder = service.holder("P02")
    codes = [service.code(holder["id"])["number"] for _ in range(3)]
    hotel = service.partners["hotel"]
    assert [hotel.verify(code, "hotel_check_in").status_code for code in codes] == [409, 409, 200]


def test_each_second_try_is_recorded_with_its_place_and_time_and_goes_to_the_holders_phone(service: Service) -> None:
    holder = service.holder("P07")["id"]
    code = service.code(holder)["number"]
    service.partners["hotel"].verify(code, "hotel_check_in", desk="front-1")
    expect_problem(service.partners["library"].verify(code, "library_entry", desk="gate-1"), 409, "code_already_used")
    (tried,) = copy_of(service, holder)["refused_tries"]
    assert [tried[part] for part in ("partner_id", "scene", "desk", "reason")] == [
        "library", "library_entry", "gate-1", "code_already_used",
    ]  # fmt: skip
    assert abs(service.now() - datetime.fromisoformat(tried["at"])) < timedelta(minutes=1)

    def warned() -> bool:
        warnings = service.messages("code_replayed", "19900000007")
        return any("示例图书馆" in text and code not in text for text in warnings)

    service.wait_for(warned)


def test_a_replay_costs_the_desk_nothing_of_its_budget_of_wrong_numbers(service: Service) -> None:
    code = service.code(service.somebody(), "spoken")["number"]
    hotel = service.partners["hotel"]
    hotel.verify(code, "hotel_check_in", desk="front-1")
    for _ in range(12):
        expect_problem(hotel.verify(code, "hotel_check_in", desk="front-2"), 409, "code_already_used")
    fresh = service.code(service.somebody())["number"]
    expect_outcome(hotel.verify(fresh, "hotel_check_in", desk="front-2"), "passed")


def test_the_desk_that_scans_twice_hears_the_same_and_nobody_is_alarmed(service: Service) -> None:
    holder = service.somebody()
    phone = copy_of(service, holder)["account"][0]["phone"]
    code = service.code(holder)["qr"]
    hotel = service.partners["hotel"]
    first = hotel.verify(code, "hotel_check_in", desk="front-1")
    service.freeze(holder)
    assert [hotel.verify(code, "hotel_check_in", desk="front-1").content for _ in range(3)] == [first.content] * 3
    assert service.messages("code_replayed", phone) == []
    after = copy_of(service, holder)
    assert after["refused_tries"] == after["replay_warnings"] == []


def test_a_thousand_replays_of_one_code_send_one_message_and_end_at_the_budget(service: Service) -> None:
    service.advance(901)
    holder = service.somebody()
    phone = copy_of(service, holder)["account"][0]["phone"]
    code = service.code(holder, "spoken")["number"]
    library = service.partners["library"]
    expect_outcome(library.verify(code, "library_entry"), "passed")
    answers = [library.verify(code, "library_entry", desk="gate-1") for _ in range(1_000)]
    assert [answer.status_code for answer in answers] == [409] * 30 + [429] * 970
    problem = expect_problem(answers[-1], 429, "replays_exhausted")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 900
    assert "fresh" in problem["detail"]
    service.wait_for(lambda: bool(service.messages("code_replayed", phone)))
    told = copy_of(service, holder)
    assert [job["topic"] for job in told["jobs"]].count("code_replayed") <= 1, "no second one is on its way"
    assert len(service.messages("code_replayed", phone)) == 1
    assert len(told["refused_tries"]) == 1
    # Nobody else pays for it: a fresh code passes at this desk, and the used one is only a used one elsewhere.
    fresh = service.code(service.somebody())["number"]
    expect_outcome(library.verify(fresh, "library_entry", desk="gate-1"), "passed")
    expect_problem(service.partners["hotel"].verify(code, "hotel_check_in"), 409, "code_already_used")
    service.advance(901)
    expect_problem(library.verify(code, "library_entry", desk="gate-1"), 409, "code_already_used")


def test_replays_at_many_desks_end_at_the_partners_budget(tmp_path: Path) -> None:
    with running(tmp_path / "data", replays_per_partner="5", replays_per_desk="3") as service:
        hotel = service.partners["hotel"]
        code = service.code(service.somebody(), "spoken")["number"]
        hotel.verify(code, "hotel_check_in")
        seen = [
            hotel.verify(code, "hotel_check_in", desk=desk).status_code for desk in (*["front-1"] * 4, *["front-2"] * 3)
        ]
        assert seen == [409] * 3 + [429] + [409] * 2 + [429]
        # Whoever used the code still hears the first answer, however many others replay it.
        expect_outcome(hotel.verify(code, "hotel_check_in"), "passed")
        other = service.code(service.somebody(), "spoken")["number"]
        expect_outcome(hotel.verify(other, "hotel_check_in", desk="front-1"), "passed")
        assert hotel.verify(other, "hotel_check_in", desk="front-2").status_code == 429
