"""Ways to the pages on which several rows of a queue are dealt with together."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page

from tests.browser.steps import standing
from tests.browser.window import Window

_MOST: Final = 3


def to_ticked(window: Window) -> Page:
    """Tick some tickets, and open what can be done to them."""
    standing.written(window)
    page = window.staff("/console/tickets")
    ticks = page.locator("td.pick input")
    for place in range(min(_MOST, ticks.count())):
        ticks.nth(place).check()
    page.locator("#bulk summary").click()
    return page


def to_look(window: Window) -> Page:
    """See what would become of each."""
    page = to_ticked(window)
    page.check("input[name=act][value=answer]")
    page.fill("#words", "您反映的情况已查明并改正，感谢来信。")
    page.click("#bulk button.primary")
    page.wait_for_selector("#typed")
    return page


def to_result(window: Window) -> Page:
    """Do it, and see what came of it."""
    page = to_look(window)
    page.fill("#typed", str(page.locator("form input[name^=pick_]").count()))
    page.click("main form button.danger")
    page.wait_for_url("**/bulk/*")
    return page
