"""Everything that every page must be: strict, light, in words, no wider than its window, and WCAG 2.2 AA."""

from __future__ import annotations

from tests.browser.checks.axe import CONTRAST, violations
from tests.browser.checks.listener import listener
from tests.browser.checks.weight import EVERY_PAGE, first_load
from tests.browser.checks.words import words_for_programs_on
from tests.browser.stop import Reach
from tests.browser.window import PHONE, SMALL_PHONE, Window


def check_on_a_desk(window: Window, reach: Reach) -> None:
    """Look at a page in light and dark, then in large type on a small phone."""
    page, heard = window.page, listener(window)
    reach(window)
    page.wait_for_load_state("load")
    assert heard.complaints == []
    assert heard.elsewhere == []
    assert first_load(page).excess(EVERY_PAGE) == []
    assert words_for_programs_on(page) == []
    page.emulate_media(reduced_motion="reduce")
    found = {"light": violations(page)}
    # What is dark differs in colours alone.
    page.emulate_media(reduced_motion="reduce", color_scheme="dark")
    found["dark"] = violations(page, rules=CONTRAST)
    page.emulate_media(reduced_motion="reduce", color_scheme="light")
    page.evaluate("document.documentElement.classList.add('elder')")
    page.set_viewport_size({"width": SMALL_PHONE[0], "height": SMALL_PHONE[1]})
    found["elder"] = violations(page)
    assert found == {"light": [], "dark": [], "elder": []}
    assert width_of(window) <= SMALL_PHONE[0]


def check_on_a_phone(window: Window, reach: Reach) -> None:
    """Look at a page in an English window of a phone."""
    reach(window)
    assert violations(window.page) == []
    assert words_for_programs_on(window.page) == []
    assert width_of(window) <= PHONE[0]
    assert window.page.locator("html").get_attribute("lang") == "en"


def width_of(window: Window) -> int:
    """Return how wide the page is, in CSS pixels."""
    return int(window.page.evaluate("document.documentElement.scrollWidth"))
