"""Signing in by message code and PIN: fresh tokens, new devices, and nothing for a stranger to learn."""

from __future__ import annotations

import re
from http import HTTPStatus

from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town

WRONG_PIN = "805218"
UNKNOWN = "19900000999"
SECOND = Person("测一二", "110000199003080023", ANYBODY.phone)


def sign_in(browser: Browser, phone: str = ANYBODY.phone, pin: str = PIN, **more: str) -> None:
    browser.town.pass_time(61)
    browser.get("/sign-in")
    browser.send("/sign-in", phone=phone)
    browser.send("/sign-in/code", otp=browser.newest_otp(), pin=pin, **more)


def told(text: str) -> str:
    """The page without what is random on every page."""
    return re.sub(
        r'<p class="sandbox">.*?</p>|value="(?:[0-9a-f]{64,}|otp_\w+)"|data-csrf="[0-9a-f]+"|request_id=\S+'
        r"|[0-9a-f]{24}|\d+ 秒前",
        "",
        text,
    )


def test_message_code_and_pin_sign_in_on_a_new_phone_which_shows_codes_at_once(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    sign_in(new)
    assert new.at() == "/code"
    assert town.verify(new.show_code()["number"]) == "passed"


def test_the_phone_from_before_stops_at_once_and_its_code_is_dead(town: Town, browser: Browser) -> None:
    browser.register()
    old_code = browser.show_code()["number"]
    sign_in(town.browser())
    assert town.verify(old_code) in {"code_cancelled", "code_expired"}
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_the_holder_is_told_of_the_new_device(town: Town, browser: Browser) -> None:
    browser.register()
    sign_in(town.browser())
    town.deliver()
    topics = [item["topic"] for item in browser.client.get("/sandbox/inbox?format=json").json()]
    assert "device_bound" in topics


def test_the_session_token_changes_at_sign_in(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    new.get("/sign-in")
    planted = new.client.cookies["ezt_session"]
    sign_in(new)
    assert new.client.cookies["ezt_session"] != planted
    thief = town.browser()
    thief.bring_token(planted)
    thief.get("/code")
    assert thief.at() == "/sign-in"


def test_a_wrong_pin_does_not_sign_in_and_the_same_code_still_serves(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    sign_in(new, pin=WRONG_PIN)
    assert new.page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    new.send("/sign-in/code", otp=new.newest_otp(), pin=PIN)
    assert new.at() == "/code"


def test_a_message_code_works_once(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    new.get("/sign-in")
    town.pass_time(61)
    new.send("/sign-in", phone=ANYBODY.phone)
    again, otp = new.hidden(), new.newest_otp()
    cookie = new.client.cookies["ezt_session"]
    new.send("/sign-in/code", otp=otp, pin=PIN)
    new.bring_token(cookie)
    page = new.client.post("/sign-in/code", data=again | {"otp": otp, "pin": PIN})
    assert page.status_code == HTTPStatus.CONFLICT


def test_who_does_not_have_the_phone_cannot_lock_the_pin(town: Town, browser: Browser) -> None:
    browser.register()
    stranger = town.browser()
    town.pass_time(61)
    stranger.get("/sign-in")
    stranger.send("/sign-in", phone=ANYBODY.phone)
    for _ in range(5):
        stranger.send("/sign-in/code", otp="000000", pin=WRONG_PIN)
    assert browser.unlock(PIN).url.path == "/code"


def test_a_code_for_signing_in_serves_nothing_else(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    browser.get("/sign-in")
    stranger = town.browser()
    stranger.get("/sign-in")
    stranger.send("/sign-in", phone=ANYBODY.phone)
    otp = stranger.newest_otp()
    stranger.get("/lost")
    stranger.send("/lost", reason="pause", name=ANYBODY.name, number=ANYBODY.number)
    stranger.newest_otp()
    stranger.send("/lost/code", otp=otp)
    assert "data-state" not in stranger.page.text


def test_a_phone_without_an_account_gets_the_same_pages_and_no_message(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    known, unknown = town.browser(), town.browser()
    pages = []
    for one, phone in ((known, ANYBODY.phone), (unknown, UNKNOWN)):
        one.get("/sign-in")
        sent = one.send("/sign-in", phone=phone)
        wrong = one.send("/sign-in/code", otp="000000", pin=PIN)
        again = one.client.post("/sign-in", data=one.hidden() | {"phone": phone})
        pages.append([(answer.status_code, told(answer.text).replace(phone, "")) for answer in (sent, wrong, again)])
    assert pages[0] == pages[1]
    town.deliver()
    inbox = browser.client.get("/sandbox/inbox?format=json").json()
    assert not any(item["phone"] == UNKNOWN for item in inbox)


def test_two_holders_of_one_phone_are_told_apart_by_the_last_four_of_the_number(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    second = town.browser()
    second.register(SECOND)
    new = town.browser()
    sign_in(new, last_four=SECOND.number[-4:])
    assert new.at() == "/code"
    assert "测*二" in new.page.text


def test_without_the_last_four_neither_of_two_holders_is_signed_in(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    town.browser().register(SECOND)
    new = town.browser()
    sign_in(new)
    assert new.page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_signing_out_ends_the_session(town: Town, browser: Browser) -> None:
    browser.register()
    token = browser.client.cookies["ezt_session"]
    code = browser.show_code()["number"]
    browser.send("/sign-out")
    assert browser.at() == "/"
    assert town.verify(code) == "code_cancelled"
    browser.bring_token(token)
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_whoever_is_signed_in_is_led_on(browser: Browser) -> None:
    browser.register()
    browser.get("/sign-in")
    assert browser.at() == "/code"
