"""The pages of a helper over HTTP: an elder, who is helped, the helper, and somebody who is neither."""

from __future__ import annotations

import html
import re
from typing import Final

import pytest
from starlette.routing import Route

from eztong import citizen
from eztong.domain.jobs.job import JobKind
from eztong.pages.assets import Assets
from eztong.usecases.assistance.end_assistance import end_by_time
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.wiring.asgi import STATIC_FOLDERS
from tests.flows.citizen.browser import Browser, Person, Town

ELDER = Person("测长辈", "110000196001010298", "19900000029")
HELPER = Person("测协助", "110000196001020306", "19900000030")
STRANGER = Person("测一二", "110000199003080023", "19900000002")
DAY: Final = 24 * 3600
OWN: Final = "/me/family/helper"


def run_ends(town: Town) -> None:
    """End what is due, as the service does beside its requests."""
    run_due(
        JobKind.ASSISTANCE,
        lambda leased: end_by_time(leased, services=town.services),
        services=town.services,
        unreadable=UnreadableJobs(JobKind.ASSISTANCE),
    )


def registered(town: Town, person: Person, language: str = "zh-CN") -> Browser:
    browser = town.browser(language=language)
    browser.register(person)
    browser.set_pin()
    return browser


def invite(elder: Browser, days: str = "7", **more: str) -> str:
    elder.unlock()
    elder.get(OWN)
    elder.send(OWN, act="invite", days=days, **more)
    return digits_on(elder)


def digits_on(elder: Browser) -> str:
    found = re.search(r'data-invitation="(\d{6})"', elder.get(OWN).text)
    assert found is not None, elder.page.text
    return found[1]


def accept(helper: Browser, digits: str, **more: str) -> str:
    helper.unlock()
    helper.get("/me/family/helping")
    return helper.send("/me/family/helping", digits=digits, **{"understood": "yes"} | more).text


def helping(elder: Browser, helper: Browser, **more: str) -> str:
    """Let a help begin; return the address of the helper's page."""
    accept(helper, invite(elder, **more))
    here = helper.at()
    elder.get(OWN)
    elder.send(OWN, act="confirm")
    assert "data-helper" in elder.page.text, elder.page.text
    return here


def told(town: Town, browser: Browser, person: Person) -> list[str]:
    """Return what the person's phone has got."""
    town.deliver()
    messages = browser.client.get("/sandbox/inbox?format=json").json()
    return [str(one["text"]) for one in messages if one["phone"] == person.phone]


def check_nothing_of(person: Person, text: str) -> None:
    for secret in (person.name, person.number, person.phone):
        assert secret not in html.unescape(text)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_an_elder_invites_confirms_and_ends_and_the_helper_hears_of_it(town: Town, language: str) -> None:
    elder, helper = registered(town, ELDER, language), registered(town, HELPER, language)
    assert "/me/family/helper" in elder.get("/me/family").text
    digits = invite(elder)
    wrong = accept(helper, f"{(int(digits) + 1) % 10**6:06}")
    assert 'id="digits-error"' in wrong
    waiting = accept(helper, digits)
    assert "测*辈" not in waiting
    assert 'data-helped="accepted"' in helper.get("/me/family").text
    assert "data-asks" in elder.get("/me/family").text
    page = elder.get(OWN).text
    assert "测*助" in page
    check_nothing_of(HELPER, page)
    elder.send(OWN, act="confirm")
    assert "测*助" in elder.page.text
    assert "测*辈" in helper.get("/me/family").text
    elder.set_pin("805218")
    assert any("测*辈" in text for text in told(town, helper, HELPER))
    assert "测*辈" in helper.get("/me/notices").text
    elder.get(OWN)
    elder.send(OWN, act="end")
    assert "data-helper" not in elder.page.text
    assert "data-helped" not in helper.get("/me/family").text
    assert "测*辈" not in helper.get("/me/notices").text, "nothing names who is not helped any more"


