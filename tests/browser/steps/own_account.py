"""Ways to what a holder is told, chooses to be told, and leaves; to the pages of a family, and to talks."""

from __future__ import annotations

import re
from functools import partial

from playwright.sync_api import Page

from tests.browser import ways
from tests.browser.window import Window
from tests.simulators.cast import cast_of


def a_notice(window: Window) -> None:
    """Be told of something that puts the account at stake, and open the notices."""
    window.be(window.service.somebody())
    page = window.open("/feedback")
    ways.pick(page, "input[value=correction]")
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
    found = re.search(r"https?://[^/\s]+(/[^\s;]+)", window.service.newest_message(topic))
    assert found is not None
    return found[1].rstrip(".")


def to_phrase(window: Window) -> None:
    """Choose a phrase; the page shows it."""
    window.be(window.service.somebody())
    page = window.open("/me/phrase")
    page.locator("input[name=phrase]").fill("外婆的桂花糕")
    page.locator("button[value=choose]").click()
    page.locator("[data-phrase]").wait_for()


def to_unlock_with_phrase(window: Window) -> None:
    """Stand on the page to unlock, which shows the phrase."""
    to_phrase(window)
    window.open("/unlock?next=/me").locator(".own-phrase").wait_for()


def leaving(window: Window) -> None:
    """Ask to be deregistered; the page shows number and secret."""
    window.be(window.service.somebody())
    page = window.open("/me/deregister")
    ways.pick(page, "input[name=understood]")
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


def to_invitation(window: Window) -> None:
    """Stand on the page with the digits of a minor's invitation."""
    ways.to_result(window, "P08")
    page = window.open("/register/guardian")
    page.locator("form[action='/register/guardian'] button").click()
    page.wait_for_selector("[data-invitation]")


def to_family(window: Window) -> None:
    """Stand on the family page of a parent whose child is registered."""
    window.be(window.service.holder("P10")["id"])
    if window.open("/me/family").locator("[data-ward]").count() == 0:
        apply_for_child(window)
    window.service.wait_for(lambda: "data-ward" in window.open("/me/family").content())


def apply_for_child(window: Window) -> None:
    """Apply for a child of seven, as the parent."""
    child = cast_of(window.service)["P09"]
    page = window.open("/me/family/child")
    for tick in page.locator("input[type='checkbox']").all():
        tick.check()
    page.locator("input[name='name']").fill(child.name)
    page.locator("input[name='number']").fill(child.number)
    page.locator("input[name='relation'][value='parent']").check()
    page.locator("form[action='/me/family/child'] button.primary").click()
    page.wait_for_url("**/me/family")


def to_ward(window: Window) -> None:
    """Stand on the child's page; what an earlier visit froze goes on."""
    to_family(window)
    window.page.locator("[data-ward]").first.click()
    window.page.wait_for_url("**/me/family/gdn_*")
    release = window.page.locator("button[value='release']")
    if release.count() > 0:
        release.click()
        window.page.locator("button[value='freeze']").wait_for()


def is_active(window: Window) -> bool:
    """Say whether the page, read again, is of an account in use."""
    window.page.reload()
    return window.page.locator("[data-state=active]").count() > 0


def to_leaving(window: Window) -> None:
    """Stand on the page that ends the child's account."""
    to_ward(window)
    window.page.locator("a[href$='/deregister']").last.click()
    window.page.wait_for_url("**/deregister")


def to_childs_code(window: Window) -> None:
    """Show the child's code."""
    to_ward(window)
    # The application is decided a moment after it was made.
    window.service.wait_for(lambda: is_active(window))
    window.page.locator("form[action$='/code'] button.primary").click()
    window.page.wait_for_url("**/code")


def to_limits(window: Window) -> None:
    """Stand on the page that says what the child's account is used for."""
    to_ward(window)
    window.service.wait_for(lambda: is_active(window))
    window.page.locator("a[href$='/limits']").click()
    window.page.wait_for_url("**/limits")
