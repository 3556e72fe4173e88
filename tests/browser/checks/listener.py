"""What a page complains about, and whom it asks for what it is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

from tests.browser.window import Window

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
    """Begin to listen to a window's page."""
    heard = Listener(window.service.url)
    heard.listen(window.page)
    return heard
