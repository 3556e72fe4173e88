"""Message codes: pages of their own, waits that are true, tries that count, and budgets that strangers cannot spend."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import pytest

from eztong.domain.access.otp import SENDS_OF_RESERVE
from eztong.domain.holder import HolderState
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town

OTHER_NAME = Person("王小明", ANYBODY.number)
MINUTE = 61
INCOMPLETE = ["", "12345", "验证码", "1234567", "      "]


@dataclass(frozen=True)
class Journey:
    """A journey with a message code: where it is asked for, where it is typed, and what to type besides."""

    ask: str
    code: str
    start: Callable[[Browser], object]
    typed: tuple[tuple[str, str], ...] = ()

    def send(self, browser: Browser, person: Person = ANYBODY) -> None:
        self.start(browser)
        browser.get(self.ask)
        browser.send(self.ask, phone=person.phone, name=person.name, number=person.number, reason="pause")

    def type(self, browser: Browser, otp: str, **more: str) -> int:
        return browser.send(self.code, otp=otp, **dict(self.typed) | more).status_code


REGISTER = Journey("/register/phone", "/register/otp", lambda browser: browser.accept())
SIGN_IN = Journey("/sign-in", "/sign-in/code", lambda _browser: None, (("pin", PIN),))
LOST = Journey("/lost", "/lost/code", lambda _browser: None)
RECOVER = Journey("/recover", "/recover/code", lambda _browser: None, (("pin", PIN),))
JOURNEYS = pytest.mark.parametrize("journey", [REGISTER, SIGN_IN, LOST, RECOVER], ids=lambda journey: journey.ask)
OUTSIDE = pytest.mark.parametrize("journey", [SIGN_IN, LOST, RECOVER], ids=lambda journey: journey.ask)


def topics(town: Town) -> list[str]:
    """Return what the messages that were delivered so far are about, newest first."""
    town.deliver()
    return [item["topic"] for item in town.browser().client.get("/sandbox/inbox?format=json").json()]


def wrong(otp: str) -> str:
    return f"{(int(otp) + 1) % 10 ** len(otp):0{len(otp)}d}"


@pytest.fixture
def holder(town: Town) -> Browser:
    """The holder's own browser; a minute has passed since the registration."""
    browser = town.browser()
    browser.register()
    town.pass_time(MINUTE)
    return browser


# --- the page of a code ------------------------------------------------------------------------------------------


@JOURNEYS
def test_a_code_that_is_open_has_a_page_with_an_address(holder: Browser, journey: Journey) -> None:
    browser = holder.town.browser()
    journey.send(browser)
    assert browser.at() == journey.code
    assert browser.page.history[-1].status_code == HTTPStatus.SEE_OTHER
    holder.town.pass_time(20)
    again = browser.get(str(browser.page.url))
    assert 'name="otp"' in again.text
    assert re.search(r"2\d 秒前", again.text)


@JOURNEYS
def test_pressing_send_again_at_once_leads_to_the_code_and_sends_nothing(holder: Browser, journey: Journey) -> None:
    browser, town = holder.town.browser(), holder.town
    journey.start(browser)
    browser.get(journey.ask)
    form = browser.hidden() | {
        "phone": ANYBODY.phone,
        "name": ANYBODY.name,
        "number": ANYBODY.number,
        "reason": "pause",
    }
    sent = topics(town).count("otp")
    for _ in range(3):
        browser.page = browser.client.post(journey.ask, data=form)
        assert browser.page.status_code == HTTPStatus.OK
        assert 'name="otp"' in browser.page.text
    assert topics(town).count("otp") == sent + 1
    assert journey.type(browser, browser.newest_otp()) == HTTPStatus.OK


@JOURNEYS
def test_without_an_open_code_its_page_leads_back(holder: Browser, journey: Journey) -> None:
    browser = holder.town.browser()
    journey.start(browser)
    assert browser.get(journey.code).url.path == journey.ask


@OUTSIDE
def test_a_code_that_ran_out_leads_back(holder: Browser, journey: Journey) -> None:
    browser = holder.town.browser()
    journey.send(browser)
    holder.town.pass_time(301)
    assert browser.get(journey.code).url.path == journey.ask


def test_the_way_back_after_signing_in_survives_the_page_of_the_code(holder: Browser) -> None:
    browser = holder.town.browser()
    browser.get("/sign-in?next=/records")
    browser.send("/sign-in", phone=ANYBODY.phone)
    browser.get(str(browser.page.url))
    browser.send("/sign-in/code", otp=browser.newest_otp(), pin=PIN)
    assert browser.at() == "/records"


