"""The code page in a real browser."""

from tests.browser.conftest import OpenWindow
from tests.browser.window import Window


def test_a_signed_in_holder_shows_a_code(phone: Window) -> None:
    phone.sign_in_as("P01")
    page = phone.open("/code")
    page.get_by_role("button", name="亮码").click()
    assert page.locator("svg.qr").is_visible()


def test_the_page_speaks_english(open_window: OpenWindow) -> None:
    window = open_window(language="en")
    page = window.open("/")
    assert page.locator("html").get_attribute("lang") == "en"
