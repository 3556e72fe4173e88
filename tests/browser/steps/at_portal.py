"""Ways to the pages of the partner portal."""

from __future__ import annotations

import itertools
import os

from playwright.sync_api import Page

from tests.browser import ways
from tests.browser.steps import standing
from tests.browser.stop import Reach
from tests.browser.window import Window

ADMINISTRATOR = "demo-admin@hotel"
ELSEWHERE = "demo-admin@library"
_NUMBERS = itertools.count(os.getpid() * 1000)


def portal(path: str, login: str = ADMINISTRATOR) -> Reach:
    """Return the way to a page of the portal that only needs somebody who is signed in."""
    return lambda window: window.person(path, login)


def to_verification(window: Window) -> Page:
    """Let the hotel verify somebody, and open the record."""
    page = verified(window)
    page.locator("table a").first.click()
    page.wait_for_selector("h1")
    return page


def verified(window: Window) -> Page:
    """Let the hotel verify somebody, and open the list."""
    ways.scan_at_desk(window, standing.fresh_code(window))
    return window.person("/partner/verifications", ADMINISTRATOR)


def to_used(window: Window) -> Page:
    """Open the usage of a partner that verified somebody."""
    verified(window)
    return window.open("/partner/usage?days=7")


def to_made_key(window: Window) -> Page:
    """Make a key and see it, once."""
    page = window.person("/partner/keys", ADMINISTRATOR)
    page.locator("summary").click()
    page.fill("#label", f"till {next(_NUMBERS)}")
    page.locator("details input[type=checkbox]").first.check()
    page.locator("details button").click()
    page.wait_for_selector(".shown-once")
    return page


def to_key(window: Window) -> Page:
    """Look at a key before it is revoked."""
    page = to_made_key(window)
    page.locator("table a").last.click()
    page.wait_for_selector("dl.facts")
    return page


def to_webhook(window: Window) -> Page:
    """Add a webhook where the partner has none, and open it with a test that waits."""
    page = window.person("/partner/webhooks", ADMINISTRATOR)
    if page.locator("table a").count() == 0:
        page.locator("summary").click()
        page.fill("#url", "http://127.0.0.1:9/hooks")
        page.locator("details button").click()
        page.wait_for_selector(".shown-once")
        page = window.open("/partner/webhooks")
    page.locator("table a").first.click()
    page.wait_for_selector("dl.facts")
    return page


def to_invited(window: Window) -> Page:
    """Add a person, and see the word that invites them."""
    page = window.person("/partner/people", ADMINISTRATOR)
    page.locator("summary").click()
    page.fill("#name", f"chen.{next(_NUMBERS)}")
    page.locator("details input[type=radio]").last.check()
    page.locator("details button").click()
    page.wait_for_selector(".shown-once")
    return page


def to_staff(window: Window) -> Page:
    """Add somebody who stands at a desk, whom no other test needs, and open their page without the password."""
    page = window.person("/partner/desks", ADMINISTRATOR)
    login = f"till.{next(_NUMBERS)}"
    page.locator("summary").last.click()
    page.fill("#login", login)
    page.locator("details form:has(#login) button").click()
    page.wait_for_selector(".shown-once")
    return window.open(f"/partner/desks/staff/{login}")


def to_own_desk(window: Window) -> Page:
    """Add a desk that no other test needs, and open its page."""
    return window.open(f"/partner/desks/one/{_new_desk(window)}")


def to_console_desks(window: Window) -> Page:
    """Open the desks of a partner whose staff no other test needs, as a form asks all of them for an app."""
    _new_desk(window, ELSEWHERE)
    return window.staff("/console/partners/library/desks")


def to_lost_place(window: Window) -> Page:
    """Let staff take a desk of their own, end it, and let their page find out."""
    page = to_own_desk(window)
    desk = page.locator("dl.facts code").inner_text()
    ways.to_place(window).locator(f'input[name="desk"][value="{desk}"]').check()
    page.locator("main form button.primary").click()
    page.wait_for_url("**/desk")
    window.person(f"/partner/desks/one/{desk}", ADMINISTRATOR)
    page.fill("#typed", desk)
    page.locator("button.danger").click()
    page.wait_for_selector(".banner")
    return window.open("/desk")


def to_desk_offer(window: Window) -> Page:
    """Open the page on which new staff set up password and app."""
    page = to_staff(window)
    login = page.locator("h1").inner_text()
    page.locator('form:has(input[name="once"]) button').click()
    password = page.locator(".shown-once").inner_text()
    page.goto("/desk/set-up")
    page.fill("#login", login)
    page.fill("#password", password)
    page.locator("main form button.primary").click()
    page.wait_for_selector("#code")
    return page


def _new_desk(window: Window, login: str = ADMINISTRATOR) -> str:
    page = window.person("/partner/desks", login)
    desk = f"till-{next(_NUMBERS)}"
    page.locator("summary").first.click()
    page.fill("#desk", desk)
    page.fill("#desk_name", f"临时柜台 {desk}")
    page.locator("details form:has(#desk) button").click()
    page.wait_for_selector(f'a[href$="/{desk}"]')
    return desk


def to_person(window: Window) -> Page:
    """Open the page of another person, whom no other test needs and who is signed in somewhere."""
    return window.person(f"/partner/people/{_signed_in(window)}", ADMINISTRATOR)


def to_own_page(window: Window) -> Page:
    """Be a person whom nobody else is, on their own page."""
    login = to_invited(window).locator("h1").inner_text()
    return window.person("/partner/me", login)


def _signed_in(window: Window) -> str:
    """Add a person, let them sign in, and return their name."""
    login = to_invited(window).locator("h1").inner_text()
    window.person("/partner", login)
    return login.partition("@")[0]


def to_offer(window: Window) -> Page:
    """Open the page on which an invited person sets up secret and app."""
    page = to_invited(window)
    login, word = page.locator("h1").inner_text(), page.locator(".shown-once").inner_text()
    page.goto("/partner/set-up")
    page.fill("#name", login)
    page.fill("#word", word)
    page.locator("main form button").click()
    page.wait_for_selector("#code")
    return page


def to_console_key(window: Window) -> Page:
    """Look at a partner's key at the console."""
    to_made_key(window)
    page = window.staff("/console/partners/hotel")
    page.locator('a[href*="/keys/"]').last.click()
    page.wait_for_selector("dl.facts")
    return page


def to_console_person(window: Window) -> Page:
    """Open a person of a partner at the console, who is signed in somewhere."""
    return window.staff(f"/console/partners/hotel/people/{_signed_in(window)}")
