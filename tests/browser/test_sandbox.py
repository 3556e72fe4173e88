"""The sandbox in a real browser: be somebody, answer the demo game, move the clock, break the authority."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import DESK, Window
from tests.simulators.service import Service

ANSWER_MS = 8000


@pytest.fixture(autouse=True)
def authority_well_again(service: Service) -> Any:  # noqa: ANN401 - a fixture with a clean-up
    yield
    service.fault("none")


def become(window: Window, persona: str) -> Page:
    page = window.open(f"/sandbox/personas?q={persona}")
    page.get_by_role("button", name="成为此人").first.click()
    return page


def ask_by_game(game: Window) -> tuple[str, str]:
    """Open the game's request; return the path of its link and the match number."""
    page = game.open("/sandbox/game")
    page.get_by_role("button", name="用手机确认年龄").click()
    link = page.get_by_role("link", name="在手机上打开").get_attribute("href")
    assert link is not None
    return "/r/" + link.partition("/r/")[2], page.locator(".match-number strong").inner_text()


def test_a_newcomer_becomes_somebody_and_shows_a_code(phone: Window) -> None:
    page = become(phone, "P01")
    page.get_by_role("button", name="亮码").click()
    expect(page.locator("svg.qr")).to_be_visible()


def test_the_gallery_narrows_while_one_types(phone: Window) -> None:
    page = phone.open("/sandbox/personas")
    page.get_by_label("按姓名、号码或故事查找").fill("去世")
    expect(page.locator("[data-persona]:visible")).to_have_count(1)


def test_the_number_is_copied_by_a_button(open_window: OpenWindow) -> None:
    window = open_window(permissions=["clipboard-read", "clipboard-write"])
    page = window.open("/sandbox/personas?q=P01")
    page.get_by_role("button", name="复制号码").click()
    assert page.evaluate("navigator.clipboard.readText()") == "11000019900307001X"


def test_the_game_lets_in_who_agrees_on_another_window(open_window: OpenWindow) -> None:
    game, phone = open_window(size=DESK), open_window()
    become(phone, "P01")
    path, number = ask_by_game(game)
    page = phone.open(path)
    page.locator("input[name=claim_age_over_18]").check()
    page.locator(".match label").filter(has_text=number).click()
    page.get_by_role("button", name="同意").click()
    expect(game.page.locator('[data-verdict="adult"]')).to_be_visible(timeout=ANSWER_MS)
    expect(game.page.get_by_text("游戏自己验证了证明")).to_be_visible()


def test_the_game_takes_a_refusal_as_an_answer(open_window: OpenWindow) -> None:
    game, phone = open_window(size=DESK), open_window()
    become(phone, "P01")
    path, _number = ask_by_game(game)
    phone.open(path).locator("button[value=refuse]").click()
    expect(game.page.locator('[data-verdict="declined"]')).to_be_visible(timeout=ANSWER_MS)


def test_the_clock_moves_and_says_so(open_window: OpenWindow) -> None:
    page = open_window(size=DESK).open("/sandbox/controls")
    before = page.locator(".now").inner_text()
    page.get_by_role("button", name="+1 天").click()
    expect(page.locator(".now")).not_to_have_text(before)


def test_a_fault_queues_a_registration_and_every_page_tells(open_window: OpenWindow) -> None:
    desk, phone = open_window(size=DESK), open_window()
    desk.open("/sandbox/controls").get_by_role("button", name="停止服务").click()
    expect(desk.page.locator('[data-fault="down"]')).to_be_visible()
    page = become(phone, "P02")
    assert page.url.endswith("/register/result")
    desk.page.get_by_role("button", name="一切正常").click()
    expect(desk.page.locator("[data-fault]")).to_have_count(0)


def test_the_inbox_shows_a_new_message_by_itself(open_window: OpenWindow, service: Service) -> None:
    page = open_window(size=DESK).open("/sandbox/inbox")
    shown = page.locator("[data-message]").count()
    service.somebody()
    expect(page.locator("[data-message]")).to_have_count(shown + 1, timeout=ANSWER_MS)


def test_side_by_side_three_live_parts_make_the_whole_loop(open_window: OpenWindow) -> None:
    page = open_window(size=DESK).open("/sandbox/side-by-side")
    assert page.locator("iframe").count() == 3
    page.get_by_role("button", name="成为此人").click()
    phone, game = page.frame_locator("iframe[name=phone]"), page.frame_locator("iframe[name=game]")
    expect(phone.get_by_role("button", name="亮码")).to_be_visible()
    expect(page.frame_locator("iframe[name=desk]").locator("main")).to_be_visible()
    game.get_by_role("button", name="用手机确认年龄").click()
    game.get_by_role("link", name="在手机上打开").click()
    phone.locator("button[value=refuse]").click()
    expect(game.locator('[data-verdict="declined"]')).to_be_visible(timeout=ANSWER_MS)


def test_on_a_phone_side_by_side_is_three_links(phone: Window) -> None:
    page = phone.open("/sandbox/side-by-side")
    expect(page.locator("iframe:visible")).to_have_count(0)
    expect(page.locator(".side-link:visible")).to_have_count(3)


@pytest.mark.parametrize("path", ["", "/personas", "/inbox", "/controls", "/hotel", "/game", "/side-by-side"])
def test_no_page_is_wider_than_a_small_phone(open_window: OpenWindow, path: str) -> None:
    page = open_window(size=(320, 640)).open(f"/sandbox{path}?elder=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
