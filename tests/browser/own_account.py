"""Ways to what a holder is told, chooses to be told, and leaves."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import Page

from tests.browser.window import Window


def a_notice(window: Window) -> None:
    """Be told of something that puts the account at stake, and open the notices."""
    window.be(window.service.somebody())
    page = window.open("/feedback")
    page.locator("input[value=correction]").check(force=True)
    page.locator("textarea").fill("...")
    page.locator("form[action='/feedback'] button").click()
    page.locator("[data-ticket]").wait_for()
    window.open("/me/notices").locator("[data-notice]").first.wait_for()


def choose(window: Window) -> Page:
    """Open the page of what is told, unlocked."""
    window.be(window.service.somebody())
    return window.open("/me/notices/choices")


def given_email(window: Window) -> None:
    """Give an e-mail address, and wait for the mail."""
    page = choose(window)
    page.fill("#email", "somebody@example.org")
    page.locator("#give .tick").click()
    page.locator("#give button").click()
    page.locator("[data-choice=email] .button.danger").wait_for()


def to_email_link(window: Window) -> None:
    """Open the link that proves the address."""
    given_email(window)
    window.open(newest_link(window, "email_proof"))


def to_freeze_link(window: Window) -> None:
    """Choose to be told of each use, be verified, and open the link in the message."""
    holder = window.service.somebody()
    window.be(holder)
    page = window.open("/me/notices/choices")
    page.locator("[data-choice=per_use] button").click()
    page.locator("[data-choice=per_use] .toggle.on").wait_for()
    window.service.partners["hotel"].verify(window.service.code(holder)["qr"], "hotel_check_in")
    window.service.advance(3)
    window.open(newest_link(window, "code_used"))


def newest_link(window: Window, topic: str) -> str:
    """Return the path of the link in the newest message of a topic, once it came."""
    found: list[str] = []

    def arrived() -> bool:
        messages = window.service.http.get("/sandbox/inbox?format=json").json()
        texts = [str(message["text"]) for message in messages if message["topic"] == topic]
        found.extend(re.findall(r"https?://[^/\s]+(/[^\s;]+)", texts[0]) if texts else [])
        return bool(found)

    window.service.wait_for(arrived)
    return found[0].rstrip(".")


def leaving(window: Window) -> None:
    """Ask to be deregistered; the page shows number and secret."""
    window.be(window.service.somebody())
    page = window.open("/me/deregister")
    page.locator("input[name=understood]").check(force=True)
    page.locator("form[action='/me/deregister'] button").click()
    page.locator("[data-secret]").wait_for()


def left(window: Window) -> None:
    """Wait until the account is erased, and look it up with number and secret."""
    leaving(window)
    number, secret = (window.page.locator("dd.digits").nth(place).inner_text() for place in (0, 1))
    window.service.advance(73 * 3600)
    look = partial(_look_up, window, number, secret)
    window.service.wait_for(look, advance=60)


def _look_up(window: Window, number: str, secret: str) -> bool:
    page = window.open("/deregistration/status")
    page.locator("input[name=number]").fill(number)
    page.locator("input[name=secret]").fill(secret)
    page.locator("form[action='/deregistration/status'] button").click()
    page.locator("[data-deregistration]").wait_for()
    return page.locator("[data-deregistration=done]").count() == 1
