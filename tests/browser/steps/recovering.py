"""Ways to a recovery that waits: a citizen with a phone, and another browser that has the messages."""

from __future__ import annotations

from typing import NamedTuple

from tests.browser import ways
from tests.browser.window import Window

ANOTHER_MESSAGE = 61
DAY = 24 * 3600


class Known(NamedTuple):
    """What others may know of a person, and the phone."""

    name: str
    number: str
    phone: str


def registered(window: Window) -> Known:
    """Register somebody whom nobody else plays, in this window."""
    phone = ways.new_phone()
    page = ways.to_otp(window, phone)
    page.fill("#otp", window.service.newest_otp(phone))
    page.locator("form button.primary").click()
    page.wait_for_url("**/register/identity")
    name, number = ways.new_citizen()
    ways.fill_in(page, name, number)
    return Known(name, number, phone)


def to_recover_code(window: Window, known: Known) -> None:
    """Give name and number, and fill in the digits that come."""
    window.service.advance(ANOTHER_MESSAGE)
    page = window.open("/recover")
    page.fill("#name", known.name)
    page.fill("#number", known.number)
    page.locator("form button.primary").click()
    page.locator("#otp").wait_for()
    page.fill("#otp", window.service.newest_otp(known.phone))
    page.locator("details summary").click()


def to_waiting(window: Window, known: Known) -> None:
    """Recover without PIN and passkey."""
    to_recover_code(window, known)
    page = window.page
    page.fill("#name", known.name)
    page.fill("#number", known.number)
    page.locator("button[value=forgot]").click()
    page.wait_for_url("**/recover/waiting")


def to_recover_form(window: Window) -> None:
    """Be at the page of the code, with the part for who has neither PIN nor passkey open."""
    to_recover_code(window, registered(window))


def to_waiting_page(window: Window) -> None:
    """Be at the page that waits; the same browser was the earlier one."""
    to_waiting(window, registered(window))


def to_due_page(window: Window) -> None:
    """Be at the page when the waiting is over."""
    to_waiting_page(window)
    window.service.advance(DAY)
    window.open("/recover/waiting")


def to_notice(window: Window) -> None:
    """Be signed in while another browser recovers the account."""
    known = registered(window)
    cookies = window.context.cookies()
    window.context.clear_cookies()
    to_waiting(window, known)
    window.context.clear_cookies()
    window.context.add_cookies(cookies)  # type: ignore[arg-type]  # what cookies() gives is what add_cookies() takes
    window.open("/me")


def to_stop_link(window: Window) -> None:
    """Open the link of the message in a browser that is not signed in."""
    known = registered(window)
    to_waiting(window, known)
    window.context.clear_cookies()
    window.open(_link(window, known.phone))


def to_frozen_result(window: Window) -> None:
    """Be signed in to an account that its holder froze."""
    holder = window.service.somebody()
    window.service.freeze(holder)
    window.be(holder)
    window.open("/register/result")


def _link(window: Window, phone: str) -> str:
    told = window.service.newest_message("recovery_waiting", phone)
    return "/recover/stop/" + told.partition("/recover/stop/")[2][:43]
