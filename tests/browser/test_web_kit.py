"""The web kit: a merchant's page opens the holder's page, and hears when the person comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

KIT = Path(__file__).parents[2] / "clients" / "web" / "start-eid.js"
SHOP = "https://shop.example"
EID = "https://eid.example"
TOKEN = "CE661F1A-0000-4000-8000-000000000001"
PAGES = {
    f"{SHOP}/": "<button onclick='go()'>go</button>",
    f"{SHOP}/back": "<script type='module'>import { finishEid } from '/start-eid.js'; finishEid();</script>",
    f"{EID}/r/secret": f"<a href='{SHOP}/back?token={TOKEN}'>back</a>",
    f"{EID}/r/other": f"<a href='{SHOP}/back?token={TOKEN[:-1]}2'>back</a>",
}


def serve(route: Route) -> None:
    """Play both sites; the service's pages cut their ties to whoever opened them, as ours do."""
    address = route.request.url.partition("?")[0]
    if address.endswith("/start-eid.js"):
        route.fulfill(body=KIT.read_text("utf-8"), content_type="text/javascript")
        return
    headers = {"Cross-Origin-Opener-Policy": "same-origin"} if address.startswith(EID) else {}
    route.fulfill(body=PAGES[address], content_type="text/html", headers=headers)


@pytest.fixture
def shop(browser: Browser) -> Iterator[Page]:
    """The merchant's page."""
    context: BrowserContext = browser.new_context()
    context.route("**/*", serve)
    page = context.new_page()
    page.goto(f"{SHOP}/")
    yield page
    context.close()


def start(shop: Page, path: str) -> Page:
    """Press the merchant's button; return the window that opened."""
    script = """async ([token, url]) => {
        const { startEid } = await import('/start-eid.js');
        window.stop_waiting = new AbortController();
        window.go = () => { startEid({ data: { token, url }, signal: window.stop_waiting.signal,
            verifyDoneCallback(told) { window.told = told; } }).then((result) => { window.result = result; }); };
    }"""
    shop.evaluate(script, [TOKEN, f"{EID}{path}"])
    with shop.context.expect_page() as opened:
        shop.click("button")
    return opened.value


def result(shop: Page) -> Any:  # noqa: ANN401 - as JSON has it
    """Wait for the promise and return its value."""
    shop.wait_for_function("window.result !== undefined")
    return shop.evaluate("[window.result, window.told]")


def test_the_page_hears_when_the_person_comes_back(shop: Page) -> None:
    window = start(shop, "/r/secret")
    window.click("a")
    assert result(shop) == [{"token": TOKEN, "verifyDone": True}] * 2


def test_the_return_of_another_flow_is_not_this_ones(shop: Page) -> None:
    window = start(shop, "/r/other")
    window.click("a")
    shop.wait_for_timeout(300)
    assert shop.evaluate("window.result === undefined")
    shop.evaluate("window.stop_waiting.abort()")
    assert result(shop) == [{"token": TOKEN, "verifyDone": False}] * 2


@pytest.mark.parametrize(
    ("token", "url"), [("short", f"{EID}/r/x"), (TOKEN, "javascript:alert(1)"), (TOKEN, "http://eid.example/r/x")]
)
def test_what_is_no_token_or_address_is_refused(shop: Page, token: str, url: str) -> None:
    script = """async ([token, url]) => {
        const { startEid } = await import('/start-eid.js');
        try { startEid({ data: { token, url } }); return 'started'; } catch (error) { return error.name; }
    }"""
    assert shop.evaluate(script, [token, url]) == "TypeError"
