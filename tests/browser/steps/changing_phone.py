"""Ways to a change of the phone: the codes, the change that can be undone, and the link in the message."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.browser import ways
from tests.browser.steps import recovering
from tests.browser.window import Window


def ask(window: Window, new: str) -> Page:
    """Ask for codes of both numbers, as whoever is unlocked in this window."""
    page = window.open("/me/phone")
    page.fill("#phone", new)
    ways.pick(page, "input[name=way][value=both]")
    page.locator("button[value=ask]").click()
    page.wait_for_url("**/me/phone/code")
    return page


def to_codes(window: Window) -> None:
    """Be asked for the codes of both numbers."""
    window.be(window.service.somebody())
    ask(window, ways.new_phone())


def changed(window: Window) -> str:
    """Change the phone of somebody new; return the number of before."""
    old, new = recovering.registered(window).phone, ways.new_phone()
    window.service.advance(recovering.ANOTHER_MESSAGE)
    page = window.open("/unlock/setup")
    for field in page.locator("input[type=password]").all():
        field.fill(ways.PIN)
    page.locator("form button.primary, form .button").last.click()
    page.wait_for_url("**/code")
    ask(window, new)
    page.fill("#otp_old", window.service.newest_otp(old))
    page.fill("#otp_new", window.service.newest_otp(new))
    page.locator("form[action='/me/phone/code'] button.primary").click()
    page.locator("[data-phone=undo]").wait_for()
    return old


def to_keep_link(window: Window) -> None:
    """Open the link of the message to the number of before in a browser that is not signed in."""
    old = changed(window)
    found = re.search(r"/phone/keep/[\w-]+", window.service.newest_message("phone_changed", old))
    assert found is not None
    window.context.clear_cookies()
    window.open(found[0])