def test_it_ends_by_the_clock_also_before_the_job_comes(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    here = helping(elder, helper, days="7")
    assert helper.get(here).status_code == 200
    town.pass_time(7 * DAY)
    assert helper.get(here).status_code == 404
    assert "data-helper" not in elder.get("/me/family").text
    before = len(told(town, helper, HELPER))
    elder.unlock()
    elder.set_pin("805218")
    assert len(told(town, helper, HELPER)) == before
    run_ends(town)
    assert any("时间已到" in text for text in told(town, helper, HELPER))
    assert any("时间已到" in text for text in told(town, elder, ELDER))


def test_the_helper_ends_it_by_a_button_that_asks_once(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    here = helping(elder, helper)
    assert "<details" in helper.get(here).text
    helper.send(here)
    assert helper.at() == "/me/family"
    assert helper.get(here).status_code == 404
    assert "data-helper" not in elder.get(OWN).text


def test_an_elder_who_does_not_know_who_it_is_says_no(town: Town) -> None:
    elder, stranger = registered(town, ELDER), registered(town, STRANGER)
    accept(stranger, invite(elder))
    here = stranger.at()
    elder.get(OWN)
    elder.send(OWN, act="end")
    assert "data-asks" not in elder.page.text
    assert stranger.get(here).status_code == 404
    for text in told(town, stranger, STRANGER):
        assert "测*辈" not in text


def test_nobody_but_the_two_sees_or_ends_it(town: Town) -> None:
    elder, helper, stranger = (registered(town, one) for one in (ELDER, HELPER, STRANGER))
    here = helping(elder, helper)
    for somebody in (stranger, elder):
        assert somebody.get(here).status_code == 404
    stranger.unlock()
    stranger.get("/me/family/helper")
    for act in ("end", "confirm"):
        assert stranger.send(OWN, act=act, assistance=here.rpartition("/")[2]).status_code == 404
        stranger.get("/me/family/helper")
    assert "data-helper" in elder.get(OWN).text


def test_a_helper_sees_nothing_of_the_elder_on_any_page_and_in_no_message(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    assert town.verify(elder.show_code()["number"]) == "passed"
    found = re.search(r'href="(/records/(?!export)[^"?]+)"', elder.get("/records").text)
    assert found is not None
    helping(elder, helper, with_uses="yes")
    elder.get("/me")
    elder.get("/freeze")
    helper.unlock()
    assert helper.get(found[1]).status_code == 404
    seen = 0
    for route in citizen.routes(town.services, Assets(*STATIC_FOLDERS), town.built.streams):
        assert isinstance(route, Route)
        if "GET" in (route.methods or ()) and "{" not in route.path and "events" not in route.path:
            check_nothing_of(ELDER, helper.get(route.path).text)
            seen += 1
    assert seen > 30
    messages = told(town, helper, HELPER)
    assert messages
    for text in messages:
        check_nothing_of(ELDER, text)


def test_no_message_code_of_the_elder_reaches_the_helper(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    helping(elder, helper, with_uses="yes")
    before = told(town, helper, HELPER)
    other = town.browser()
    other.get("/sign-in")
    other.send("/sign-in", phone=ELDER.phone)
    otp = other.newest_otp()
    assert any(otp in text for text in told(town, elder, ELDER))
    assert told(town, helper, HELPER) == before


def test_whoever_is_locked_is_led_to_unlock_and_may_still_end(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    here = helping(elder, helper)
    town.pass_time(200)
    for browser, path in ((elder, OWN), (helper, "/me/family/helping")):
        assert f"/unlock?next={path}" in browser.get(path).text
    helper.get(here)
    helper.send(here)
    assert "data-helper" not in elder.get(OWN).text


def test_what_cannot_be_meant_is_told_on_the_page(town: Town) -> None:
    elder = registered(town, ELDER)
    elder.unlock()
    for fields in ({"act": "invite", "days": "365"}, {"act": "invite"}, {"act": "sell"}):
        elder.get(OWN)
        assert "现在不能办理" in elder.send(OWN, **fields).text
    assert "再勾选" in accept(elder, "000000", understood="")


def test_a_copy_tells_of_the_help_and_of_nobody_else(town: Town) -> None:
    elder, helper = registered(town, ELDER), registered(town, HELPER)
    helping(elder, helper)
    for browser, side, other in ((elder, "elder", HELPER), (helper, "helper", ELDER)):
        browser.unlock()
        browser.get("/me/data")
        copy = browser.send("/me/data").text
        assert f'"side": "{side}"' in copy
        check_nothing_of(other, copy)
