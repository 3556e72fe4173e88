"""Every page of the tour keeps WCAG 2.2 AA: in both languages, in the light and in the dark, in large type."""

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.tour import TOUR, Stop
from tests.browser.window import Window


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_a_page_breaks_no_rule_in_chinese(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(reduced_motion="reduce")
    stop.reach(window)
    page = window.page
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page)
    page.emulate_media(color_scheme="light")
    page.evaluate("document.documentElement.classList.add('elder')")
    found["elder"] = violations(page)
    assert found == {"light": [], "dark": [], "elder": []}


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_a_page_breaks_no_rule_in_english(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(language="en", reduced_motion="reduce")
    stop.reach(window)
    assert violations(window.page) == []
    assert window.page.locator("html").get_attribute("lang") == "en"


def test_the_check_notices_what_is_wrong(phone: Window) -> None:
    page = phone.open("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\"><input>')")
    rules = {violation.partition(":")[0] for violation in violations(page)}
    assert rules == {"image-alt", "label"}
