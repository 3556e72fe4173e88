"""What all the citizen's pages share: tabs, language, large type, the app's manifest, the offline page."""

import json
import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import Window


def test_the_manifest_makes_the_pages_an_app(phone: Window) -> None:
    phone.open("/")
    answer = phone.page.request.get("/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    manifest = answer.json()
    assert {"name", "short_name", "start_url", "display", "icons"} <= manifest.keys()
    for icon in manifest["icons"]:
        assert phone.page.request.get(icon["src"]).ok, icon
    wire = phone.context.new_cdp_session(phone.page)
    assert wire.send("Page.getAppManifest")["errors"] == []
    wrong = {error["errorId"] for error in wire.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert wrong <= {"in-incognito"}, "the tests' windows are private ones; nothing else may be wrong"


def test_without_a_network_a_page_of_ours_says_so_in_the_reader_s_language(open_window: OpenWindow) -> None:
    for language, words in (("zh-CN", "没有网络"), ("en", "No network")):
        window = open_window(language=language)
        page = window.open("/")
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        window.open("/documents/service")
        window.context.set_offline(True)
        page.goto("/documents/authorisation")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        window.context.set_offline(False)


def test_the_worker_keeps_nothing_about_a_person(phone: Window) -> None:
    page = phone.open("/")
    page.evaluate("navigator.serviceWorker.ready")
    phone.be(phone.service.somebody())
    phone.open("/code")
    kept = page.evaluate(
        "async () => (await Promise.all((await caches.keys()).map(async (name) => "
        "(await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)))).flat()"
    )
    assert kept
    assert all(path.startswith(("/static/", "/offline")) for path in kept), json.dumps(kept)


def test_the_tabs_name_the_four_places(phone: Window) -> None:
    phone.be(phone.service.somebody())
    tabs = phone.open("/code").get_by_role("navigation", name="主要页面").get_by_role("link")
    assert [tab.inner_text().strip() for tab in tabs.all()] == ["亮码", "授权", "记录", "我的"]


def test_choosing_a_language_or_large_type_keeps_the_rest_of_the_address(phone: Window) -> None:
    page = phone.open("/code?expired=1")
    phone.be(phone.service.somebody())
    phone.open("/code?expired=1")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "expired=1" in page.url
    page.get_by_role("link", name="Large type").click()
    expect(page.locator("html")).to_have_class(re.compile("elder"))
    assert "expired=1" in page.url
    size = page.locator("body").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 20


def test_the_first_tab_press_offers_to_skip_to_the_content(phone: Window) -> None:
    page = phone.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
