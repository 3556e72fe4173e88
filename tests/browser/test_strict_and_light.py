"""Pages run under the strict policy (nothing inline, nothing from elsewhere, no error in the console) and are light."""

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.conftest import OpenWindow
from tests.browser.tour import TOUR, Stop
from tests.browser.ways import to_code
from tests.browser.weight import CODE_PAGE, EVERY_PAGE, Budget, first_load, over_the_wire
from tests.browser.window import DESK, Window

SMALL_PHONE = (320, 640)
# A refusal is an answer, and the browser notes its status; what pages are made of must be there all the same.
REFUSED = "Failed to load resource: the server responded with a status of 4"


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
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.complaints.append(message.text)

    def _response(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST and "/static/" in response.url:
            self.complaints.append(f"{response.status} {response.url}")

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
def test_a_page_complains_of_nothing_asks_nobody_else_and_keeps_its_budget(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(size=DESK)
    heard = listener(window)
    stop.reach(window)
    window.page.wait_for_load_state("load")
    assert heard.complaints == []
    assert heard.elsewhere == []
    assert first_load(window.page).excess(EVERY_PAGE) == []


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_no_page_is_wider_than_a_small_phone(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(size=SMALL_PHONE, elder=True)
    stop.reach(window)
    window.page.wait_for_load_state("load")
    assert window.page.evaluate("document.documentElement.scrollWidth") <= SMALL_PHONE[0]


def test_the_code_page_brings_at_most_a_hundred_kilobytes(phone: Window) -> None:
    phone.be(phone.service.somebody())
    assert over_the_wire(phone.page, "/code").excess(CODE_PAGE) == []
    to_code(phone)
    assert first_load(phone.page).excess(CODE_PAGE) == []


def test_a_heavy_page_is_noticed(phone: Window) -> None:
    little = Budget(kilobytes=1, requests=1)
    assert len(over_the_wire(phone.page, "/register").excess(little)) == len(("weight", "requests"))
    assert len(first_load(phone.page).excess(little)) == len(("weight", "requests"))


def test_a_page_that_is_too_wide_is_noticed(open_window: OpenWindow) -> None:
    page = open_window(size=SMALL_PHONE).open("/")
    page.evaluate("document.querySelector('main').append(Object.assign(new Image(400, 10), {alt: ''}))")
    assert page.evaluate("document.documentElement.scrollWidth") > SMALL_PHONE[0]


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
