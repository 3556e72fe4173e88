"""Clock and faults: moved by forms of this browser only, seen on every page."""

from datetime import timedelta

import pytest

from eztong.domain.holder import HolderState
from eztong.domain.identity.age import service_date
from tests.flows.citizen.browser import Browser, Person, Town

PAGES = ("", "/personas", "/inbox", "/controls", "/hotel", "/game", "/side-by-side")


def move(browser: Browser, **fields: str) -> None:
    browser.get("/sandbox/controls")
    csrf = browser.hidden()["csrf"]
    browser.page = browser.client.post("/sandbox/clock", data=fields | {"csrf": csrf})


def test_the_clock_moves_forward_by_what_was_pressed(browser: Browser, town: Town) -> None:
    before = town.services.clock.now()
    move(browser, seconds="259200")
    assert browser.at() == "/sandbox/controls"
    assert timedelta(days=3) <= town.services.clock.now() - before < timedelta(days=3, minutes=1)
    move(browser, amount="2", unit="hours")
    assert town.services.clock.now() - before >= timedelta(days=3, hours=2)


def test_a_jump_arrives_in_the_morning_of_the_day(browser: Browser, town: Town) -> None:
    page = browser.get("/sandbox/controls").text
    day = page.partition('name="day" value="')[2].partition('"')[0]
    move(browser, day=day)
    assert service_date(town.services.clock.now()).isoformat() == day


@pytest.mark.parametrize(
    "fields",
    [
        {"seconds": "-60"},
        {"seconds": "0"},
        {"seconds": "soon"},
        {"seconds": "٣"},
        {"amount": "999999999", "unit": "days"},
        {"day": "2020-01-01"},
        {"day": "never"},
        {"day": "9999-12-31"},
        {},
    ],
)
def test_the_clock_refuses_what_is_not_forward_or_too_far(browser: Browser, town: Town, fields: dict[str, str]) -> None:
    before = town.services.clock.now()
    move(browser, **fields)
    assert browser.page.status_code == 422
    assert town.services.clock.now() - before < timedelta(minutes=1)


def test_a_fault_is_told_on_every_page_and_queues_registrations_until_it_ends(browser: Browser, town: Town) -> None:
    browser.get("/sandbox/controls")
    browser.send("/sandbox/fault", fault="down")
    for path in PAGES:
        assert 'data-fault="down"' in browser.get(f"/sandbox{path}").text, path
    browser.register(Person("测一一", "11000019900307001X"))
    assert town.accounts_in(HolderState.ACTIVE) == 0
    browser.get("/sandbox/controls")
    browser.send("/sandbox/fault", fault="none")
    assert "data-fault" not in browser.get("/sandbox").text


def test_an_unknown_fault_changes_nothing(browser: Browser) -> None:
    browser.get("/sandbox/controls")
    browser.send("/sandbox/fault", fault="earthquake")
    assert browser.page.status_code == 422
    assert "data-fault" not in browser.get("/sandbox").text


def test_the_overview_counts_what_there_is(browser: Browser, town: Town) -> None:
    browser.register()
    town.deliver()
    page = browser.get("/sandbox").text
    assert "1 个，其中 1 个可用" in page


def test_the_inbox_keeps_to_a_phone_number(browser: Browser, town: Town) -> None:
    browser.bind_phone("19900000001")
    town.deliver()
    assert "data-message" in browser.get("/sandbox/inbox?phone=0001").text
    assert "没有发给这个号码的短信" in browser.get("/sandbox/inbox?phone=7777").text
