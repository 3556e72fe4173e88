"""Clause 2.6: the holder in person; devices are bound and unlocked, message codes serve one purpose, once."""

from __future__ import annotations

import re
from collections.abc import Mapping

import httpx
import pytest

from tests.simulators.cast import cast_of
from tests.simulators.citizen import PIN, Citizen
from tests.simulators.secrets_scan import Secrets, contains, places_of
from tests.simulators.service import Service

FIRST = ("测一一", "11000019900307001X", "19900000611")
COUPLE = ("测一二", "110000199003080023", FIRST[2])
ANOTHER = ("测监护", "440000198806010100", "19900000613")
THIRD = ("测闰日", "11000020000229026X", FIRST[2])
WAIT_FOR_ANOTHER_MESSAGE = 61


@pytest.fixture(scope="module")
def first(service: Service) -> Citizen:
    citizen = Citizen(service)
    citizen.register(*FIRST)
    return citizen


def ask_to_sign_in(service: Service) -> Citizen:
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    new = Citizen(service)
    new.open("/sign-in")
    new.send("/sign-in", phone=FIRST[2])
    return new


def test_a_locked_device_shows_no_code(service: Service, first: Citizen) -> None:
    service.advance(181)
    first.open("/code")
    assert first.send("/code").url.path == "/unlock"
    first.send("/unlock", pin=PIN)
    assert len(first.show_code()) == 18


def hashes(places: Mapping[str, bytes]) -> set[bytes]:
    """Return the hashes of secrets that can be read there; the staff has some from the start."""
    return {
        found
        for data in places.values()
        for found in re.findall(rb"\$argon2[a-z0-9=,$]*\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+", data)
    }


def test_the_pin_stands_nowhere_in_clear(service: Service, first: Citizen) -> None:
    assert first.http.cookies
    before = hashes(places_of(service.database, service.log))
    citizen = Citizen(service)
    citizen.register(*ANOTHER)
    citizen.unlock()
    places = places_of(service.database, service.log)
    assert contains(places, [b"SQLite format 3", b"pins"])
    secrets = Secrets()
    secrets.add("PIN", PIN)
    assert secrets.found_in(places) == []
    assert before, "those of the staff are seen, as those of PINs would be"
    assert hashes(places) == before, "not even a PIN's hash can be tried at leisure"


def test_the_message_says_its_purpose_and_to_tell_nobody(service: Service, first: Citizen) -> None:
    assert first.http.cookies
    ask_to_sign_in(service)
    told = service.newest_message("otp", FIRST[2])
    assert "用于登录" in told
    assert "不要告诉任何人" in told


def test_a_message_code_for_one_purpose_serves_no_other(service: Service, first: Citizen) -> None:
    new = ask_to_sign_in(service)
    otp = service.newest_otp(FIRST[2])
    new.open("/recover")
    new.send("/recover", name=FIRST[0], number=FIRST[1])
    assert new.send("/recover/code", otp=otp, pin=PIN).url.path == "/recover/code"
    first.open("/me/agreements")
    assert first.open("/code").url.path == "/code"


def test_five_wrong_message_codes_end_the_window(service: Service, first: Citizen) -> None:
    assert first.http.cookies
    new = ask_to_sign_in(service)
    answers = [new.send("/sign-in/code", otp="000000", pin=PIN).status_code for _ in range(6)]
    assert answers == [httpx.codes.UNPROCESSABLE_ENTITY] * 5 + [httpx.codes.TOO_MANY_REQUESTS]


def test_the_counter_of_wrong_pins_survives_another_browser(service: Service) -> None:
    citizen = Citizen(service)
    citizen.register("测将期", "330000197809100072", "19900000612")
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    wrong = [citizen.unlock("805218").status_code for _ in range(5)]
    assert wrong == [httpx.codes.UNPROCESSABLE_ENTITY] * 4 + [httpx.codes.TOO_MANY_REQUESTS]
    new = Citizen(service)
    new.open("/sign-in")
    new.send("/sign-in", phone="19900000612")
    answer = new.send("/sign-in/code", otp=new.service.newest_otp("19900000612"), pin=PIN)
    assert (answer.status_code, answer.url.path) == (httpx.codes.TOO_MANY_REQUESTS, "/sign-in/code")


def test_two_people_may_share_a_phone_and_a_third_is_refused_with_words(service: Service, first: Citizen) -> None:
    assert first.http.cookies
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    couple = Citizen(service)
    couple.accept()
    couple.open("/register/phone")
    couple.send("/register/phone", phone=COUPLE[2])
    couple.send("/register/otp", otp=service.newest_otp(COUPLE[2]))
    couple.identify(*COUPLE[:2])
    assert 'data-state="active"' in couple.page
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    third = Citizen(service)
    third.accept()
    third.open("/register/phone")
    third.send("/register/phone", phone=THIRD[2])
    refused = third.send("/register/otp", otp=service.newest_otp(THIRD[2]))
    assert refused.status_code == httpx.codes.CONFLICT
    assert re.search("最多绑定两个人", refused.text)


def test_known_data_and_a_message_code_alone_wait_a_day_and_the_holder_stops_them(service: Service) -> None:
    known = cast_of(service)["P32"]
    person = (known.name, known.number, "19900000615")
    holder = Citizen(service)
    holder.register(*person)
    service.advance(WAIT_FOR_ANOTHER_MESSAGE)
    stranger = Citizen(service)
    stranger.open("/recover")
    before = service.newest_otp(person[2])
    stranger.send("/recover", name=person[0], number=person[1])
    service.wait_for(lambda: service.newest_otp(person[2]) != before)
    typed = {"act": "forgot", "name": person[0], "number": person[1]}
    assert stranger.send("/recover/code", otp=service.newest_otp(person[2]), **typed).url.path == "/recover/waiting"
    for path in ("/code", "/me", "/me/data", "/records", "/unlock/setup", "/grants"):
        assert stranger.open(path).url.path == "/sign-in", path
    service.wait_for(lambda: "recovery_waiting" in service.inbox())
    assert 'action="/recover/stop"' in holder.open("/records").text
    holder.send("/recover/stop")
    service.advance(25 * 3600)
    stranger.open("/recover/waiting")
    assert "finish" not in stranger.page
    holder.unlock()
    assert len(holder.show_code()) == 18
