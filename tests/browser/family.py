"""The ways to the pages of a family: a parent with a child, and a minor who invites."""

from __future__ import annotations

from tests.browser import ways
from tests.browser.window import Window
from tests.simulators.cast import cast_of


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
    """Stand on the child's page."""
    to_family(window)
    window.page.locator("[data-ward]").first.click()
    window.page.wait_for_url("**/me/family/gdn_*")


def to_leaving(window: Window) -> None:
    """Stand on the page that ends the child's account."""
    to_ward(window)
    window.page.locator("a[href$='/deregister']").last.click()
    window.page.wait_for_url("**/deregister")


def to_childs_code(window: Window) -> None:
    """Show the child's code."""
    to_ward(window)
    window.page.locator("form[action$='/code'] button.primary").click()
    window.page.wait_for_url("**/code")
