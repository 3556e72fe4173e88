"""Me, as a person meets it: a look in full that does not last, on narrow and large screens, with and without script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from eztong.domain.access.unlock import UNLOCK_LIFE
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window

NUMBER = "11000019900307001X"
MASK = "1****************X"
NARROW = (320, 640)


def reveal(window: Window) -> Page:
    """Be P01 and show the values in full."""
    window.sign_in_as("P01")
    page = window.open("/me")
    page.get_by_role("button", name="显示完整信息").click()
    page.wait_for_selector("[data-revealed]")
    page.wait_for_load_state()
    return page


def number(page: Page) -> str:
    return page.locator("[data-known=number]").inner_text()


def test_what_is_shown_in_full_hides_itself_after_thirty_seconds(phone: Window) -> None:
    phone.page.clock.install()
    page = reveal(phone)
    assert number(page) == NUMBER
    page.clock.run_for(29_000)
    assert number(page) == NUMBER
    assert "1 秒后自动隐藏" in page.locator("[data-left]").inner_text()
    page.clock.run_for(1_500)
    assert number(page) == MASK
    assert NUMBER not in page.content()
    assert page.get_by_role("button", name="显示完整信息").is_visible()
    assert page.locator("[data-said]").inner_text() == "信息已隐藏。"


def test_it_hides_at_once_when_the_holder_asks_and_keeps_the_keyboard_where_it_was(phone: Window) -> None:
    page = reveal(phone)
    page.get_by_role("link", name="现在隐藏").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="显示完整信息").wait_for()
    assert number(page) == MASK
    assert page.evaluate("document.activeElement.matches('[data-reveal] button')")


def test_it_hides_at_once_when_the_page_is_left_in_the_background(phone: Window) -> None:
    page = reveal(phone)
    page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden'});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    assert number(page) == MASK


def test_going_back_does_not_show_it_again(phone: Window) -> None:
    page = reveal(phone)
    page.get_by_role("link", name="设备与登录").click()
    expect(page.get_by_text("查看了完整的姓名和号码").first).to_be_visible()
    page.go_back()
    page.wait_for_load_state("load")
    assert NUMBER not in page.content()


def test_without_script_the_hide_link_leads_back_to_the_mask(open_window: OpenWindow) -> None:
    page = reveal(open_window(java_script_enabled=False))
    assert number(page) == NUMBER
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    page.get_by_role("link", name="现在隐藏").click()
    assert number(page) == MASK


def test_a_locked_session_is_asked_to_unlock_first(phone: Window) -> None:
    phone.be(phone.service.somebody())
    page = phone.open("/me")
    phone.service.advance(int(UNLOCK_LIFE.total_seconds()) + 1)
    page.get_by_role("button", name="显示完整信息").click()
    page.wait_for_url("**/unlock/setup?next=/me")


def test_the_copy_is_saved_as_a_file(phone: Window, tmp_path: Path) -> None:
    phone.sign_in_as("P01")
    page = phone.open("/me")
    page.get_by_role("link", name="导出我的数据").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name="下载 JSON 文件").click()
    target = tmp_path / caught.value.suggested_filename
    caught.value.save_as(target)
    assert target.name == "eztong-my-data.json"
    assert json.loads(target.read_text(encoding="utf-8"))["account"][0]["document_number"] == NUMBER


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("path", ["/me", "/me/data", "/me/agreements", "/about"])
def test_nothing_is_wider_than_a_narrow_phone(
    open_window: OpenWindow, path: str, language: str, *, elder: bool
) -> None:
    window = open_window(language=language, size=NARROW, elder=elder)
    window.sign_in_as("P01")
    page = window.open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder"])
def test_everything_to_press_is_large_enough(open_window: OpenWindow, *, elder: bool) -> None:
    window = open_window(size=NARROW, elder=elder)
    page = reveal(window)
    least = 60 if elder else 48
    heights = page.locator("main :is(.button, .ways a, .setting, summary)").evaluate_all(
        "(all) => all.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= least
