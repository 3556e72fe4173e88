"""Whose document has expired sees which partners' uses work, and which do not: the page says what the desk will say."""

import re

from tests.flows.citizen.browser import Browser, Person, Town
from tests.flows.desk.clerk import Clerk

EXPIRED = Person("测过期", "330000197809090062", "19900000006")


def uses(page: str) -> dict[str, list[str]]:
    """Return of every partner which of its uses work."""
    rows = re.split(r'<li data-partner="(\w+)"', page)[1:]
    return {partner: re.findall(r'data-works="(\w+)"', row) for partner, row in zip(rows[::2], rows[1::2], strict=True)}


def test_a_restricted_account_sees_which_uses_work_and_which_do_not(browser: Browser, town: Town) -> None:
    browser.register(EXPIRED)
    assert "/grants#others" in browser.page.text
    assert "/grants#others" in browser.get("/code").text
    assert "/grants#others" in browser.get("/me").text
    page = browser.get("/grants").text
    found = uses(page)
    assert (found["hotel"], found["government"]) == (["yes"], ["no"])
    assert "现在不能通过" in page
    for login, desk, scene, tone in (
        ("hotel", "front-1", "hotel_check_in", "success"),
        ("government", "window-1", "government_counter", "danger"),
    ):
        clerk = Clerk(town)
        clerk.start(login, desk, scene)
        clerk.check(browser.show_code()["number"])
        assert clerk.result()["tone"] == tone


def test_an_account_without_limits_reads_nothing_of_it(browser: Browser) -> None:
    browser.register()
    page = browser.get("/grants").text
    assert {works for row in uses(page).values() for works in row} == {"yes"}
    assert "更新证件" not in page
    assert "现在可用" not in page
