"""A partner's request: shown in full, off by default, compared by number, refused without a trace (2.3, 5.5)."""

import re

import pytest

from eztong.citizen.requests.page import match_choices
from eztong.domain.claims import Claim
from eztong.domain.identifiers import VerificationId
from tests.flows.citizen.browser import Browser, Person, Town


def test_the_page_says_who_what_for_how_long_and_starts_switched_off(browser: Browser, town: Town) -> None:
    browser.register()
    _, path = town.ask(Claim.AGE_OVER_18, Claim.MASKED_NAME, grant_days=7)
    page = browser.get(path).text
    for words in ("示例酒店", "已由本服务登记", "hotel", "酒店入住", "是否年满 18 周岁", "打码的姓名"):
        assert words in page
    for words in ("总会告知", "例：王*明", "为什么", "7 天", "还有谁会知道", "如果拒绝", "还有 9 分", "127.0.0.1"):
        assert words in page
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)


def test_agreeing_tells_what_was_ticked_and_gives_a_receipt(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.AGE_OVER_18, Claim.MASKED_NAME)
    browser.get(path)
    page = browser.send(path, act="agree", match=str(request.match_number), claim_age_over_18="yes")
    assert page.url.path == path
    assert 'data-outcome="passed"' in page.text
    assert re.search(r'data-verification="ver_[0-9A-Z]{26}"', page.text)
    assert "已满 18 周岁：是" in page.text
    assert "打码的姓名" not in page.text


def test_refusing_needs_no_number_and_tells_nothing(browser: Browser, town: Town) -> None:
    browser.register()
    _, path = town.ask(Claim.MASKED_NAME)
    browser.get(path)
    page = browser.send(path, act="refuse", claim_masked_name="yes")
    assert 'data-outcome="declined"' in page.text
    assert "没有得到您的任何信息" in page.text


def test_three_numbers_to_choose_from_the_same_at_every_look(town: Town) -> None:
    request, _ = town.ask()
    choices = match_choices(request, keys=town.services.keys)
    assert len(choices) == 3
    assert request.match_number in choices
    assert choices == sorted(choices) == match_choices(request, keys=town.services.keys)
    assert all(10 <= number <= 99 for number in choices)


def test_one_wrong_number_ends_the_request_and_says_why_and_how_to_start_again(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.MASKED_NAME, grant_days=7)
    wrong = [n for n in match_choices(request, keys=town.services.keys) if n != request.match_number]
    browser.get(path)
    form = browser.hidden() | {"act": "agree", "claim_masked_name": "yes"}
    page = browser.client.post(path, data=form | {"match": str(wrong[0])}).text
    assert 'data-outcome="declined"' in page
    assert "选的数字和商家屏幕上的不一样" in page
    assert "重新发起" in page
    for told_by in (page, browser.get("/records").text):
        assert "已结束：数字没有选对" in told_by
        assert "拒绝" not in told_by.partition("<main")[2].partition("<form")[0]
    again = browser.client.post(path, data=form | {"match": str(request.match_number)}).text
    assert 'data-outcome="declined"' in again
    with town.services.store.read() as stored:
        found = stored.requests.get(request.partner_id, request.request_id)
        assert found is not None
        assert found.verification_id is not None
        told = stored.verifications.get(request.partner_id, found.verification_id)
        assert found.holder_id is not None
        assert stored.grants.of_holder(found.holder_id) == []
    assert told is not None
    assert told.reason == "match_number_wrong"
    assert b"match" not in (told.result or b""), "the partner sees a refusal like any other"


def test_no_number_at_all_costs_nothing(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask()
    browser.get(path)
    assert browser.send(path, act="agree").status_code == 422
    assert "请先选出" in browser.page.text
    assert 'data-outcome="passed"' in browser.send(path, act="agree", match=str(request.match_number)).text


@pytest.mark.parametrize("fields", [{}, {"act": "other"}])
def test_an_answer_that_is_neither_is_none(fields: dict[str, str], browser: Browser, town: Town) -> None:
    browser.register()
    _, path = town.ask()
    browser.get(path)
    assert browser.send(path, **fields).status_code == 422
    assert "示例酒店想确认您的身份" in browser.get(path).text


def test_reporting_declines_and_leaves_a_report_that_the_partner_does_not_see(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.MASKED_NAME)
    browser.get(path)
    page = browser.send(path, act="report", claim_masked_name="yes")
    assert 'data-outcome="declined"' in page.text
    found = re.search(r'data-ticket="([0-9]{10})"', page.text)
    assert found is not None
    verification = re.search(r'data-verification="(ver_[0-9A-Z]{26})"', page.text)
    assert verification is not None
    assert found[1] in browser.get(f"/records/{verification[1]}").text
    with town.services.store.read() as stored:
        partners_own = stored.verifications.get(request.partner_id, VerificationId(verification[1]))
    assert partners_own is not None
    assert b"report" not in (partners_own.result or b"")


def test_reporting_twice_is_the_same_as_once(browser: Browser, town: Town) -> None:
    browser.register()
    _, path = town.ask()
    browser.get(path)
    form = browser.hidden() | {"act": "report"}
    first, second = (browser.client.post(path, data=form).text for _ in range(2))
    assert re.findall(r'data-ticket="[0-9]{10}"', first) == re.findall(r'data-ticket="[0-9]{10}"', second) != []


def test_what_was_agreed_for_days_can_be_withdrawn_from_the_receipt(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.MASKED_NAME, grant_days=7)
    browser.get(path)
    page = browser.send(path, act="agree", match=str(request.match_number), claim_masked_name="yes")
    found = re.search(r'action="(/grants/grt_[0-9A-Z]{26}/withdraw)"', page.text)
    assert found is not None
    browser.send(found[1])
    page = browser.get(path)
    assert "已撤回" in page.text
    assert "/withdraw" not in page.text


def test_a_device_that_is_not_signed_in_is_told_how(town: Town) -> None:
    _, path = town.ask()
    stranger = town.browser()
    assert "先登录，再接着办" in stranger.get(path).text
    stranger.get("/register")
    stranger.send(path, act="refuse")
    assert stranger.at() == "/sign-in"


def test_the_receipt_is_for_the_one_who_answered(town: Town) -> None:
    first, second = town.browser(), town.browser()
    first.register()
    second.register(Person("测一二", "110000199003080023", "19900000002"))
    _, path = town.ask()
    first.get(path)
    first.send(path, act="refuse")
    assert first.get(path).status_code == 200
    assert second.get(path).status_code == 409
    assert town.browser().get(path).status_code == 409


def test_a_request_ends_with_its_time(browser: Browser, town: Town) -> None:
    browser.register()
    _, path = town.ask()
    town.pass_time(601)
    assert browser.get(path).status_code == 410


def test_no_link_no_request(browser: Browser) -> None:
    assert browser.get("/r/invented").status_code == 404
