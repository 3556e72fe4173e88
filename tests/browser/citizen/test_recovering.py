"""In a browser: a recovery that waits is stopped by one press from any page; a freeze takes two from the code page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.steps import recovering
from tests.browser.window import Window


def test_the_notice_stands_on_the_code_page_and_one_press_stops_the_recovery(open_window: OpenWindow) -> None:
    holder, other = open_window(), open_window()
    person = recovering.registered(holder)
    recovering.to_waiting(other, person)
    expect(other.page.locator("[data-recovery=waiting]")).to_be_visible()
    page = holder.open("/code")
    page.get_by_role("button", name="不是我，马上阻止").click()
    expect(page.locator("[data-state=recovery_stopped]")).to_be_visible()
    other.page.reload()
    expect(other.page.locator("[data-recovery=stopped]")).to_be_visible()


def test_two_presses_freeze_from_the_code_page(phone: Window) -> None:
    phone.be(phone.service.somebody())
    page: Page = phone.open("/code")
    page.locator("a.danger-link").click()
    page.get_by_role("button", name="暂时停用").click()
    expect(page.locator("[data-state=frozen]")).to_be_visible()
    expect(page.get_by_role("link", name="恢复使用")).to_be_visible()
