"""The ways to the pages of elders and their helpers."""

from __future__ import annotations

from tests.browser.window import Window

ELDER, HELPER = "P29", "P30"
DAY = 86_400


def to_helper_digits(window: Window) -> str:
    """Stand on an elder's page with the digits of an invitation for a helper; return them."""
    window.be(window.service.holder(ELDER)["id"])
    page = window.open("/me/family/helper")
    while (end := page.locator("button[value='end']")).count() > 0:
        if page.locator("details").count() > 0:
            page.locator("details summary").first.click()
        end.first.click()
        page.wait_for_load_state()
    page.locator("button[value='invite']").click()
    page.wait_for_load_state()
    if page.locator("[data-invitation]").count() == 0:
        # As many as one may invite in a day were invited by other stops.
        window.service.advance(DAY)
        page = window.open("/me/family/helper")
        page.locator("button[value='invite']").click()
    return str(page.locator("[data-invitation]").get_attribute("data-invitation"))


def to_waiting_help(window: Window) -> None:
    """Stand on the page of a helper who typed the digits and whom nobody confirmed yet."""
    digits = to_helper_digits(window)
    window.be(window.service.holder(HELPER)["id"])
    page = window.open("/me/family/helping")
    page.locator("input[name='digits']").fill(digits)
    page.locator("input[name='understood']").check()
    page.locator("form[action='/me/family/helping'] button.primary").click()
    page.wait_for_url("**/me/family/helping/ast_*")


def to_asking_helper(window: Window) -> None:
    """Stand on the elder's page that asks whether the helper is the one who was meant."""
    to_waiting_help(window)
    window.be(window.service.holder(ELDER)["id"])
    window.open("/me/family/helper").wait_for_selector("[data-asks]")


def to_confirmed_helper(window: Window) -> None:
    """Stand on the elder's page that names the helper."""
    window.be(window.service.holder(ELDER)["id"])
    if window.open("/me/family/helper").locator("[data-helper]").count() > 0:
        return
    to_asking_helper(window)
    window.page.locator("button[value='confirm']").click()
    window.page.wait_for_selector("[data-helper]")


def to_helped(window: Window) -> None:
    """Stand on the helper's page of whom they help."""
    to_helpers_family(window)
    window.page.locator("[data-helped]").first.click()
    window.page.wait_for_url("**/me/family/helping/ast_*")


def to_helpers_family(window: Window) -> None:
    """Stand on the family page of somebody who helps."""
    to_confirmed_helper(window)
    window.be(window.service.holder(HELPER)["id"])
    window.open("/me/family").wait_for_selector("[data-helped]")
