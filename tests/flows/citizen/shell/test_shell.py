"""What every page has: language, type size, headers, form tokens, words for every failure, nothing in the logs."""

import re
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, cast

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from eztong import citizen
from eztong.http.exchange import ExchangeMiddleware, Exchanges
from eztong.http.streams import EventStreams
from eztong.pages.assets import Assets
from eztong.ports.storage.store import Store
from tests.flows.citizen.browser import ANYBODY, TICKS, Browser, Town

FORMS = ("/register", "/register/phone", "/register/otp", "/register/identity", "/code", "/code/spoken", "/freeze")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_does_nothing(path: str, browser: Browser, town: Town) -> None:
    browser.register()
    answer = browser.client.post(path, data={**TICKS, "phone": ANYBODY.phone}, follow_redirects=False)
    if path == "/register":
        assert answer.headers["location"] == "/register/result"
    else:
        assert answer.status_code == 403
        assert "什么都没有记录" in answer.text
    assert town.accounts() == 1


def test_the_token_of_another_browser_does_not_help(town: Town) -> None:
    one, other = town.browser(), town.browser()
    one.register()
    other.get("/register")
    one.get("/freeze")
    assert one.send("/freeze", csrf=other.hidden()["csrf"]).status_code == 403
    assert one.get("/code").status_code == 200


def test_a_choice_of_language_is_kept(browser: Browser) -> None:
    assert '<html lang="zh-CN"' in browser.get("/").text
    assert '<html lang="en"' in browser.get("/?lang=en").text
    assert "Show a code" in browser.get("/").text
    assert 'class="elder"' in browser.get("/?elder=1").text
    assert 'class="elder"' in browser.get("/").text
    assert '<html lang="en"' in browser.get("/?lang=xx").text


def test_english_all_the_way(town: Town) -> None:
    browser = town.browser(language="en-GB,en;q=0.9,zh;q=0.1")
    browser.register()
    browser.show_code()
    visible = re.sub(r"<[^>]*>", "", browser.page.text.split("<main")[1].split("</main>")[0])
    assert "Valid until" in visible
    assert not re.search(r"[\u4e00-\u9fff]", visible.replace("测*一", ""))


def test_pages_ask_nothing_of_anybody_else_and_run_no_inline_script(browser: Browser) -> None:
    browser.register()
    for path in ("/", "/code", "/me/agreements", "/freeze", "/documents/service", "/sandbox/inbox"):
        page = browser.get(path)
        assert all('type="module" src="/static/' in tag for tag in re.findall(r"<script[^>]*>[^<]*", page.text))
        assert not re.search(r"<script[^>]*>[^<]", page.text)
        assert " style=" not in page.text
        assert not re.search(r'(?:src|href)="(?:https?:)?//', page.text)
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert page.headers["cache-control"] == "no-store"
        assert "unsafe" not in page.headers["content-security-policy"]


def test_static_files_are_kept_for_good_under_their_hash(browser: Browser) -> None:
    path = re.findall(r'href="(/static/eztong-[0-9a-f]{16}\.css)"', browser.get("/").text)[0]
    answer = browser.client.get(path)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert browser.client.get("/static/eztong.css").status_code == 404


def test_what_browsers_and_searchers_ask_for_unasked_is_there(browser: Browser) -> None:
    icon = browser.client.get("/favicon.ico")
    assert (icon.status_code, icon.headers["content-type"]) == (200, "image/svg+xml")
    robots = browser.client.get("/robots.txt").text.splitlines()
    assert robots[0] == "User-agent: *"
    assert robots[-1] == "Disallow: /"


def test_the_title_of_a_page_that_tells_an_error_begins_with_it(browser: Browser) -> None:
    assert "<title>错误：" in browser.get("/r/nothing").text
    assert "<title>错误：" not in browser.get("/about").text


def test_every_page_of_the_sandbox_says_so(browser: Browser) -> None:
    for path in ("/", "/register", "/documents/service", "/r/nothing"):
        page = browser.get(path).text
        assert "沙盒 · 2026年1月15日" in page
        assert 'href="/sandbox/inbox"' in page


def test_https_names_the_cookie_for_this_host_only(tmp_path: Path) -> None:
    town = Town(tmp_path, public_url="https://id.example.test")
    browser = town.browser(https=True)
    answer = browser.get("/register")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-ezt_session=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "max-age=" in answer.headers["strict-transport-security"]
    town.built.close()


class BrokenStore:
    """Fails in a way nobody foresaw, with a phone number in its message."""

    def read(self) -> NoReturn:
        raise RuntimeError(ANYBODY.phone)


def broken_store() -> Store:
    return cast("Store", BrokenStore())


def test_an_unexpected_failure_is_a_page_with_a_number_and_no_details(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    services = replace(town.services, store=broken_store())
    app = ExchangeMiddleware(
        Starlette(routes=citizen.routes(services, Assets(citizen.STATIC), EventStreams())),
        exchanges=Exchanges(metrics=town.built.metrics, entropy=services.entropy),
    )
    answer = TestClient(app).get("/register")
    assert answer.status_code == 500
    assert "资料没有改变" in answer.text
    assert answer.headers["x-request-id"] in answer.text
    for text in (answer.text, *capsys.readouterr()):
        assert ANYBODY.phone not in text


def test_a_store_that_stopped_is_told_as_unavailable_with_nothing_lost(browser: Browser, town: Town) -> None:
    browser.get("/register")
    town.services.store.close()
    page = browser.send("/register", **TICKS)
    assert page.status_code == 503
    assert int(page.headers.get("retry-after", "1")) > 0
    assert "没有作出任何决定" in page.text


def test_nothing_personal_reaches_the_logs(browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    browser.register()
    number = browser.show_code()["number"]
    logged = "".join(capsys.readouterr())
    for secret in (ANYBODY.name, ANYBODY.number, ANYBODY.phone, number, browser.client.cookies["ezt_session"]):
        assert secret not in logged


def test_an_oversized_form_is_refused(browser: Browser, town: Town) -> None:
    browser.get("/register")
    answer = browser.send("/register", **TICKS, junk="x" * 70_000)
    assert answer.status_code == 413
    assert town.accounts() == 0