def test_why_it_is_frozen_survives_a_reload(holder: Browser) -> None:
    browser = holder.town.browser()
    browser.get("/lost")
    browser.send("/lost", name=ANYBODY.name, number=ANYBODY.number, reason="phone_lost")
    browser.get(str(browser.page.url))
    assert browser.hidden()["reason"] == "phone_lost"


# --- what is a try, and what waiting is told ---------------------------------------------------------------------


@JOURNEYS
def test_an_incomplete_code_costs_no_try(holder: Browser, journey: Journey) -> None:
    browser = holder.town.browser()
    journey.send(browser)
    otp = browser.newest_otp()
    for typed in INCOMPLETE * 2:
        assert journey.type(browser, typed) == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "没有计入次数" in browser.page.text
    assert journey.type(browser, otp) == HTTPStatus.OK


@JOURNEYS
def test_a_locked_code_says_how_long_until_another_can_be_had_and_that_is_true(
    holder: Browser, journey: Journey
) -> None:
    browser, town = holder.town.browser(), holder.town
    journey.send(browser)
    otp = browser.newest_otp()
    for _ in range(5):
        assert journey.type(browser, wrong(otp)) == HTTPStatus.UNPROCESSABLE_ENTITY
    assert journey.type(browser, otp) == HTTPStatus.TOO_MANY_REQUESTS
    told = re.search(r"请在 (\d+) 秒后", browser.page.text)
    assert told is not None
    assert 1 <= int(told[1]) <= 61
    town.pass_time(int(told[1]))
    if journey is REGISTER:
        browser.send("/register/otp", act="resend")
    else:
        browser.get(journey.ask)
        browser.send(journey.ask, phone=ANYBODY.phone, name=ANYBODY.name, number=ANYBODY.number, reason="pause")
    assert journey.type(browser, browser.newest_otp()) == HTTPStatus.OK


def test_signing_in_right_after_registering_waits_for_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    other = town.browser()
    SIGN_IN.send(other)
    SIGN_IN.type(other, other.newest_otp())
    assert other.at() == "/code"


# --- wrong tries -------------------------------------------------------------------------------------------------


def guess(town: Town, journey: Journey, browsers: int) -> int:
    """Type wrong codes from fresh browsers; return how many were compared."""
    compared = 0
    for _ in range(browsers):
        stranger = town.browser()
        journey.send(stranger)
        otp = stranger.newest_otp()
        statuses = [journey.type(stranger, wrong(otp)) for _ in range(5)]
        compared += statuses.count(HTTPStatus.UNPROCESSABLE_ENTITY) if len(otp) == len("123456") else 0
    return compared


@OUTSIDE
def test_at_most_ten_short_codes_are_guessed_in_a_day_in_whatever_browsers(holder: Browser, journey: Journey) -> None:
    assert guess(holder.town, journey, 6) == 10


@OUTSIDE
def test_an_open_short_code_is_not_compared_after_ten_wrong_tries_elsewhere(holder: Browser, journey: Journey) -> None:
    mine = holder.town.browser()
    journey.send(mine)
    otp = mine.newest_otp()
    guess(holder.town, journey, 2)
    assert journey.type(mine, otp) == HTTPStatus.TOO_MANY_REQUESTS


@OUTSIDE
def test_whoever_reads_the_messages_passes_whatever_strangers_guessed(holder: Browser, journey: Journey) -> None:
    guess(holder.town, journey, 3)
    fresh = holder.town.browser()
    journey.send(fresh)
    otp = fresh.newest_otp()
    assert len(otp) == 10
    assert journey.type(fresh, otp) == HTTPStatus.OK


@OUTSIDE
def test_the_holder_is_told_of_wrong_tries_and_not_without_end(holder: Browser, journey: Journey) -> None:
    town = holder.town
    stranger = town.browser()
    journey.send(stranger)
    otp = stranger.newest_otp()
    for _ in range(2):
        journey.type(stranger, wrong(otp))
    assert topics(town).count("wrong_codes") == 0
    journey.type(stranger, wrong(otp))
    assert topics(town).count("wrong_codes") == 1
    guess(town, journey, 5)
    assert topics(town).count("wrong_codes") == 2
    holder.unlock()
    assert "多次输错验证码" in holder.get("/me/devices").text


def test_wrong_tries_of_one_purpose_cost_no_other(holder: Browser) -> None:
    guess(holder.town, LOST, 3)
    fresh = holder.town.browser()
    RECOVER.send(fresh)
    assert len(fresh.newest_otp()) == 6


def test_wrong_tries_are_forgotten_after_a_day_and_not_by_a_restart(tmp_path: Path) -> None:
    town = Town(tmp_path)
    town.browser().register()
    guess(town, RECOVER, 2)
    town.built.close()
    town = Town(tmp_path)
    try:
        again = town.browser()
        RECOVER.send(again)
        assert len(again.newest_otp()) == 10
        town.pass_time(26 * 3600)
        RECOVER.send(again)
        assert len(again.newest_otp()) == 6
    finally:
        town.built.close()


