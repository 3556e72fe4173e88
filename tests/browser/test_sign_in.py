"""Unlocking and signing in, in a real browser with an authenticator that verifies its user."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.window import Window

PIN = "805217"
WAIT_OVER = 181


def site(window: Window) -> str:
    """Passkeys belong to a host name, never to an address."""
    return window.service.url.replace("127.0.0.1", "localhost")


def be_somebody(window: Window) -> str:
    """Be a citizen whom no other test has seen, at the name that passkeys work for."""
    holder_id = window.service.somebody()
    session = window.service.http.post(f"/v1/test_helpers/holders/{holder_id}/sessions").json()
    window.context.add_cookies([{"name": session["cookie"], "value": session["token"], "url": site(window)}])
    return holder_id


def open_at_site(window: Window, path: str) -> Page:
    window.page.goto(site(window) + path)
    return window.page


def add_passkey(window: Window) -> None:
    window.virtual_passkeys()
    page = open_at_site(window, "/unlock/setup")
    page.get_by_role("button", name="用指纹、面容或屏幕锁").click()
    page.wait_for_url("**/code")


def set_pin(window: Window) -> None:
    page = open_at_site(window, "/unlock/setup")
    page.get_by_label("新的 PIN 码").fill(PIN)
    page.get_by_label("再输一遍").fill(PIN)
    page.get_by_role("button", name="保存 PIN 码").click()
    page.wait_for_url("**/code")


def test_a_passkey_unlocks_and_the_code_can_be_shown_again(phone: Window) -> None:
    be_somebody(phone)
    add_passkey(phone)
    phone.service.advance(WAIT_OVER)
    page = open_at_site(phone, "/unlock?next=/code")
    page.get_by_role("button", name="用指纹、面容或屏幕锁解锁").click()
    page.wait_for_url("**/code")
    page.get_by_role("button", name="亮码").click()
    expect(page.locator("svg.qr")).to_be_visible()


def test_a_cancelled_passkey_says_so_and_the_pin_still_unlocks(phone: Window) -> None:
    be_somebody(phone)
    set_pin(phone)
    add_passkey(phone)
    phone.service.advance(WAIT_OVER)
    page = open_at_site(phone, "/unlock")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.get_by_role("button", name="用指纹、面容或屏幕锁解锁").click()
    expect(page.get_by_text("已取消或超时")).to_be_visible()
    page.get_by_label("PIN 码", exact=True).fill(PIN)
    page.get_by_role("button", name="用 PIN 码解锁").click()
    page.wait_for_url("**/code")


def test_under_an_address_that_passkeys_do_not_work_for_only_the_pin_is_offered(phone: Window) -> None:
    phone.be(phone.service.somebody())
    page = phone.open("/unlock/setup")
    expect(page.get_by_role("button", name="保存 PIN 码")).to_be_visible()
    expect(page.get_by_role("button", name="用指纹、面容或屏幕锁")).to_be_hidden()


def test_wrong_pins_lock_and_the_page_says_for_how_long(phone: Window) -> None:
    be_somebody(phone)
    set_pin(phone)
    page = open_at_site(phone, "/unlock")
    for _ in range(5):
        page.get_by_label("PIN 码", exact=True).fill("805218")
        page.get_by_role("button", name="用 PIN 码解锁").click()
        page.wait_for_load_state()
    expect(page.get_by_text("已锁定")).to_be_visible()
