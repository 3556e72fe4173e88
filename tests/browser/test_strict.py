"""Pages run under the strict policy: nothing inline, nothing from elsewhere, no error in the console."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.conftest import OpenWindow
from tests.browser.tour import TOUR, Stop
from tests.browser.window import DESK, Window


@dataclass
class Listener:
    """Hears what a page complains about and asks for."""

    own: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Begin to listen."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:")):
            return
        if urlsplit(request.url).netloc != urlsplit(self.own).netloc:
            self.elsewhere.append(request.url)


def listener(window: Window) -> Listener:
    heard = Listener(window.service.url)
    heard.listen(window.page)
    return heard


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_a_page_complains_of_nothing_and_asks_nobody_else(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(size=DESK)
    heard = listener(window)
    stop.reach(window)
    window.page.wait_for_load_state("load")
    assert heard.complaints == []
    assert heard.elsewhere == []


def test_an_inline_script_is_refused_and_noticed(phone: Window) -> None:
    heard = listener(phone)
    page = phone.open("/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.owned = 1'}))")
    assert page.evaluate("window.owned") is None
    assert any("Content Security Policy" in complaint for complaint in heard.complaints)


def test_a_picture_from_elsewhere_is_refused_and_noticed(phone: Window) -> None:
    heard = listener(phone)
    page = phone.open("/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'http://127.0.0.2:9/pixel.png'}))"
    )
    page.wait_for_timeout(100)
    assert any("Content Security Policy" in complaint for complaint in heard.complaints)
