"""From the documents to the result: phone, message code, name and number, and every ending."""

import re

import pytest

from eztong.domain.holder import HolderState
from tests.flows.citizen.browser import ANYBODY, Browser, Person, Town


def test_the_whole_way(browser: Browser, town: Town) -> None:
    page = browser.register()
    assert browser.at() == "/register/result"
    assert "注册成功" in page.text
    assert 'data-state="active"' in page.text
    card = browser.show_code()
    assert town.verify(card["number"]) == "passed"


@pytest.mark.parametrize("path", ["/register/phone", "/register/otp", "/register/identity", "/register/result"])
def test_without_the_agreements_every_step_leads_to_the_start(path: str, browser: Browser) -> None:
    answer = browser.client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?not-begun=1")
    assert "这里还没有开始注册" in browser.get(path).text
    assert "这里还没有开始注册" not in browser.get("/").text


def test_without_a_session_the_code_page_leads_to_sign_in_and_back(browser: Browser) -> None:
    answer = browser.client.get("/code", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/code")


def test_identity_data_before_the_phone_is_not_taken(browser: Browser, town: Town) -> None:
    browser.accept()
    browser.send("/register/identity", name=ANYBODY.name, number=ANYBODY.number)
    assert browser.at() == "/register/phone"
    assert town.accounts_in(HolderState.DRAFT) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("1380013800", "11 位"), ("02112345678", "手机号码"), ("+85291234567", "中国大陆"), ("手机", "只填数字")],
)
def test_a_wrong_phone_is_told_at_the_field(typed: str, words: str, browser: Browser) -> None:
    browser.accept()
    page = browser.send("/register/phone", phone=typed)
    assert page.status_code == 422
    assert words in re.findall(r'id="phone-error"[^>]*>(.*?)</span>', page.text, re.DOTALL)[0]


def test_a_wrong_message_code_is_counted_and_locks(browser: Browser) -> None:
    browser.accept()
    browser.send("/register/phone", phone=ANYBODY.phone)
    right = browser.newest_otp()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(5):
        assert browser.send("/register/otp", otp=wrong).status_code == 422
    locked = browser.send("/register/otp", otp=right)
    assert locked.status_code == 429
    assert "试的次数太多" in locked.text


def test_a_message_code_may_be_typed_wide_and_spaced(browser: Browser) -> None:
    browser.accept()
    browser.send("/register/phone", phone=ANYBODY.phone)
    otp = browser.newest_otp().translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    browser.send("/register/otp", otp=f"{otp[:3]} {otp[3:]}")
    assert browser.at() == "/register/identity"


def test_a_new_message_can_be_had_after_a_minute(browser: Browser, town: Town) -> None:
    browser.accept()
    browser.send("/register/phone", phone=ANYBODY.phone)
    first = browser.newest_otp()
    assert browser.send("/register/otp", act="resend").status_code == 429
    town.pass_time(61)
    again = browser.send("/register/otp", act="resend")
    assert "已重新发送" in again.text
    second = browser.newest_otp()
    if first != second:
        assert browser.send("/register/otp", otp=first).status_code == 422
    browser.send("/register/otp", otp=second)
    assert browser.at() == "/register/identity"


def test_an_old_message_code_is_told_as_expired(browser: Browser, town: Town) -> None:
    browser.accept()
    browser.send("/register/phone", phone=ANYBODY.phone)
    otp = browser.newest_otp()
    town.pass_time(301)
    page = browser.send("/register/otp", otp=otp)
    assert page.status_code == 409
    assert "已过期" in page.text


@pytest.mark.parametrize(
    ("name", "number", "field", "words"),
    [
        (ANYBODY.name, "110000199003070011", "number", "最后一位对不上"),
        (ANYBODY.name, "11000019900307", "number", "18 位"),
        (ANYBODY.name, "11000019900307001Х", "number", "英文字母 X"),
        (ANYBODY.name, "990000199003070018", "number", "前六位"),
        ("", ANYBODY.number, "name", "填写姓名"),
        ("测1", ANYBODY.number, "name", "不该有的字符"),
    ],
)
def test_a_slip_is_told_at_its_field_and_stores_nothing(
    name: str, number: str, field: str, words: str, browser: Browser, town: Town
) -> None:
    browser.bind_phone()
    page = browser.send("/register/identity", name=name, number=number)
    assert page.status_code == 422
    assert words in re.findall(rf'id="{field}-error"[^>]*>(.*?)</span>', page.text, re.DOTALL)[0]
    assert page.url.query == b""
    assert town.accounts_in(HolderState.DRAFT) == 1


@pytest.mark.parametrize(
    ("person", "state", "words"),
    [
        (Person("测不符", "310000198506150030"), "refused", "姓名和号码对不上"),
        (Person("测无录", "310000198506160044"), "refused", "没有查到"),
        (Person("测过期", "330000197809090062"), "restricted", "更新证件"),
        (Person("测少年", "440000200906010087"), "supplement_needed", "监护人确认"),
        (Person("测小童", "440000201806010092"), "supplement_needed", "监护人为您申请"),
        (Person("测宕机", "110000199701020204"), "applied", "排队"),
        (Person("测挂起", "110000199701030218"), "applied", "排队"),
        (Person("测人工", "110000199701040221"), "under_review", "人工复核"),
        (Person("测拒绝", "110000199701050235"), "refused", "换一台"),
    ],
    ids=lambda value: value.name if isinstance(value, Person) else "",
)
def test_every_ending_says_what_is_true_and_what_comes_next(
    person: Person, state: str, words: str, browser: Browser
) -> None:
    page = browser.register(person)
    assert f'data-state="{state}"' in page.text
    assert words in page.text
    assert ('http-equiv="refresh"' in page.text) is (state == "applied")
    assert person.number not in page.text


def test_whoever_was_refused_may_apply_again_from_the_same_browser(browser: Browser, town: Town) -> None:
    browser.register(Person("测不符", "310000198506150030"))
    town.pass_time(61)
    page = browser.register(ANYBODY)
    assert 'data-state="active"' in page.text
    assert town.accounts() == 2


def test_a_second_account_of_one_person_is_refused_with_the_way_back(town: Town) -> None:
    town.browser().register()
    page = town.browser().register(Person(ANYBODY.name, ANYBODY.number, "19900000002"))
    assert 'data-state="refused"' in page.text
    assert "已经有一个您的账户" in page.text
    assert 'href="/recover"' in page.text
    assert town.accounts_in(HolderState.ACTIVE) == 1


def test_sending_the_identity_twice_is_one_application(browser: Browser, town: Town) -> None:
    browser.bind_phone()
    form = browser.hidden() | {"name": ANYBODY.name, "number": ANYBODY.number}
    for _ in range(2):
        answer = browser.client.post("/register/identity", data=form)
        assert 'data-state="active"' in answer.text
    assert town.accounts() == 1


def test_the_inbox_is_a_page_and_a_list_and_can_be_cleared(browser: Browser) -> None:
    browser.bind_phone()
    page = browser.get("/sandbox/inbox").text
    assert ANYBODY.phone in page
    items = browser.client.get("/sandbox/inbox", headers={"Accept": "application/json"}).json()
    assert set(items[0]) == {"message_id", "phone", "text", "topic", "at", "otp"}
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert browser.client.post("/sandbox/inbox/clear", headers=elsewhere).status_code == 403
    assert browser.client.post("/sandbox/inbox/clear").status_code == 200
    assert browser.client.get("/sandbox/inbox?format=json").json() == []
