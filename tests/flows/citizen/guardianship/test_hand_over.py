"""A child is fourteen: its guardian reads what is due, the account goes over, and is had back."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from tests.flows.citizen.browser import PIN, TICKS, Browser, Town
from tests.flows.citizen.guardianship.test_family import CHILD, PARENT, apply_for_child, registered, run_jobs, ward

PHONE = "19900000055"
BIRTHDAY = datetime.fromisoformat("2032-06-01T00:01:00+08:00")


def signed_in(town: Town, language: str = "zh-CN") -> Browser:
    """Sign the parent in again: years have passed."""
    browser = town.browser(language=language)
    browser.get("/sign-in")
    browser.send("/sign-in", phone=PARENT.phone)
    browser.send("/sign-in/code", otp=browser.newest_otp(), pin=PIN)
    browser.unlock()
    return browser


def grown(town: Town, language: str = "zh-CN") -> tuple[Browser, str]:
    """Let the child become fourteen; return its guardian's browser and the page of the ward."""
    parent = registered(town, PARENT)
    apply_for_child(parent)
    run_jobs(town)
    town.pass_time(int((BIRTHDAY - town.services.clock.now()).total_seconds()))
    run_jobs(town)
    parent = signed_in(town, language)
    return parent, ward(parent)


def digits_of(parent: Browser, here: str) -> str:
    parent.get(f"{here}/hand-over")
    shown = parent.send(f"{here}/hand-over", act="offer").text
    found = re.search(r'data-hand-over="(\d{10})"', shown)
    assert found is not None, shown
    return found[1]


def asked(town: Town, digits: str, phone: str = PHONE) -> Browser:
    """Return the ward's own browser, on the page that asks for the code."""
    own = town.browser(language="zh-CN")
    own.get("/take-over")
    own.send("/take-over", number=CHILD.number, digits=digits, phone=phone)
    assert own.at() == "/take-over/code", own.page.text
    return own


def test_what_is_due_is_the_first_thing_on_both_pages(town: Town) -> None:
    parent, here = grown(town)
    assert "等待交给本人" in parent.get("/me/family").text
    page = parent.get(here).text
    assert page.index('class="banner warning"') < page.index(f'class="button primary" href="{here}/hand-over"')
    assert page.index(f'href="{here}/hand-over"') < page.index("data-state=")
    assert "年满 14 周岁：改由本人使用" in page
    (told,) = [one for one in parent.client.get("/sandbox/inbox?format=json").json() if one["topic"] == "came_of_age"]
    assert "交给本人" in told["text"]
    digits = digits_of(parent, here)
    shown = parent.get(f"{here}/hand-over").text
    assert shown.index(digits) < shown.index('class="banner warning"') < shown.index('value="keep"')
    assert "监护人生成交接码" in parent.get(here).text
    assert "监护人代为办理" not in parent.page.text


def test_the_code_page_names_the_phone_and_sends_again_within_the_same_budgets(town: Town) -> None:
    parent, here = grown(town)
    own = asked(town, digits_of(parent, here))
    assert "199****0055" in own.page.text
    assert "5 分钟" in own.page.text
    first = own.newest_otp()
    own.send("/take-over/code", act="resend")
    assert own.page.status_code == 429
    assert 'name="otp"' in own.page.text, "the code of before still works"
    town.pass_time(61)
    own.send("/take-over/code", act="resend")
    assert (own.at(), 'class="banner success"' in own.page.text) == ("/take-over/code", True)
    second = own.newest_otp()
    assert second != first
    town.pass_time(301)
    assert own.send("/take-over/code", otp=second).status_code in {409, 410, 422}
    assert 'value="resend"' in own.page.text, "also once the code is too old"
    own.send("/take-over/code", act="resend")
    stranger = town.browser(language="zh-CN")
    stranger.get("/take-over")
    assert stranger.send("/take-over/code", act="resend").url.path == "/take-over"
    own.send("/take-over/code", otp=own.newest_otp())
    assert own.at() == "/unlock/setup"


def test_every_field_that_cannot_be_right_says_so_and_keeps_what_was_typed(town: Town) -> None:
    own = town.browser(language="zh-CN")
    own.get("/take-over")
    page = own.send("/take-over", number="123", digits="12345", phone="1").text
    assert re.findall(r'id="(\w+)-error"', page) == ["number", "digits", "phone"]
    for typed in ("123", "12345", "1"):
        assert f'value="{typed}"' in page
    page = own.send("/take-over", number=CHILD.number, digits="1234512345", phone=PHONE).text
    assert re.findall(r'id="(\w+)-error"', page) == ["digits"]
    assert 'value="1234512345"' in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_it_goes_over_both_read_until_when_and_it_is_had_back_by_a_tick(town: Town, language: str) -> None:
    parent, here = grown(town, language)
    own = asked(town, digits_of(parent, here))
    own.send("/take-over/code", otp=own.newest_otp())
    own.set_pin()
    own.get("/register")
    own.send("/register", **TICKS)
    assert own.show_code()["number"]
    assert "可以收回账户" in own.get("/me/family").text
    assert "监护人作的授权已随交接结束" in own.get("/me/devices").text
    page = parent.get(here).text
    ended = {"zh-CN": "监护人作的授权已随交接结束", "en": "The guardian’s authorisation ended with the hand-over"}
    assert ended[language] in page
    assert "199****0055" in page
    assert parent.send(here, act="take_back").status_code == 422
    assert 'name="understood"' in parent.page.text
    assert 'class="banner success"' not in parent.get(f"{here}?done=taken_back").text, "nothing was done"
    parent.get(here)
    back = parent.send(here, act="take_back", understood="yes").text
    assert 'class="banner success"' in back
    assert f'href="{here}/hand-over"' in back
    assert own.get("/code").url.path != "/code"
