"""Clause 2.6 in the browser: a phone carries two people and no third; a relayed link alone agrees to nothing."""

from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window

ANOTHER_MESSAGE = 61


def confirm(window: Window, phone: str) -> Page:
    """Give a phone that may have had messages before, and the digits of the newest."""
    page = ways.to_otp(window, phone)
    page.fill("#otp", window.service.newest_otp(phone))
    page.locator("form button.primary").click()
    return page


def test_a_third_person_on_one_phone_is_refused_with_words(open_window: OpenWindow) -> None:
    phone = ways.new_phone()
    for _ in range(2):
        window = open_window()
        page = confirm(window, phone)
        page.wait_for_url("**/register/identity")
        ways.fill_in(page, *ways.new_citizen())
        expect(page.locator("[data-state=active]")).to_be_visible()
        window.service.advance(ANOTHER_MESSAGE)
    third = confirm(open_window(), phone)
    expect(third.locator("main")).to_contain_text("最多绑定两个人")


def test_a_link_that_was_passed_on_agrees_to_nothing_without_the_number_on_the_partners_screen(phone: Window) -> None:
    phone.be(phone.service.somebody())
    asked = phone.service.partners["game"].post("/v1/requests", {"scene": "game_age_check"}).json()
    page = phone.open(asked["url"])
    wrong = page.locator(f"input[name=match]:not([value='{asked['match_number']}'])").first
    wrong.check(force=True)
    page.locator("button[value=agree]").click()
    expect(page.locator("main")).to_contain_text("这次请求已经结束，什么都没有告诉对方")
    answer = phone.service.partners["game"].get(f"/v1/requests/{asked['id']}").json()
    assert answer["state"] == "finished"
    assert "passed" not in str(answer)
