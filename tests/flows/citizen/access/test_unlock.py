"""Setting a PIN, unlocking with it, and what a locked session cannot do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus

import pytest

from eztong.domain.errors import Busy
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Town

WRONG = "805218"


def test_the_result_page_leads_to_setting_an_unlock(browser: Browser) -> None:
    browser.register()
    assert 'href="/unlock/setup"' in browser.page.text


def test_a_first_pin_unlocks_and_leads_to_the_code_page(browser: Browser) -> None:
    browser.register()
    browser.set_pin()
    assert browser.at() == "/code"
    assert len(browser.show_code()["number"]) == 18


def test_an_account_without_pin_or_passkey_is_asked_to_set_one_before_a_code(browser: Browser) -> None:
    browser.bind_phone()
    browser.send("/register/identity", name=ANYBODY.name, number=ANYBODY.number)
    browser.get("/code")
    browser.send("/code")
    assert browser.at() == "/unlock/setup"


@pytest.mark.parametrize(
    "pin", ["111111", "121212", "123123", "123456", "654321", "900307", "070390", "199003", "998999", "199000"]
)
def test_a_pin_that_a_stranger_tries_first_is_refused(browser: Browser, pin: str) -> None:
    browser.register()
    assert browser.set_pin(pin).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_two_different_typings_change_nothing(browser: Browser) -> None:
    browser.register()
    assert browser.set_pin("402983", "402984").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.unlock().status_code == HTTPStatus.OK


def test_after_three_minutes_the_code_needs_another_unlock_and_the_way_leads_back(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(181)
    browser.get("/code")
    browser.send("/code")
    assert (browser.at(), browser.hidden()["next"]) == ("/unlock", "/code")
    browser.send("/unlock", pin=PIN)
    assert browser.at() == "/code"
    assert "number" in browser.show_code()


def test_a_request_is_read_only_after_an_unlock_and_the_way_leads_back_to_it(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(181)
    _request, link = town.ask()
    browser.get(link)
    assert browser.at() == "/unlock"
    browser.send("/unlock", pin=PIN)
    assert browser.at() == link


def test_agreeing_needs_the_unlock_to_be_fresh_still(town: Town, browser: Browser) -> None:
    browser.register()
    request, link = town.ask()
    browser.get(link)
    town.pass_time(181)
    browser.send(link, act="agree", match=str(request.match_number))
    assert browser.at() == "/unlock"


def test_refusing_needs_no_unlock(town: Town, browser: Browser) -> None:
    browser.register()
    _request, link = town.ask()
    browser.get(link)
    town.pass_time(181)
    browser.send(link, act="refuse")
    assert browser.at() == link
    assert 'data-outcome="declined"' in browser.page.text


def test_five_wrong_pins_lock_even_the_right_one_for_a_minute(town: Town, browser: Browser) -> None:
    browser.register()
    for _ in range(4):
        assert browser.unlock(WRONG).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.unlock(WRONG).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert browser.unlock(PIN).status_code == HTTPStatus.TOO_MANY_REQUESTS
    town.pass_time(61)
    assert browser.unlock(PIN).url.path == "/code"


def test_wrong_pins_at_the_same_time_do_not_outrun_the_counter(browser: Browser) -> None:
    browser.register()
    browser.get("/unlock")
    form = browser.hidden() | {"pin": WRONG}
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: browser.client.post("/unlock", data=form), range(16)))
    taken = [answer for answer in answers if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY]
    assert len(taken) <= 4
    assert browser.unlock(PIN).status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_a_service_that_is_busy_comparing_costs_no_try(town: Town, browser: Browser) -> None:
    browser.register()
    browser.set_pin()
    leave = threading.Event()
    hasher = town.services.secret_hasher

    def stay() -> None:
        with suppress(Busy), hasher.turn():
            leave.wait(20)

    crowd = [threading.Thread(target=stay) for _ in range(30)]
    for guest in crowd:
        guest.start()
    town.pass_time(181)
    browser.get("/unlock")
    for _ in range(6):
        answer = browser.send("/unlock", pin=WRONG)
        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert answer.headers["retry-after"] == "2"
        browser.get("/unlock")
    leave.set()
    for guest in crowd:
        guest.join(20)
    assert browser.send("/unlock", pin=PIN).status_code == HTTPStatus.OK
    assert browser.at() == "/code"


def test_the_sixth_to_tenth_wrong_pin_lock_for_longer(town: Town, browser: Browser) -> None:
    browser.register()
    for _ in range(5):
        browser.unlock(WRONG)
    town.pass_time(61)
    for _ in range(5):
        browser.unlock(WRONG)
    town.pass_time(61)
    assert browser.unlock(PIN).status_code == HTTPStatus.TOO_MANY_REQUESTS
    town.pass_time(241)
    assert browser.unlock(PIN).url.path == "/code"


def test_a_pin_that_is_not_six_digits_counts_as_no_try(browser: Browser) -> None:
    browser.register()
    for _ in range(6):
        assert browser.unlock("12345").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.unlock(PIN).url.path == "/code"


def test_changing_the_pin_needs_a_fresh_unlock(town: Town, browser: Browser) -> None:
    browser.register()
    browser.get("/unlock/setup")
    town.pass_time(181)
    browser.send("/unlock/setup", pin="402983", again="402983")
    assert browser.at() == "/unlock"
    browser.send("/unlock", pin=PIN)
    browser.set_pin("402983")
    assert browser.unlock(PIN).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert browser.unlock("402983").url.path == "/code"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/code?x=1",
        "javascript:alert(1)",
        "/%2e%2e/",
        "/a//b",
    ],
)
def test_the_way_back_never_leads_elsewhere(browser: Browser, elsewhere: str) -> None:
    browser.register()
    browser.client.get("/unlock")
    browser.page = browser.client.get("/unlock", params={"next": elsewhere})
    assert browser.hidden()["next"] == "/code"
    browser.page = browser.client.post(
        "/unlock", data=browser.hidden() | {"next": elsewhere, "pin": PIN}, follow_redirects=False
    )
    assert browser.page.headers["location"] == "/code"


def test_a_locked_pin_says_so_for_as_long_as_it_is_locked(town: Town, browser: Browser) -> None:
    browser.register()
    for _ in range(5):
        browser.get("/unlock")
        browser.send("/unlock", pin=WRONG)
    assert "请等 60 秒" in browser.page.text
    town.pass_time(20)
    page = browser.get("/unlock")
    assert page.status_code == HTTPStatus.OK
    assert "已锁定。请等 " in page.text
    assert 'tabindex="-1" autofocus' in page.text, "whoever cannot see the page hears it first"
    town.pass_time(41)
    assert "已锁定" not in browser.get("/unlock").text
