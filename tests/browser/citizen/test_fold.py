"""What a page is there for stands above the fold: no scrolling, nothing of the tab bar over it."""

import pytest

from tests.browser.conftest import OpenWindow

LOW = [(320, 568), (360, 640), (390, 664)]
ABOVE_THE_TABS = """
() => {
  const button = document.querySelector("form[action='/code'] .button").getBoundingClientRect();
  const tabs = document.querySelector(".tabs").getBoundingClientRect();
  return Math.round(tabs.top - button.bottom);
}
"""


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("persona", ["P01", "P06"])
def test_the_button_that_shows_a_code_is_seen_without_scrolling(
    open_window: OpenWindow, language: str, persona: str, *, elder: bool
) -> None:
    window = open_window(language=language, elder=elder)
    window.sign_in_as(persona)
    for path in ("/code", "/code?expired=1"):
        page = window.open(path)
        for width, height in LOW:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate("scrollY") == 0
            assert page.evaluate(ABOVE_THE_TABS) >= 0, f"{path} at {width}x{height}"
