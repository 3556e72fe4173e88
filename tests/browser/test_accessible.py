"""Every page of the tour keeps WCAG 2.2 AA: in both languages, in large type, in the dark."""

from typing import Any

import pytest

from tests.browser.axe import violations
from tests.browser.conftest import OpenWindow
from tests.browser.tour import TOUR, Stop
from tests.browser.window import PHONE, Window

LOOKS: dict[str, dict[str, Any]] = {
    "zh-CN": {"language": "zh-CN"},
    "en-dark": {"language": "en", "color_scheme": "dark"},
    "zh-CN-elder": {"language": "zh-CN", "elder": True},
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_a_page_breaks_no_rule(open_window: OpenWindow, stop: Stop, look: str) -> None:
    window = open_window(size=PHONE, **LOOKS[look])
    stop.reach(window)
    assert violations(window.page) == []


def test_the_check_notices_what_is_wrong(phone: Window) -> None:
    page = phone.open("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\"><input>')")
    rules = {violation.partition(":")[0] for violation in violations(page)}
    assert rules == {"image-alt", "label"}
