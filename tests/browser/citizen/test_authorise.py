"""A request in a real browser: opened at the demo game in one window, answered on the phone in another."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from eztong.domain.feedback.ticket import grouped
from tests.browser.conftest import OpenWindow
from tests.browser.window import DESK, Window
from tests.simulators.service import Service

ANSWER_MS = 8000
PIN = "805217"


def ask_by_game(game: Window) -> tuple[str, str]:
    """Open the game's request; return the path of its link and the match number."""
    page = game.open("/sandbox/game")
    page.get_by_role("button", name="用手机确认年龄").click()
    link = page.get_by_role("link", name="在手机上打开").get_attribute("href")
    assert link is not None
    return "/r/" + link.partition("/r/")[2], page.locator(".match-number strong").inner_text()


@pytest.fixture
def game(open_window: OpenWindow) -> Window:
    return open_window(size=DESK)


def pick(page: Page, number: str) -> None:
    page.locator(".match label").filter(has_text=number).click()


def test_agreeing_by_keyboard_alone_lets_the_game_go_on(phone: Window, game: Window) -> None:
    path, number = ask_by_game(game)
    phone.sign_in_as("P01")
    page = phone.open(path)
    expect(page.get_by_text("已由本服务登记")).to_be_visible()
    box = page.get_by_role("checkbox", name=re.compile("年满 18"))
    expect(box).not_to_be_checked()
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name=number).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="同意并验证").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="已验证")).to_be_visible()
    expect(page.get_by_text("只用这一次")).to_be_visible()
    expect(game.page.locator('[data-verdict="adult"]')).to_be_visible(timeout=ANSWER_MS)
    page.get_by_role("link", name="查看这条记录").click()
    expect(page.locator("[data-record]")).to_contain_text("已满 18 周岁：是")


def test_refuse_and_agree_are_of_one_size_and_refusing_is_one_press(phone: Window, game: Window) -> None:
    path, _number = ask_by_game(game)
    phone.sign_in_as("P01")
    page = phone.open(path)
    sizes = [page.locator(f"button[value={act}]").bounding_box() for act in ("refuse", "agree")]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert (sizes[0]["width"], sizes[0]["height"]) == (sizes[1]["width"], sizes[1]["height"])
    page.get_by_role("button", name="拒绝", exact=True).click()
    expect(page.get_by_role("heading", name="您已拒绝")).to_be_visible()
    expect(game.page.locator('[data-verdict="declined"]')).to_be_visible(timeout=ANSWER_MS)


def test_a_link_that_somebody_sent_is_refused_and_reported(phone: Window, game: Window) -> None:
    path, _number = ask_by_game(game)
    phone.sign_in_as("P01")
    page = phone.open(path)
    page.get_by_role("link", name="不是您发起的？").click()
    page.get_by_role("button", name="拒绝并举报").click()
    number = page.locator("[data-ticket]").get_attribute("data-ticket")
    assert number is not None
    expect(page.get_by_text(grouped(number))).to_be_visible()
    expect(game.page.locator('[data-verdict="declined"]')).to_be_visible(timeout=ANSWER_MS)
    assert number not in game.page.content()
    assert grouped(number) not in game.page.content()


def test_the_time_left_counts_down_in_words_and_ends(phone: Window, service: Service) -> None:
    asked = service.partners["game"].post("/v1/requests", {"scene": "game_age_check", "wants": []}).json()
    phone.sign_in_as("P01")
    phone.page.clock.install()
    page = phone.open(str(asked["url"]).removeprefix(service.url))
    timer = page.get_by_role("timer")
    page.clock.run_for(61_000)
    expect(timer).to_contain_text("还有 8 分")
    page.clock.run_for(600_000)
    expect(timer).to_have_text("时间到了，请对方重新发起。")


def test_a_newcomer_registers_comes_back_and_answers(phone: Window, game: Window, service: Service) -> None:
    path, number = ask_by_game(game)
    page = phone.open(path)
    page.get_by_role("link", name="注册").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="申请并同意授权").click()
    page.get_by_label("手机号码").fill("19900000003")
    page.get_by_role("button", name="发送验证码").click()
    page.wait_for_url("**/register/otp")
    page.get_by_label("短信验证码").fill(service.newest_otp("19900000003"))
    page.get_by_role("button", name="确认", exact=True).click()
    page.wait_for_url("**/register/identity")
    page.fill("#name", "测一二")
    page.fill("#number", "110000199003080023")
    page.locator("main form button.primary").click()
    page.locator("a[href^='/unlock/setup']").click()
    page.fill("#pin", PIN)
    page.fill("#again", PIN)
    page.locator("#again").press("Enter")
    page.wait_for_url(f"**{path}")
    pick(page, number)
    page.get_by_role("button", name="同意并验证").click()
    expect(page.get_by_role("heading", name="已验证")).to_be_visible()


def test_every_page_of_a_request_fits_a_small_phone_in_large_type(open_window: OpenWindow, service: Service) -> None:
    window = open_window(size=(320, 640), elder=True, language="en")
    asked = service.partners["hotel"].post("/v1/requests", {"scene": "hotel_check_in", "wants": ["masked_name"]})
    path = str(asked.json()["url"]).removeprefix(service.url)
    for signed_in in (False, True):
        if signed_in:
            window.sign_in_as("P01")
        page = window.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        for button in page.locator(".button:visible, .match label:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 60
