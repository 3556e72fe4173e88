"""Unlocking and signing in, in a real browser with an authenticator that verifies its user."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from eztong.adapters.authority.personas import PERSONAS
from tests.browser.conftest import OpenWindow
from tests.browser.window import Authenticator, Window

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


def add_passkey(window: Window) -> Authenticator:
    authenticator = window.virtual_passkeys()
    page = open_at_site(window, "/unlock/setup")
    page.get_by_role("button", name="用指纹、面容或屏幕锁").click()
    page.wait_for_url("**/code")
    return authenticator


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


def test_a_passkey_signs_in_with_nothing_typed_and_the_token_is_a_fresh_one(phone: Window) -> None:
    be_somebody(phone)
    add_passkey(phone)
    page = open_at_site(phone, "/me/devices")
    page.get_by_role("button", name="在这台设备上退出登录").click()
    page.wait_for_url(f"{site(phone)}/")
    page = open_at_site(phone, "/sign-in")
    before = token_of(phone)
    page.get_by_role("button", name="用指纹、面容或屏幕锁登录").click()
    page.wait_for_url("**/code")
    assert token_of(phone) not in {"", before}
    page.get_by_role("button", name="亮码").click()
    expect(page.locator("svg.qr")).to_be_visible()


def test_an_answer_of_an_authenticator_serves_once(phone: Window) -> None:
    be_somebody(phone)
    add_passkey(phone)
    page = open_at_site(phone, "/unlock")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if is_answer(request.url) else None)
    page.get_by_role("button", name="用指纹、面容或屏幕锁解锁").click()
    page.wait_for_url("**/code")
    again = page.evaluate(
        "(body) => fetch('/unlock/passkey', {method: 'POST', body: new URLSearchParams(body)}).then((r) => r.status)",
        sent[0],
    )
    assert again == 403


def test_an_authenticator_that_does_not_verify_its_user_unlocks_nothing(phone: Window) -> None:
    be_somebody(phone)
    authenticator = add_passkey(phone)
    phone.service.advance(WAIT_OVER)
    page = open_at_site(phone, "/unlock")
    page.evaluate(
        """() => {
          const get = navigator.credentials.get.bind(navigator.credentials);
          navigator.credentials.get = ({ publicKey }) =>
            get({ publicKey: { ...publicKey, userVerification: "discouraged" } });
        }"""
    )
    authenticator.stop_verifying()
    page.get_by_role("button", name="用指纹、面容或屏幕锁解锁").click()
    expect(page.get_by_text("通行密钥没有通过")).to_be_visible()


def test_message_code_and_pin_sign_in_on_another_phone(open_window: OpenWindow) -> None:
    first, second = open_window(), open_window()
    first.sign_in_as("P02")
    set_first_pin(first)
    page = second.open("/sign-in")
    page.get_by_label("手机号码").fill(PERSONAS["P02"].phone)
    page.get_by_role("button", name="发送验证码").click()
    page.get_by_label("短信验证码").fill(newest_otp(second, PERSONAS["P02"].phone))
    page.get_by_label("PIN 码", exact=True).fill(PIN)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/code")
    page.get_by_role("button", name="亮码").click()
    expect(page.locator("svg.qr")).to_be_visible()
    first.open("/code")
    first.page.wait_for_url("**/sign-in?next=/code")


def test_a_freeze_from_any_browser_stops_the_code_that_is_on_the_screen(open_window: OpenWindow) -> None:
    holder, other = open_window(), open_window(language="en")
    holder_id = holder.sign_in_as("P07")
    persona = PERSONAS["P07"]
    page = other.open("/lost")
    page.get_by_text("My phone is lost").click()
    page.get_by_label("Name").fill(persona.name)
    page.get_by_label("Citizen number").fill(persona.number)
    page.get_by_role("button", name="Send the code").click()
    page.get_by_label("Code from the message").fill(newest_otp(other, persona.phone))
    code = str(holder.service.code(holder_id)["qr"])
    page.get_by_role("button", name="Freeze now").click()
    expect(page.locator("[data-state=frozen]")).to_be_visible()
    answer = holder.service.partners["hotel"].verify(code, "hotel_check_in")
    assert answer.json()["outcome"] == "not_passed"


def is_answer(url: str) -> bool:
    return url.endswith("/unlock/passkey")


def token_of(window: Window) -> str:
    cookies = window.context.cookies(site(window))
    return next((str(cookie["value"]) for cookie in cookies if cookie["name"] == "ezt_session"), "")


def set_first_pin(window: Window) -> None:
    page = window.open("/unlock/setup")
    page.get_by_label("新的 PIN 码").fill(PIN)
    page.get_by_label("再输一遍").fill(PIN)
    page.get_by_role("button", name="保存 PIN 码").click()
    page.wait_for_url("**/code")


def newest_otp(window: Window, phone: str) -> str:
    return window.service.newest_otp(phone)
