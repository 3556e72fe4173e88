"""扫一扫 in a real browser: the camera looks at a request's QR; without a camera, and for what is not ours, words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.fake_camera import write_video
from tests.browser.window import CHROMIUM_FLAGS, Window, chromium
from tests.simulators.service import Service


class LookAt(Protocol):
    """Opens the page on a phone whose camera looks at a text as QR, and whose pictures ``answer`` takes."""

    def __call__(self, text: str, answer: Callable[[Route], None] | None = None) -> Page: ...


SCAN_MS = 15_000
WITHOUT_READER = "delete window.BarcodeDetector"


@pytest.fixture
def look_at(browser: Browser, service: Service, tmp_path: Path) -> Iterator[LookAt]:
    """Return what opens the page on a phone whose camera looks at a text as QR."""
    opened: list[BrowserContext] = []

    def look(text: str, answer: Callable[[Route], None] | None = None) -> Page:
        video = tmp_path / "code.y4m"
        write_video(video, text)
        flags = [
            *CHROMIUM_FLAGS,
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={video}",
        ]
        filming = browser.browser_type.launch(executable_path=chromium(), args=flags)
        context = filming.new_context(base_url=service.url, locale="zh-CN")
        opened.append(context)
        window = Window(context, context.new_page(), service)
        window.sign_in_as("P01")
        if answer is not None:
            window.page.add_init_script(WITHOUT_READER)
            window.page.route("**/scan/frame*", answer)
        page = window.open("/scan")
        page.get_by_role("button", name="打开摄像头").press("Enter")
        return page

    yield look
    for context in opened:
        started = context.browser
        assert started is not None
        started.close()


def ask(service: Service) -> str:
    """Open a request of the game; return its link."""
    asked = service.partners["game"].post("/v1/requests", {"scene": "game_age_check", "wants": ["age_over_18"]})
    return str(asked.json()["url"])


def test_the_camera_leads_to_the_request_on_a_partners_screen(look_at: LookAt, service: Service) -> None:
    link = ask(service)
    page = look_at(link)
    page.wait_for_url(link, timeout=SCAN_MS)
    expect(page.get_by_role("button", name="同意并验证")).to_be_visible()


def test_a_foreign_qr_is_named_and_not_opened(look_at: LookAt, service: Service) -> None:
    page = look_at("https://evil.example/r/abc")
    expect(page.get_by_text("evil.example")).to_be_visible(timeout=SCAN_MS)
    assert page.url == f"{service.url}/scan"


def test_a_browser_without_a_camera_says_what_else_works(phone: Window, service: Service) -> None:
    phone.sign_in_as("P01")
    page = phone.open("/scan")
    page.get_by_role("button", name="打开摄像头").click()
    expect(page.locator("[data-camera-words]")).to_contain_text("把链接粘贴到下面")
    link = ask(service)
    page.get_by_label("链接", exact=True).fill(f"请打开 {link}")
    page.keyboard.press("Enter")
    page.wait_for_url(link)


@pytest.mark.parametrize(
    ("status", "words"),
    [(413, "服务器不收摄像头的画面"), (403, "请刷新页面"), (429, "服务器正忙"), (503, "服务器正忙"), (0, "服务器正忙")],
)
def test_a_server_that_refuses_pictures_is_not_looked_at_for_ever(look_at: LookAt, status: int, words: str) -> None:
    def refuse(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="refused")
        else:
            route.abort()

    page = look_at("EZ1:nothing", refuse)
    expect(page.locator("[data-camera-words]")).to_contain_text(words, timeout=SCAN_MS)


def test_without_a_secure_connection_the_page_says_so(phone: Window) -> None:
    phone.sign_in_as("P01")
    phone.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page = phone.open("/scan")
    page.get_by_role("button", name="打开摄像头").click()
    expect(page.locator("[data-camera-words]")).to_contain_text("不是安全连接")
