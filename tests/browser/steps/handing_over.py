"""Ways to the pages on which an account goes over from a guardian to its holder, years after it was made."""

from __future__ import annotations

from typing import Final

from tests.browser import ways
from tests.browser.steps import own_account
from tests.browser.window import Window
from tests.simulators.cast import cast_of

YEARS: Final = 7 * 366 * 86_400
"""Until the child of seven is fourteen."""
PARENT: Final = "P10"


def to_grown_ward(window: Window) -> None:
    """Stand on the page of a ward who is fourteen."""
    holder_id = window.service.holder(PARENT)["id"]
    window.be(holder_id)
    if window.open("/me/family").locator("[data-ward]").count() == 0:
        own_account.to_ward(window)
        window.service.wait_for(lambda: own_account.is_active(window))
        window.service.advance(YEARS)
        window.be(holder_id)
        window.open("/me/family")
    window.page.locator("[data-ward]").first.click()
    window.page.wait_for_url("**/me/family/gdn_*")


def to_offer(window: Window) -> None:
    """Stand on the page that hands over, before any digits are made."""
    to_grown_ward(window)
    window.page.locator("a[href$='/hand-over']").click()
    window.page.wait_for_url("**/hand-over")
    if window.page.locator("[data-hand-over]").count():
        window.page.locator("button[value='keep']").click()
        window.page.wait_for_selector("button.primary[value='offer']")


def to_digits(window: Window) -> str:
    """Make the digits, and return them."""
    to_offer(window)
    window.page.locator("button[value='offer']").click()
    shown = window.page.locator("[data-hand-over]")
    shown.wait_for()
    return shown.get_attribute("data-hand-over") or ""


def to_code(window: Window) -> str:
    """Stand on the page that asks the ward for the code to the own phone; return the phone."""
    digits, phone = to_digits(window), ways.new_phone()
    page = window.open("/take-over")
    page.fill("#number", cast_of(window.service)["P09"].number)
    page.fill("#digits", digits)
    page.fill("#phone", phone)
    page.locator("form[action='/take-over'] button.primary").click()
    page.wait_for_url("**/take-over/code")
    return phone
