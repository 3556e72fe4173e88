"""The code page in a real browser: shown, renewed, used, tried again, ended."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from eztong.citizen.codes.shown_code import COOKIE
from tests.browser.conftest import OpenWindow
from tests.browser.window import DESK, PHONE, Window

SCENE = "hotel_check_in"
SHIFTS = """
() => { window.shifts = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts += entry.value;
}).observe({type: 'layout-shift'}); }
"""


def show_code(window: Window) -> Page:
    """Sign in as somebody new and show a code."""
    window.be(window.service.somebody())
    page = window.open("/code")
    page.get_by_role("button", name=re.compile("亮码|Show my code")).click()
    expect(page.locator("svg.qr").first).to_be_visible()
    page.wait_for_load_state()
    return page


def shown(page: Page) -> str:
    """Return the QR payload on the card."""
    payload = page.locator("[data-qr]").get_attribute("data-qr")
    assert payload is not None
    return payload


def test_a_scan_comes_to_the_screen_by_itself(phone: Window) -> None:
    page = show_code(phone)
    assert phone.service.partners["hotel"].verify(shown(page), SCENE, desk="front-1").json()["outcome"] == "passed"
    expect(page.locator("[data-outcome=passed]")).to_be_visible()
    expect(page.get_by_text("已被示例酒店使用")).to_be_visible()
    expect(page.locator("svg.qr")).to_have_count(0)


def test_a_second_try_with_a_used_code_warns_its_holder_on_the_page(phone: Window) -> None:
    page = show_code(phone)
    payload = shown(page)
    phone.service.partners["hotel"].verify(payload, SCENE)
    expect(page.locator("[data-outcome]")).to_be_visible()
    assert phone.service.partners["library"].verify(payload, "library_entry").status_code == 409
    expect(page.get_by_role("alert").get_by_text("有人再次使用了这个码")).to_be_visible()
    page.get_by_role("link", name="马上挂失").click()
    page.wait_for_url("**/freeze?reason=account_stolen")


def test_a_frozen_account_takes_the_code_off_the_screen(phone: Window) -> None:
    page = show_code(phone)
    phone.service.http.post(f"/v1/test_helpers/holders/{holder_of(phone)}/freeze").raise_for_status()
    page.wait_for_url(re.compile(r"/sign-in\b"))
    expect(page.locator("svg.qr")).to_have_count(0)


def hold_back(page: Page, path: str, until: Callable[[], object]) -> None:
    """Answer the form only after something else has happened; the service has done what it asks by then."""

    def late(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        answer = route.fetch(max_redirects=0)
        # Playwright's own request filled the jar already: the browser has the new code only with the answer.
        page.context.clear_cookies(name=COOKIE)
        until()
        route.fulfill(response=answer)

    page.route(f"**{path}", late)


@pytest.mark.parametrize(
    ("first", "then", "life"), [("/code", "/code/spoken", 300), ("/code/spoken", "/code", 60), ("/code", "/code", 60)]
)
def test_the_code_that_a_form_made_is_shown_though_the_one_before_is_told_as_ended_first(
    first: str, then: str, life: int, open_window: OpenWindow
) -> None:
    phone = open_window(service_workers="block")
    phone.be(phone.service.somebody())
    page = phone.open("/code")
    page.locator(f"form[action='{first}'] button").click()
    expect(page.locator("[data-code]")).to_be_visible()
    page.wait_for_load_state()
    old = page.locator("[data-code]").get_attribute("data-code")
    assert old is not None
    # Long enough for the stream of the old code to tell its end, and for a page that heeds it to go elsewhere.
    hold_back(page, then, lambda: page.wait_for_timeout(2_500))
    page.locator(f"form[action='{then}'] button").click(no_wait_after=True)
    expect(page.locator(f"[data-life='{life}']:not([data-code='{old}'])")).to_be_visible()
    expect(page.locator("[data-locked]")).to_have_count(0)


def test_a_code_that_ended_while_a_form_went_nowhere_leaves_the_screen(open_window: OpenWindow) -> None:
    phone = open_window(service_workers="block")
    page = show_code(phone)
    page.route("**/code/spoken", lambda route: route.fulfill(status=204))
    page.get_by_role("button", name="读出数字").click(no_wait_after=True)
    phone.service.http.post(f"/v1/test_helpers/holders/{holder_of(phone)}/freeze").raise_for_status()
    expect(page.locator("[data-over=code-over]")).to_be_visible()
    assert page.locator("svg.qr:visible").count() == 0


def holder_of(window: Window) -> str:
    """Return the newest account of the service."""
    return str(window.service.rows("SELECT holder_id FROM holders ORDER BY holder_id DESC LIMIT 1")[0][0])


def test_the_qr_takes_most_of_the_card_and_stands_on_white(open_window: OpenWindow) -> None:
    for scheme in ("light", "dark"):
        page = show_code(open_window(color_scheme=scheme))
        card, code = page.locator(".code-card").bounding_box(), page.locator("svg.qr").first.bounding_box()
        assert card is not None
        assert code is not None
        assert code["width"] >= card["width"] * 0.6
        ground = page.locator(".qr-ground").evaluate("e => getComputedStyle(e).backgroundColor")
        assert ground == "rgb(255, 255, 255)"


def test_the_code_renews_itself_before_it_ends_only_while_it_is_looked_at(phone: Window) -> None:
    phone.page.clock.install()
    page = show_code(phone)
    first = shown(page)
    page.evaluate(SHIFTS)
    page.clock.fast_forward(50_000)
    assert shown(page) == first
    page.clock.fast_forward(6_000)
    page.clock.run_for(1_000)
    expect(page.locator("[data-qr]")).not_to_have_attribute("data-qr", first)
    assert page.evaluate("window.shifts") == 0
    second = shown(page)
    page.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
    page.clock.fast_forward(57_000)
    page.clock.run_for(1_000)
    assert shown(page) == second
    page.clock.run_for(5_000)
    expect(page.locator("[data-over=code-over]")).to_be_visible()


def test_without_a_network_the_page_says_so_when_the_minute_is_over(phone: Window) -> None:
    phone.page.clock.install()
    page = show_code(phone)
    phone.context.set_offline(True)
    page.clock.fast_forward(61_000)
    page.clock.run_for(1_000)
    expect(page.locator("[data-over=code-offline]")).to_be_visible()
    expect(page.get_by_text("请出示实体证件").first).to_be_visible()
    assert page.locator("svg.qr:visible").count() == 0


def test_a_tap_makes_the_code_fill_a_white_screen(phone: Window) -> None:
    page = show_code(phone)
    page.locator(".qr-ground").click()
    dialog = page.locator("dialog.full")
    expect(dialog.locator("svg.qr")).to_be_visible()
    assert dialog.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_number_to_read_out_has_no_qr_and_lasts_five_minutes(phone: Window) -> None:
    phone.be(phone.service.somebody())
    page = phone.open("/code")
    page.get_by_role("button", name="读出数字").click()
    expect(page.locator("[data-life='300']")).to_be_visible()
    expect(page.locator("svg.qr")).to_have_count(0)
    rows = page.locator(".code-card .number span").all_inner_texts()
    assert re.fullmatch(r"\d{4} \d{4}\n\d{4} \d{6}", "\n".join(rows))
    expect(page.get_by_text("共 5:00")).to_be_visible()


@pytest.mark.parametrize("size", [(320, 640), PHONE])
@pytest.mark.parametrize("path", ["/code", "/code/spoken"])
def test_the_digits_are_large_in_two_rows_above_the_fold(
    path: str, size: tuple[int, int], open_window: OpenWindow
) -> None:
    sizes = []
    for elder, language in ((False, "zh-CN"), (False, "en"), (True, "zh-CN"), (True, "en")):
        window = open_window(size=size, elder=elder, language=language)
        window.be(window.service.somebody())
        page = window.open("/code")
        page.locator(f"form[action='{path}'] button").click()
        number = page.locator(".code-card .number")
        expect(number).to_be_visible()
        box, tabs = number.bounding_box(), page.locator(".tabs").bounding_box()
        assert box is not None
        assert tabs is not None
        assert box["y"] + box["height"] <= tabs["y"], (elder, box, tabs)
        sizes.append(float(number.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")))
        boxes = [row.bounding_box() for row in number.locator("span").all()]
        first, second = (box for box in boxes if box is not None)
        assert first["y"] + first["height"] <= second["y"]
        assert first["height"] == second["height"] < sizes[-1] * 2
    assert 28 <= sizes[0] <= sizes[-1]


def test_the_card_stays_where_it_is_when_the_code_appears(phone: Window) -> None:
    phone.be(phone.service.somebody())
    before = phone.open("/code").locator(".code-card").bounding_box()
    phone.page.locator("form[action='/code'] button").click()
    expect(phone.page.locator("svg.qr").first).to_be_visible()
    after = phone.page.locator(".code-card").bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] == before["y"]


def test_after_a_use_the_way_on_is_to_be_done(phone: Window) -> None:
    page = show_code(phone)
    phone.service.partners["hotel"].verify(shown(page), SCENE)
    done = page.locator(".after-code .button.primary")
    expect(done).to_have_text("完成")
    done.click()
    expect(page.locator("[data-locked]")).to_be_visible()


def test_the_full_screen_has_larger_digits_and_the_seconds(phone: Window) -> None:
    page = show_code(phone)
    small = page.locator(".code-card .number").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    page.locator(".qr-ground").click()
    dialog = page.locator("dialog.full")
    expect(dialog).to_be_visible()
    assert dialog.locator(".number").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= max(34, small)
    expect(dialog.locator(".number span")).to_have_count(2)
    expect(dialog.locator(".full-left")).to_have_text(re.compile(r"0:\d\d|1:00"))


def test_a_locked_card_shows_nothing_that_could_be_scanned(phone: Window) -> None:
    phone.be(phone.service.somebody())
    phone.service.advance(200)
    page = phone.open("/code")
    expect(page.locator("[data-locked=yes]")).to_be_visible()
    expect(page.locator("svg.qr")).to_have_count(0)
    page.get_by_role("button", name="解锁并亮码").click()
    page.wait_for_url(re.compile("/unlock"))


def test_without_script_the_code_is_shown_all_the_same(open_window: OpenWindow) -> None:
    page = show_code(open_window(java_script_enabled=False))
    assert shown(page).isdigit()


def test_no_width_scrolls_sideways(open_window: OpenWindow) -> None:
    for size in ((320, 640), PHONE, DESK):
        for elder in (False, True):
            page = show_code(open_window(size=size, elder=elder))
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (size, elder)
