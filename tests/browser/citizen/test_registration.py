"""Registration in a real browser: each page as a person meets it, and each state that an application can reach."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from eztong.adapters.authority.personas import PERSONAS
from eztong.domain.identity.age import age_on
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.citizen_number import NumberInvalid, parse_citizen_number
from tests.browser.conftest import OpenWindow
from tests.browser.window import Window

TODAY = date(2026, 1, 15)


def to_identity(window: Window, phone: str) -> Page:
    """Accept both documents and confirm the phone, with the keyboard and the mouse."""
    page = window.open("/register")
    apply = page.get_by_role("button", name="申请并同意授权")
    for box in page.get_by_role("checkbox").all():
        assert not box.is_checked()
        box.check()
    apply.click()
    page.get_by_label("手机号码").fill(phone)
    page.get_by_role("button", name="发送验证码").click()
    expect(page.get_by_role("button", name="秒后可以重新发送")).to_be_disabled()
    page.get_by_label("短信验证码").fill(window.service.newest_otp(phone))
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_role("heading", name="您的姓名和证件号码")).to_be_visible()
    return page


def test_the_button_is_inert_until_both_documents_are_ticked(phone: Window) -> None:
    page = phone.open("/register")
    apply, first, second = page.get_by_role("button", name="申请并同意授权"), *page.get_by_role("checkbox").all()
    expect(apply).to_be_disabled()
    expect(apply).to_have_accessible_description("两份协议都打勾之后，下面的按钮才能按。")
    first.check()
    expect(apply).to_be_disabled()
    expect(page.get_by_text("两份协议都打勾之后")).to_be_visible()
    second.check()
    expect(apply).to_be_enabled()
    first.uncheck()
    expect(apply).to_be_disabled()


def test_without_script_the_button_works_and_the_server_asks_for_both_ticks(open_window: OpenWindow) -> None:
    page = open_window(java_script_enabled=False).open("/register")
    expect(page.get_by_role("button", name="申请并同意授权")).to_be_enabled()


def test_the_end_of_a_document_is_told(phone: Window) -> None:
    page = phone.open("/register")
    paper = page.locator(".paper").first
    expect(page.get_by_text("已读到末尾")).to_have_count(0)
    paper.evaluate("paper => paper.scrollTo(0, paper.scrollHeight)")
    expect(page.get_by_text("已读到末尾")).to_be_visible()


def test_the_number_is_read_while_it_is_typed(phone: Window) -> None:
    page = to_identity(phone, "19900000101")
    number, said = page.get_by_label("公民身份号码"), page.locator("#number-said")
    number.fill("11000019900307")
    expect(said).to_have_text("还差 4 位")
    number.fill("110000199003070011")
    expect(said).to_contain_text("最后一位对不上")
    number.fill("１１００００ １９９００３０７ ００１x")
    expect(said).to_contain_text("您 35 岁")
    number.fill("11000019900307001Х")
    expect(said).to_contain_text("不是大写字母 X")
    number.fill("440000200906010087")
    expect(said).to_contain_text("16 岁：申请后，请监护人用六位邀请码确认")
    number.fill("440000201806010092")
    expect(said).to_contain_text("7 岁：请监护人用自己的账户")


def test_the_dot_has_a_key_and_a_rare_character_its_code(phone: Window) -> None:
    page = to_identity(phone, "19900000102")
    name = page.get_by_label("姓名")
    name.fill("测买")
    page.get_by_role("button", name="插入间隔号").click()
    name.press_sequentially("艾试")
    expect(name).to_have_value("测买·艾试")
    name.fill("测")
    page.get_by_text("有字打不出来？").click()
    page.get_by_label("字的编码").fill("U+4DAE")
    page.get_by_role("button", name="插入", exact=True).click()
    expect(name).to_have_value("测䶮")
    expect(page.locator("#name-points")).to_have_text("䶮 U+4DAE")


CASES = {
    "P01": ("active", "注册成功"),
    "P03": ("refused", "姓名和号码对不上"),
    "P04": ("refused", "没有查到这个号码"),
    "P06": ("restricted", "证件已过有效期"),
    "P08": ("supplement_needed", "需要监护人确认"),
    "P09": ("supplement_needed", "请由监护人为您申请"),
    "P22": ("under_review", "受理编号"),
    "P23": ("refused", "有风险迹象"),
    "P20": ("applied", "正在排队核对"),
}


@pytest.mark.parametrize("key", CASES)
def test_each_state_says_what_it_is_and_what_is_next(phone: Window, key: str) -> None:
    state, words = CASES[key]
    who = PERSONAS[key]
    page = to_identity(phone, who.phone)
    page.get_by_label("姓名").fill(who.name)
    page.get_by_label("公民身份号码").fill(who.number)
    page.get_by_role("button", name="提交核对").click()
    expect(page.locator(f"[data-state={state}]")).to_be_visible()
    expect(page.get_by_text(re.compile(words)).first).to_be_visible()


def test_who_has_an_account_already_is_led_to_recover_it(phone: Window) -> None:
    phone.service.holder("P02")
    who = PERSONAS["P02"]
    page = to_identity(phone, "19900000103")
    page.get_by_label("姓名").fill(who.name)
    page.get_by_label("公民身份号码").fill(who.number)
    page.get_by_role("button", name="提交核对").click()
    expect(page.locator("a[href='/recover']")).to_be_visible()


def test_a_queued_application_goes_on_by_itself_and_the_page_follows(phone: Window) -> None:
    phone.service.fault("down")
    try:
        who = PERSONAS["P10"]
        page = to_identity(phone, who.phone)
        page.get_by_label("姓名").fill(who.name)
        page.get_by_label("公民身份号码").fill(who.number)
        page.get_by_role("button", name="提交核对").click()
        expect(page.locator("[data-state=applied]")).to_be_visible()
    finally:
        phone.service.fault("none")
    phone.service.advance(60)
    expect(page.locator("[data-state=active]")).to_be_visible(timeout=15_000)


NUMBERS = (
    "11000019900307001X",
    "11010519491231002X",
    "810000199408230021",
    "830000199201300022",
    "932682198501010017",
    "110000199003070011",
    "110000199002300016",
    "110000670401300",
    "11000019900307001",
    "1100001990030700111",
    "11000O19900307001X",
    "110000199003O7001X",
    " 110000 19900307 001x ",
    "１１００００１９９００３０７００１Ｘ",
    "11000020000229026X",
    "110000209901010013",
    "X10000199003070011",
    "",
    "110000000307996",
    "990000670401300",
    *(body + mod_11_2_digit(body) for body in (f"{region:02d}000019900307001" for region in range(100))),
)
STATE_OF = {
    "number_region": "region",
    "number_legacy_centenarian": "century",
    "number_lookalike": "look_alike",
    "number_character": "character",
    "number_date": "date",
    "number_check_digit": "check",
}


def test_the_script_reads_numbers_as_the_service_does(phone: Window) -> None:
    page = to_identity(phone, "19900000111")
    module = phone.asset("citizen-number.js")
    for text in NUMBERS:
        read = page.evaluate(
            "async ([module, text, today]) => (await import(module)).readNumber(text, today)",
            [module, text, TODAY.isoformat()],
        )
        try:
            number = parse_citizen_number(text, today=TODAY, accept_hk_macau_taiwan=True, accept_foreigners=True)
        except NumberInvalid as error:
            assert read["state"] in {STATE_OF.get(error.code), "empty", "short", "long"}, (text, read, error.code)
            continue
        assert read["state"] == ("legacy" if number.legacy else "ok"), (text, read)
        assert read["birth"] == number.birth_date.strftime("%Y%m%d")


def test_the_number_stands_in_the_groups_of_the_card_while_it_is_typed(phone: Window) -> None:
    page = to_identity(phone, "19900000113")
    field = page.locator("#number")
    field.press_sequentially("11000019900307001x")
    expect(field).to_have_value("110000 19900307 001x")
    for _ in range(5):
        field.press("Backspace")
    expect(field).to_have_value("110000 1990030")
    field.press("Home")
    field.press_sequentially("2")
    expect(field).to_have_value("211000 01990030")
    assert field.evaluate("e => e.selectionStart") == 1
    field.fill("not a number")
    expect(field).to_have_value("not a number")


def test_a_refused_number_is_told_once(phone: Window) -> None:
    page = to_identity(phone, "19900000114")
    page.fill("#name", "测一一")
    page.fill("#number", "110000199003070011")
    page.get_by_role("button", name="提交核对").click()
    expect(page.locator("#number-error")).to_be_visible()
    expect(page.locator("#number-said")).to_be_empty()
    page.locator("#number").press("End")
    page.locator("#number").press("Backspace")
    expect(page.locator("#number-error")).to_have_count(0)
    expect(page.locator("#number-said")).not_to_be_empty()


def test_the_script_counts_years_as_the_service_does(phone: Window) -> None:
    page = to_identity(phone, "19900000112")
    module = phone.asset("citizen-number.js")
    for birth in (date(2000, 2, 29), date(2008, 1, 15), date(2008, 1, 16), date(1990, 12, 31)):
        for day in (TODAY, date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29)):
            counted = page.evaluate(
                "async ([module, birth, day]) => (await import(module)).ageOn(birth, day)",
                [module, birth.strftime("%Y%m%d"), day.isoformat()],
            )
            assert counted == age_on(birth, day), (birth, day)


def test_registration_works_without_script(open_window: OpenWindow) -> None:
    window = open_window(java_script_enabled=False)
    page = window.open("/register")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="申请并同意授权").click()
    expect(page.get_by_role("heading", name="您的手机号码")).to_be_visible()
