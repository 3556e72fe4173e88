"""The partner desk in a real browser: scanners, fingers, the camera, the counter's QR, and what the screen says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from eztong.domain.identity.check_digits import mod_11_10_digit, mod_97_10_digits
from tests.browser.conftest import OpenWindow
from tests.browser.fake_camera import write_video
from tests.browser.window import CHROMIUM_FLAGS, DESK, Window, chromium
from tests.simulators.service import Service

RESULT = "#result[data-tone]"


@pytest.fixture
def desk(open_window: OpenWindow, service: Service) -> Page:
    return staff_at(open_window(size=DESK), service)


def staff_at(window: Window, service: Service, login: str = "hotel") -> Page:
    """Sign staff in by keyboard and take the first desk."""
    page = window.open("/desk/sign-in")
    page.fill("#login", login)
    page.fill("#password", password_of(service))
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/place")
    page.get_by_role("button", name=re.compile("开始核验|Start")).click()
    page.wait_for_url("**/desk")
    expect(page.locator("[data-camera]")).to_be_visible()
    return page


def password_of(service: Service) -> str:
    ((password,),) = service.rows("SELECT value FROM service_settings WHERE name = 'sandbox_desk_password'")
    return str(password)


def tone_of(page: Page) -> str | None:
    page.wait_for_selector(RESULT)
    return page.locator("#result").get_attribute("data-tone")


def scan(page: Page, text: str, suffix: str | None) -> None:
    """Send keys as fast as a scanner does, in one go: a busy test machine would type like a person."""
    page.evaluate(
        """(keys) => { for (const key of keys) {
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
} }""",
        [*text, *([] if suffix is None else [suffix])],
    )


@pytest.mark.parametrize("suffix", ["Enter", "Tab", None])
def test_a_scan_is_heard_wherever_the_focus_is_and_however_it_ends(
    desk: Page, service: Service, suffix: str | None
) -> None:
    desk.locator("#scene").focus()
    scan(desk, service.code(service.somebody())["qr"], suffix)
    assert tone_of(desk) == "success"
    assert desk.locator("#code").input_value() == ""
    expect(desk.locator("#code")).to_be_focused()


def test_what_a_scanner_sends_before_the_code_is_dropped(desk: Page, service: Service) -> None:
    scan(desk, "]Q1" + service.code(service.somebody())["qr"], "Tab")
    assert tone_of(desk) == "success"


def test_more_than_two_hundred_characters_are_no_scan(desk: Page, service: Service) -> None:
    desk.locator("#scene").focus()
    scan(desk, "7" * 201 + service.code(service.somebody())["qr"], "Enter")
    desk.wait_for_timeout(300)
    assert desk.locator(RESULT).count() == 0


def test_keys_of_an_input_method_are_not_a_scan_and_what_it_hands_over_is_read(desk: Page, service: Service) -> None:
    number = service.code(service.somebody())["number"]
    desk.evaluate(
        """(digits) => { for (const key of [...digits, "Enter"]) {
            document.dispatchEvent(new KeyboardEvent("keydown", { key, isComposing: true, bubbles: true })); } }""",
        number,
    )
    desk.wait_for_timeout(200)
    assert desk.locator(RESULT).count() == 0
    desk.locator("#code").focus()
    desk.keyboard.insert_text("".join(chr(ord(digit) + 0xFEE0) for digit in number))
    expect(desk.locator("#code-live")).to_contain_text("数字完整")
    desk.keyboard.press("Enter")
    assert tone_of(desk) == "success"


def test_typed_digits_are_checked_as_they_come_and_a_slip_asks_for_another_look(desk: Page, service: Service) -> None:
    number = service.code(service.somebody(), "spoken")["number"]
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    desk.locator("#code").press_sequentially(wrong[:10], delay=100)
    expect(desk.locator("#code-live")).to_contain_text("还差 8 位")
    desk.locator("#code").press_sequentially(wrong[10:], delay=100)
    expect(desk.locator("#code-live")).to_contain_text("有一位对不上")
    desk.keyboard.press("Enter")
    assert tone_of(desk) == "slip"
    expect(desk.locator("[data-clearing]")).to_have_count(0)
    desk.locator("#code").fill(f"{number[:4]} {number[4:8]}-{number[8:]}")
    desk.keyboard.press("Enter")
    expect(desk.locator("#result.success")).to_be_visible()
    assert number not in desk.content()


def test_a_code_that_the_scanner_reads_twice_is_checked_once_and_later_is_an_answer_of_before(
    desk: Page, service: Service
) -> None:
    code, sent = service.code(service.somebody())["qr"], list[str]()
    desk.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    for _ in range(2):
        scan(desk, code, "Enter")
    assert tone_of(desk) == "success"
    number = desk.locator("#result").get_attribute("data-number")
    assert len(sent) == 1
    desk.wait_for_timeout(2_100)
    with desk.expect_response("**/desk") as answered:
        scan(desk, code, "Enter")
    assert answered.value.status == 200
    expect(desk.locator("#result.earlier")).to_contain_text("此前已核验")
    assert desk.locator("#result").get_attribute("data-number") == number


def test_loading_the_answered_page_again_shows_the_same_answer(desk: Page, service: Service) -> None:
    scan(desk, service.code(service.somebody())["qr"], "Enter")
    assert tone_of(desk) == "success"
    number = desk.locator("#result").get_attribute("data-number")
    desk.reload()
    assert desk.locator("#result").get_attribute("data-number") == number
    desk.get_by_role("button", name="清除").click()
    expect(desk.locator(RESULT)).to_have_count(0)
    desk.reload()
    assert desk.locator(RESULT).count() == 0


def test_a_scan_while_another_is_checked_waits_for_its_turn(desk: Page, service: Service) -> None:
    codes = [service.code(service.somebody())["qr"] for _ in range(3)]
    gate: list[Route] = []
    desk.route("**/desk", lambda route: gate.append(route) if route.request.method == "POST" else route.continue_())
    for code in codes:
        scan(desk, code, "Enter")
    expect(desk.locator("#code-live")).to_contain_text("接着就核验")
    numbers = [""]
    for place in range(3):
        while len(gate) <= place:
            desk.wait_for_timeout(20)
        gate[place].continue_()
        expect(desk.locator("#result.success")).not_to_have_attribute("data-number", numbers[-1])
        numbers.append(str(desk.locator("#result").get_attribute("data-number")))
    assert len(set(numbers)) == 4
    assert [parse_qs(route.request.post_data or "")["code"] for route in gate] == [[code] for code in codes]


def test_a_code_that_was_used_elsewhere_is_amber_and_asks_for_a_fresh_one(desk: Page, service: Service) -> None:
    code = service.code(service.somebody())["qr"]
    service.partners["library"].verify(code, "library_entry")
    scan(desk, code, "Enter")
    assert tone_of(desk) == "stale"
    expect(desk.locator("#result")).to_contain_text("请刷新")
    expect(desk.locator("#result")).not_to_contain_text("未能确认")
    desk.locator("#recent .stale a").click()
    assert tone_of(desk) == "stale"


def test_the_word_can_be_read_from_a_metre_away(desk: Page, service: Service) -> None:
    desk.keyboard.type(service.code(service.somebody())["qr"])
    desk.keyboard.press("Enter")
    tone_of(desk)
    size = desk.locator("#result .word strong").evaluate("word => parseFloat(getComputedStyle(word).fontSize)")
    assert size >= 64


def test_the_result_clears_itself_unless_it_is_kept(desk: Page, service: Service) -> None:
    desk.clock.install()
    desk.reload()
    for keep in (True, False):
        desk.locator("#code").fill(service.code(service.somebody())["number"])
        desk.keyboard.press("Enter")
        expect(desk.locator("[data-clearing-words]")).to_contain_text("秒后自动清除")
        if keep:
            desk.get_by_role("button", name="保留").click()
        desk.clock.run_for(16_000)
        assert desk.locator(RESULT).count() == (1 if keep else 0)


def test_without_a_connection_nothing_is_called_not_confirmed(desk: Page, service: Service) -> None:
    number = service.code(service.somebody())["number"]
    desk.context.set_offline(True)
    desk.locator("#code").fill(number)
    desk.keyboard.press("Enter")
    assert tone_of(desk) == "wait"
    expect(desk.locator("#result")).to_contain_text("什么都没有判定")
    desk.context.set_offline(False)


def test_freezing_makes_the_desk_refuse_at_once(desk: Page, service: Service) -> None:
    holder = service.somebody()
    number = service.code(holder)["number"]
    service.freeze(holder)
    desk.locator("#code").fill(number)
    desk.keyboard.press("Enter")
    assert tone_of(desk) == "danger"
    expect(desk.locator("#result .next")).to_have_text("请持码人查看手机提示。")


def test_printing_a_result_prints_its_number_only(desk: Page, service: Service) -> None:
    desk.locator("#code").fill(service.code(service.somebody())["number"])
    desk.keyboard.press("Enter")
    tone_of(desk)
    desk.emulate_media(media="print")
    shown = [text for text in desk.locator("#result > *").all() if text.is_visible()]
    assert len(shown) == 1
    assert re.search(r"ver_[0-9A-Z]{26}", shown[0].inner_text())
    assert not desk.locator("aside").is_visible()


def test_the_citizen_scans_the_counter_and_both_screens_show_one_number(
    open_window: OpenWindow, service: Service
) -> None:
    # A desk of its own: what a counter was just answered stays on its screen for a while.
    desk = staff_at(open_window(size=DESK), service, "netcafe")
    desk.goto("/desk/sign")
    if desk.get_by_role("button", name="生成二维码").count():
        desk.get_by_role("button", name="生成二维码").click()
    path = str(desk.locator(".sheet").get_attribute("data-url")).removeprefix(service.url)
    desk.goto("/desk")
    phone = open_window()
    phone.sign_in_as("P01")
    phone.open(path).get_by_role("button", name="我在这里，继续").click()
    expect(desk.locator(".waiting")).to_be_visible()
    number = desk.locator(".match-number").inner_text()
    phone.page.locator(f"input[value='{number}']").check(force=True)
    for claim in ("masked_name", "age_over_18"):
        phone.page.locator(f"input[name=claim_{claim}]").check()
    phone.page.locator("button[value=agree]").click()
    expect(desk.locator("#result.success .name")).to_have_text("测*一")
    expect(desk.locator(".waiting")).to_have_count(0)


@pytest.fixture
def camera_page(browser: Browser, service: Service, tmp_path: Path) -> Iterator[Page]:
    """A desk whose camera looks at a code that was just issued."""
    video = tmp_path / "code.y4m"
    write_video(video, service.code(service.somebody())["qr"])
    flags = [
        *CHROMIUM_FLAGS,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]
    with browser.browser_type.launch(executable_path=chromium(), args=flags) as filming:
        context = filming.new_context(base_url=service.url, locale="zh-CN")
        yield staff_at(Window(context, context.new_page(), service), service, "library")


def test_the_camera_reads_a_code(camera_page: Page) -> None:
    camera_page.get_by_role("button", name="摄像头").click()
    camera_page.wait_for_selector(RESULT, timeout=15_000)
    assert tone_of(camera_page) == "success"
    expect(camera_page.locator("#camera")).to_be_hidden()


def test_a_browser_that_refuses_the_camera_says_what_else_works(desk: Page) -> None:
    desk.get_by_role("button", name="摄像头").click()
    expect(desk.locator("[data-camera-words]")).to_contain_text("扫码枪")


def test_check_digits_in_the_page_are_those_of_the_service(desk: Page) -> None:
    bodies = [f"88{number:015d}" for number in range(0, 10**15, 10**15 // 97)]
    script = desk.locator("script[type=module]").get_attribute("src")
    found = desk.evaluate(
        """async ([script, bodies]) => {
            const source = await (await fetch(script)).text();
            const digits = await import(source.match(/"([^"]*desk_digits[^"]*)"/)[1]);
            return bodies.map((body) => [digits.mod1110(body), digits.mod9710(body)]);
        }""",
        [script, bodies],
    )
    assert found == [[mod_11_10_digit(body), mod_97_10_digits(body)] for body in bodies]
