"""Records, «not me» and permissions, as a person meets them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import DESK, PHONE, Window

NARROW = (320, 640)


def used(window: Window) -> None:
    """Be somebody new, and be verified at one desk of the hotel and refused at another for showing the code again."""
    holder_id = window.service.somebody()
    window.be(holder_id)
    digits = window.service.code(holder_id)["qr"]
    for desk in ("front-1", "front-2"):
        window.service.partners["hotel"].verify(digits, "hotel_check_in", desk=desk)


def is_too_wide(window: Window) -> bool:
    window.page.wait_for_load_state()
    return bool(window.page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_person_filters_opens_a_record_and_reports_it_without_freezing(phone: Window) -> None:
    used(phone)
    page = phone.open("/records")
    expect(page.locator(".record")).to_have_count(2)
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("结果").select_option("passed")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".record")).to_have_count(1)
    page.locator(".record h2 a").click()
    page.get_by_role("link", name="不是我").click()
    page.get_by_label("补充说明").fill("我没有去过")
    page.get_by_role("button", name="只报告").click()
    expect(page.locator("[data-ticket]")).to_have_count(1)
    page.get_by_role("link", name="回到使用记录").click()
    expect(page.get_by_text("您已报告")).to_have_count(1)


def test_a_person_freezes_from_a_record_and_the_desk_refuses_at_once(phone: Window) -> None:
    used(phone)
    page = phone.open("/records")
    page.locator(".record h2 a").first.click()
    page.get_by_role("link", name="不是我").click()
    page.get_by_role("button", name="挂失并报告").click()
    expect(page.get_by_text("账户已挂失")).to_be_visible()
    expect(phone.open("/records").locator(".record")).to_have_count(0)


def test_a_person_switches_a_partner_off_and_on_by_keyboard(open_window: OpenWindow) -> None:
    window = open_window(language="en", size=DESK)
    used(window)
    page = window.open("/grants")
    hotel = page.locator("[data-partner=hotel]")
    for state in ("no", "yes"):
        hotel.get_by_role("button").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(f"[data-partner=hotel][data-on={state}]")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("size", [NARROW, PHONE, DESK])
def test_nothing_runs_over_the_edge_in_large_type(
    open_window: OpenWindow, language: str, size: tuple[int, int]
) -> None:
    window = open_window(language=language, size=size)
    used(window)
    for path in ("/records?elder=1", "/grants"):
        window.open(path)
        assert not is_too_wide(window)
    window.open("/records").locator(".record h2 a").first.click()
    assert not is_too_wide(window)