# --- what strangers can spend ------------------------------------------------------------------------------------


@pytest.mark.parametrize("journey", [LOST, RECOVER], ids=lambda journey: journey.ask)
def test_a_wrong_name_costs_the_holder_nothing(holder: Browser, journey: Journey) -> None:
    town = holder.town
    for _ in range(25):
        journey.send(town.browser(), OTHER_NAME)
    before = topics(town).count("otp")
    fresh = town.browser()
    journey.send(fresh)
    assert topics(town).count("otp") == before + 1
    assert journey.type(fresh, fresh.newest_otp()) == HTTPStatus.OK


@OUTSIDE
def test_ten_messages_for_strangers_take_none_from_the_holder_s_new_browser(holder: Browser, journey: Journey) -> None:
    town = holder.town
    for _ in range(10):
        town.pass_time(MINUTE)
        journey.send(town.browser())
    fresh = town.browser()
    journey.send(fresh)
    assert journey.type(fresh, fresh.newest_otp()) == HTTPStatus.OK


@OUTSIDE
def test_when_strangers_spent_all_they_can_the_account_s_own_browser_still_gets_its_code(
    holder: Browser, journey: Journey
) -> None:
    town = holder.town
    before = topics(town).count("otp")
    for _ in range(26):
        journey.send(town.browser())
    assert topics(town).count("otp") - before == 20 + SENDS_OF_RESERVE.amount
    holder.client.cookies.delete("ezt_session")
    journey.send(holder)
    assert journey.type(holder, holder.newest_otp()) == HTTPStatus.OK


@OUTSIDE
def test_one_browser_has_ten_messages_a_day(holder: Browser, journey: Journey) -> None:
    stranger = holder.town.browser()
    for _ in range(10):
        holder.town.pass_time(MINUTE)
        journey.send(stranger)
        assert stranger.page.status_code == HTTPStatus.OK
    holder.town.pass_time(MINUTE)
    journey.send(stranger)
    assert stranger.page.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert f'href="{journey.code}' in stranger.page.text, "the last code is still open"


def test_a_made_up_note_of_a_known_browser_counts_for_nothing(holder: Browser) -> None:
    stranger = holder.town.browser()
    for value in ("x", "A" * 200, "A" * 5_000, holder.client.cookies["ezt_known"][:-4] + "AAAA"):
        stranger.client.cookies.set("ezt_known", value, domain="testserver.local", path="/")
        stranger.get("/lost")
        assert stranger.page.status_code == HTTPStatus.OK
        LOST.send(stranger)
        assert stranger.page.status_code == HTTPStatus.OK


# --- registration ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [ANYBODY.number, "110000199003080023"], ids=["has an account", "has none"])
def test_registration_tells_nothing_before_name_and_number_belong_together(holder: Browser, number: str) -> None:
    stranger = holder.town.browser()
    page = stranger.register(Person("王小明", number, "19900000777"))
    assert 'data-state="refused"' in page.text
    assert "姓名和号码对不上" in page.text
    assert "/recover" not in page.text
    assert "registered_again" not in topics(holder.town)


def test_the_holder_is_told_of_a_second_registration_and_not_without_end(holder: Browser) -> None:
    town = holder.town
    for number in range(4):
        town.browser().register(Person(ANYBODY.name, ANYBODY.number, f"1990000077{number}"))
    assert topics(town).count("registered_again") == 3
    assert town.accounts_in(HolderState.ACTIVE) == 1
    holder.unlock()
    assert "再次申请注册" in holder.get("/me/devices").text


def test_one_phone_tries_ten_names_and_numbers_a_day(town: Town, browser: Browser) -> None:
    for _ in range(10):
        page = browser.register(Person("王小明", ANYBODY.number))
        assert 'data-state="refused"' in page.text
        town.pass_time(MINUTE)
    browser.register(Person("王小明", ANYBODY.number))
    assert browser.page.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "没有提交" in browser.page.text
    town.pass_time(26 * 3600)
    assert 'data-state="active"' in browser.send("/register/identity", name=ANYBODY.name, number=ANYBODY.number).text


def test_a_number_is_tried_with_twenty_names_a_day(town: Town) -> None:
    for number in range(20):
        town.browser().register(Person("王小明", ANYBODY.number, f"199000008{number:02d}"))
    last = town.browser().register(Person("王小明", ANYBODY.number, "19900000899"))
    assert last.status_code == HTTPStatus.TOO_MANY_REQUESTS
