"""Clause P-5: a child under 14 cannot apply alone, and nothing of the child is kept (PIPL art. 31)."""

from __future__ import annotations

from dataclasses import replace

from tests.simulators.cast import cast_of
from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import kept, signed_in
from tests.simulators.secrets_scan import Secrets, contains, places_of
from tests.simulators.service import Service

PHONE = "19900000109"
WAIT_FOR_ANOTHER_MESSAGE = 61


def apply_as(service: Service, key: str, phone: str) -> Citizen:
    """Apply with a persona's name and number."""
    person = cast_of(service)[key]
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    citizen = Citizen(service)
    citizen.accept()
    citizen.open("/register/phone")
    citizen.send("/register/phone", phone=phone)
    citizen.send("/register/otp", otp=service.newest_otp(phone))
    citizen.identify(person.name, person.number)
    return citizen


def check_nothing_is_left(service: Service, path: bytes = b"/register/identity") -> None:
    """Look for the child in everything that lies around, and for an account behind the phone."""
    child = cast_of(service)["P09"]
    places = places_of(service.database, service.log)
    assert contains(places, [b"SQLite format 3", path])
    secrets = Secrets()
    secrets.add_people([replace(child, phone=PHONE)])
    assert secrets.found_in(places) == []
    assert service.messages("registration_decided", PHONE) == [], "no decision goes to a phone that is not kept"


def test_the_page_says_what_to_do_and_that_nothing_was_kept_also_the_second_time(service: Service) -> None:
    for _ in range(2):
        citizen = apply_as(service, "P09", PHONE)
        assert "请由监护人为您申请" in citizen.page
        assert "都没有保存" in citizen.page
        assert "受理编号" not in citizen.page
        check_nothing_is_left(service)
        assert "都没有保存" in citizen.open("/register/result").text
        child = cast_of(service)["P09"]
        citizen.send("/register/identity", name=child.name, number=child.number)
        assert "都没有保存" in citizen.open("/register/result").text


def test_the_child_is_no_account_that_anybody_could_sign_in_to_or_take_a_copy_of(service: Service) -> None:
    citizen = apply_as(service, "P09", PHONE)
    copy = citizen.open("/me/data")
    assert (copy.status_code, 'data-error="holder_not_active"' in copy.text) == (409, True)
    for path in ("/code", "/me", "/records"):
        assert citizen.open(path).url.path != path or citizen.page.count("data-error=") == 1, path
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    before = service.messages("otp", PHONE)
    other = Citizen(service)
    other.open("/sign-in")
    other.send("/sign-in", phone=PHONE)
    service.settle()
    assert service.messages("otp", PHONE) == before, "nobody signs in by a phone that is not kept"


def test_the_phone_stays_free_for_as_many_people_as_before(service: Service) -> None:
    phone = "19900000111"
    apply_as(service, "P09", phone)
    for grown_up in ("P01", "P02"):
        assert 'data-state="active"' in apply_as(service, grown_up, phone).page, grown_up


def test_a_parent_may_then_apply_in_the_same_browser(service: Service) -> None:
    citizen = apply_as(service, "P09", "19900000110")
    assert 'href="/register"' in citizen.page
    parent = cast_of(service)["P24"]
    assert citizen.register(parent.name, parent.number, "19900000120").url.path == "/register/result"
    assert 'data-state="active"' in citizen.open("/register/result").text


def test_the_test_helper_keeps_nothing_either(service: Service) -> None:
    before = kept(service)
    answers = [service.holder("P09") for _ in range(2)]
    assert [(answer["state"], answer["reason"]) for answer in answers] == [
        ("supplement_needed", "guardian_must_apply")
    ] * 2
    assert len({answer["id"] for answer in answers}) == 2, "the second time nobody knows of the first"
    assert kept(service)[0] == before[0] + 4, "what was ticked, without a word of who ticked it"
    check_nothing_is_left(service, b"/v1/test_helpers/holders")


def test_who_is_fourteen_is_kept_until_the_guardian_confirms(service: Service) -> None:
    first, second = service.holder("P27"), service.holder("P27")
    assert (first["reason"], first["new"]) == ("guardian_must_confirm", True)
    assert (second["id"], second["new"]) == (first["id"], False)
    result = signed_in(service, first["id"]).open("/register/result").text
    assert "受理编号" in result
