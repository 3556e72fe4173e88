"""Clause 2.9: a frozen account is refused everywhere at once, and its codes never come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.simulators.cast import cast_of
from tests.simulators.citizen import PIN, Citizen
from tests.simulators.own_copy import copy_of, signed_in, take_copy
from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Service

HOTEL = "hotel_check_in"


def freezes(copy: dict[str, Any]) -> list[tuple[str, str]]:
    """Return who froze the account, and how, as the holder's own copy tells it."""
    return [(event["actor"], event["detail"]) for event in copy["events"] if event["kind"] == "frozen"]


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


def test_freezing_cancels_every_outstanding_code_and_is_recorded_once(service: Service) -> None:
    holder = service.somebody()
    shown = [service.code(holder, "spoken")["number"] for _ in range(2)]
    for _ in range(3):
        service.freeze(holder)
    ((actor, detail),) = freezes(copy_of(service, holder))
    assert (actor, "codes_cancelled=1" in detail) == ("holder", True), "the older code had ended with the newer one"
    assert [service.partners["hotel"].verify(code, HOTEL).json().get("outcome") for code in shown] == [
        None, "not_passed",
    ]  # fmt: skip
    codes = copy_of(service, holder)["codes"]
    assert [(code["state"], code["ended_at"] is not None) for code in codes] == [
        ("superseded", True),
        ("cancelled", True),
    ]


def test_freezing_ends_the_session_of_the_browser(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测闰日", "11000020000229026X", "19900000072")
    kept = dict(citizen.http.cookies)
    citizen.open("/freeze")
    citizen.send("/freeze")
    citizen.http.cookies.update(kept)
    assert citizen.open("/code").url.path == "/sign-in"


def test_a_code_used_in_the_very_second_of_the_freeze_passes_only_if_the_use_came_first(service: Service) -> None:
    for _ in range(4):
        holder = service.somebody()
        code = service.code(holder)["qr"]
        with ThreadPoolExecutor(2) as threads:
            used = threads.submit(service.partners["hotel"].verify, code, HOTEL)
            threads.submit(service.freeze, holder).result()
        assert used.result().json()["outcome"] in {"passed", "not_passed"}
        expect_problem(service.ask_code(holder), 409, "holder_frozen")


def test_a_partner_cannot_tell_a_frozen_holder_from_any_other_that_does_not_pass(service: Service) -> None:
    frozen, esign = service.somebody(), service.partners["esign"]
    code = service.code(frozen)["qr"]
    service.freeze(frozen)
    first = expect_outcome(esign.verify(code, "contract_signing"), "not_passed")
    restricted = service.holder("P06")["id"]
    other = service.code(restricted)["qr"]
    second = expect_outcome(esign.verify(other, "contract_signing"), "not_passed")
    for tried, made in ((code, first), (other, second)):
        assert esign.verify(tried, "contract_signing").json() == made
        expect_problem(service.partners["hotel"].verify(tried, HOTEL), 409, "code_already_used")
    for answer in (first["result"], second["result"]):
        for varying in ("id", "at"):
            answer.pop(varying)
    assert first["result"] == second["result"]


def test_an_expired_code_of_a_frozen_holder_is_expired_like_any_other(service: Service) -> None:
    holder = service.somebody()
    code = service.code(holder)["qr"]
    service.freeze(holder)
    service.advance(61)
    answer = service.partners["hotel"].verify(code, HOTEL)
    expect_problem(answer, 410, "code_expired")


def test_a_browser_that_is_not_signed_in_freezes_and_the_code_on_the_screen_fails_at_once(service: Service) -> None:
    known = cast_of(service)["P29"]
    person = (known.name, known.number, known.phone)
    holder = str(service.holder("P29")["id"])
    citizen = signed_in(service, holder)
    number = citizen.show_code()
    other = Citizen(service)
    other.open("/lost")
    other.send("/lost", reason="phone_lost", name=person[0], number=person[1])
    other.send("/lost/code", otp=other.service.newest_otp(person[2]))
    assert 'data-state="frozen"' in other.page
    expect_outcome(service.partners["hotel"].verify(number, HOTEL), "not_passed")
    assert citizen.open("/code").url.path == "/sign-in"
    ((_, detail),) = freezes(copy_of(service, holder))
    assert detail.partition(" ")[0] == "channel=without_sign_in"


def test_lifting_the_freeze_needs_the_identity_again_and_old_codes_stay_dead(service: Service) -> None:
    person = ("测协助", "110000196001020306", "19900000074")
    citizen = Citizen(service)
    citizen.register(*person)
    old = citizen.show_code()
    citizen.open("/freeze")
    citizen.send("/freeze", reason="pause")
    new = Citizen(service)
    service.advance(10)
    new.open("/recover")
    before = new.service.newest_otp(person[2])
    new.send("/recover", name=person[0], number=person[1])
    service.wait_for(lambda: new.service.newest_otp(person[2]) != before)
    new.send("/recover/code", otp=new.service.newest_otp(person[2]), pin=PIN)
    expect_problem(service.partners["hotel"].verify(old, HOTEL), 409, "code_cancelled")
    expect_outcome(service.partners["hotel"].verify(new.show_code(), HOTEL), "passed")


def test_the_hotline_freezes_at_once_and_the_holder_lifts_it_with_the_pin(service: Service, tmp_path: Path) -> None:
    known = cast_of(service)["P32"]
    person = (known.name, known.number, "19900000075")
    citizen = Citizen(service)
    citizen.register(*person)
    code = citizen.show_code()
    number = tmp_path / "number.txt"
    number.write_text(person[1])
    done = service.run(
        "holders", "freeze", "--reason", "phone_lost", "--operator", "demo-li", "--number-file", str(number)
    )
    assert done.returncode == 0, done.stderr
    expect_outcome(service.partners["hotel"].verify(code, HOTEL), "not_passed")
    service.advance(61)
    new = Citizen(service)
    new.open("/recover")
    before = service.newest_otp(person[2])
    new.send("/recover", name=person[0], number=person[1])
    service.wait_for(lambda: service.newest_otp(person[2]) != before)
    new.send("/recover/code", otp=service.newest_otp(person[2]), pin=PIN)
    expect_outcome(service.partners["hotel"].verify(new.show_code(), HOTEL), "passed")
    ((actor, detail),) = freezes(take_copy(new))
    assert (actor, "operator=demo-li" in detail) == ("operator", True)
