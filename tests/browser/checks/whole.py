"""Everything that every page must be: strict, light, in words, no wider than its window, and WCAG 2.2 AA."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from eztong.http.cookies import LANGUAGE_COOKIE
from tests.browser.checks.axe import CONTRAST, violations
from tests.browser.checks.listener import listener
from tests.browser.checks.weight import EVERY_PAGE, first_load
from tests.browser.checks.words import words_for_programs_on
from tests.browser.stop import Reach
from tests.browser.window import PHONE, SMALL_PHONE, Window

PHONE_IN_ENGLISH: Final[dict[str, Any]] = {"language": "en", "size": PHONE, "reduced_motion": "reduce"}
"""The window that the English pages are looked at in."""


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


def check_in_english(window: Window, reach: Reach, *, reach_anew: Callable[[], Window]) -> None:
    """Look at the same page in English on a phone: asked for once more where that gives it, reached anew elsewhere.

    ``reach_anew`` opens a window of a phone in English.
    """
    before, page = shape_of(window), window.page
    window.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": "en", "url": window.service.url}])
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(page.url)
    if shape_of(window) != before or language_of(window) != "en":
        window = reach_anew()
        reach(window)
    assert violations(window.page) == []
    assert words_for_programs_on(window.page) == []
    assert width_of(window) <= PHONE[0]
    assert language_of(window) == "en"


def shape_of(window: Window) -> list[str]:
    """Return what the page consists of, whatever its words are: the same page has the same shape in every language."""
    shape: list[str] = window.page.evaluate(
        "() => [...document.querySelectorAll('body *')].map((e) => `${e.tagName}.${e.getAttribute('class') ?? ''}`)"
    )
    return [urlsplit(window.page.url).path, *shape]


def language_of(window: Window) -> str | None:
    """Return the language that the page says it speaks."""
    return window.page.locator("html").get_attribute("lang")


def width_of(window: Window) -> int:
    """Return how wide the page is, in CSS pixels."""
    return int(window.page.evaluate("document.documentElement.scrollWidth"))
