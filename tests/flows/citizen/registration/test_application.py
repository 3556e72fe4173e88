"""Whoever was refused comes back from another browser, reads why, objects, and reads what became of it."""

from __future__ import annotations

from eztong.domain.events import Actor
from eztong.domain.holder import HolderState
from eztong.domain.registration import ANSWERED_WITHIN, StepKind
from eztong.i18n.moments import date_words
from eztong.i18n.translator import Translator
from eztong.ports.act import Acting
from eztong.usecases.registration.lapse_applications import lapse_applications
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from tests.flows.citizen.browser import Browser, Person, Town

REFUSED = Person("测无录", "310000198506160044", "19900000061")
BY = Acting(Actor.OPERATOR, "demo-li")


def seen_again(town: Town) -> Browser:
    """Sign in from a browser that never was here."""
    other = town.browser()
    other.get("/register/application")
    other.send("/register/application", phone=REFUSED.phone)
    other.send("/register/application/code", otp=other.newest_otp(), last_four=REFUSED.number[-4:])
    return other


def test_a_refusal_is_seen_again_objected_to_and_decided_by_a_person(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    town.pass_time(61)
    other = seen_again(town)
    assert other.at() == "/register/result"
    assert 'data-state="refused"' in other.page.text
    assert REFUSED.number not in other.page.text
    empty = other.send("/register/appeal", words=" ")
    assert 'aria-invalid="true"' in empty.text
    page = other.send("/register/appeal", words="<b>我有记录</b>").text
    assert 'data-state="under_review"' in page
    assert "&lt;b&gt;我有记录&lt;/b&gt;" in page
    assert "没有决定过您申请的工作人员" in page
    assert "之前没有通过的原因：" in page
    assert ("有疑问或要申诉" in page, "15 个工作日" in page) == (False, False)
    with town.services.store.read() as stored:
        (holder,) = stored.applications.waiting(limit=9).those
    command = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.REFUSE, words="仍然查不到记录")
    review_application(command, by=BY, services=town.services)
    page = other.get("/register/result").text
    assert 'data-state="refused"' in page
    assert "仍然查不到记录" in page
    assert 'id="appeal"' not in page
    assert town.accounts_in(HolderState.REFUSED) == 1


def test_what_staff_ask_is_answered_or_withdrawn_on_the_page(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    browser.send("/register/appeal", words="我有记录")
    with town.services.store.read() as stored:
        (holder,) = stored.applications.waiting(limit=9).those
    question = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.SUPPLEMENT, words="<i>哪一年</i>办的证？")
    review_application(question, by=BY, services=town.services)
    page = browser.get("/register/result").text
    assert "&lt;i&gt;哪一年&lt;/i&gt;办的证？" in page
    assert ('id="answer"' in page, 'id="appeal"' in page, "/register/guardian" in page) == (True, False, False)
    assert 'aria-invalid="true"' in browser.send("/register/answer", words=" ").text
    page = browser.send("/register/answer", words="<b>今年</b>").text
    assert ('data-state="under_review"' in page, "&lt;b&gt;今年&lt;/b&gt;" in page) == (True, True)
    assert 'id="answer"' not in page
    page = browser.send("/register/withdraw").text
    assert ('id="understood-error"' in page, 'data-state="under_review"' in page) == (True, True)
    page = browser.send("/register/withdraw", understood="1").text
    assert "姓名、号码和手机号都已删除" in page
    assert ('href="/register"' in page, 'id="withdraw"' in page, "哪一年" in page) == (True, False, False)
    papers = browser.get("/me/agreements").text
    assert papers.count("回执（PDF）") == 2
    assert "返回申请结果" in papers
    assert ('class="tabs"' in papers, "返回“我的”" in papers) == (False, False)
    assert "还没有开通账户" in browser.get("/me/agreements/withdraw").text


def test_who_sees_it_again_is_not_offered_to_withdraw_it_and_told_where(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    browser.send("/register/appeal", words="我有记录")
    town.pass_time(61)
    other = seen_again(town)
    assert 'action="/register/withdraw"' not in other.page.text
    assert "请在申请时用的浏览器里撤回" in other.page.text
    other.get("/register/application")
    told = other.send("/register/withdraw", understood="1")
    assert (told.status_code, "请用申请时用的浏览器" in told.text) == (409, True)
    page = browser.get("/register/result").text
    assert ('action="/register/withdraw"' in page, "请在申请时用的浏览器里撤回" in page) == (True, False)


def test_what_nobody_answers_ends_on_the_day_that_the_page_names(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    browser.send("/register/appeal", words="我有记录")
    with town.services.store.read() as stored:
        (holder,) = stored.applications.waiting(limit=9).those
    question = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.SUPPLEMENT, words="哪一年办的证？")
    review_application(question, by=BY, services=town.services)
    day = date_words(town.services.clock.now() + ANSWERED_WITHIN, words=Translator("zh-CN"))
    assert f"请在 {day}前回答" in browser.get("/register/result").text
    town.pass_time(int(ANSWERED_WITHIN.total_seconds()))
    assert lapse_applications(services=town.services).done == 1
    town.deliver()
    newest = browser.client.get("/sandbox/inbox?format=json").json()[0]
    assert (newest["topic"], newest["phone"]) == ("application_lapsed", REFUSED.phone)
    assert REFUSED.name not in browser.get("/register/result").text


def test_the_session_of_an_application_opens_nothing_else(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    town.pass_time(61)
    other = seen_again(town)
    for path in ("/me/data", "/me/devices", "/records", "/grants"):
        assert other.get(path).status_code in {401, 403, 409} or other.at() != path, path
    town.pass_time(3601)
    other.get("/register/result")
    assert 'data-state="refused"' not in other.page.text


def test_wrong_digits_of_the_number_are_told_and_the_code_is_over(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    town.pass_time(61)
    other = town.browser()
    other.get("/register/application")
    other.send("/register/application", phone="1")
    assert other.at() == "/register/application"
    other.send("/register/application", phone=REFUSED.phone)
    page = other.send("/register/application/code", otp=other.newest_otp(), last_four="0000")
    assert "没有找到" in page.text
    assert "/register/application" in page.text
    assert other.get("/register/application/code").url.path == "/register/application"


def test_the_code_page_names_the_phone_and_sends_again_within_the_same_limits(browser: Browser, town: Town) -> None:
    browser.register(REFUSED)
    town.pass_time(61)
    other = town.browser()
    other.get("/register/application")
    page = other.send("/register/application", phone=REFUSED.phone).text
    assert "如果 199****0061 有申请，验证码已经发出，5 分钟内有效。" in page
    assert REFUSED.phone not in page
    first = other.newest_otp()
    assert "这次没有发送" in other.send("/register/application/code", act="resend").text
    town.pass_time(61)
    assert "已重新请求" in other.send("/register/application/code", act="resend").text
    second = other.newest_otp()
    assert second != first
    other.send("/register/application/code", otp=second, last_four=REFUSED.number[-4:])
    assert other.at() == "/register/result"


def test_a_phone_without_an_application_sees_the_same_code_page(town: Town) -> None:
    stranger = town.browser()
    stranger.get("/register/application")
    page = stranger.send("/register/application", phone="19900000062").text
    assert "如果 199****0062 有申请，验证码已经发出，5 分钟内有效。" in page
    town.pass_time(61)
    assert "已重新请求" in stranger.send("/register/application/code", act="resend").text


def test_a_note_of_another_browser_names_no_phone(town: Town) -> None:
    one, other = town.browser(), town.browser()
    for browser in (one, other):
        browser.get("/register/application")
        browser.send("/register/application", phone=REFUSED.phone)
    other.client.cookies.set("ezt_asked", one.client.cookies["ezt_asked"], domain="testserver.local", path="/")
    page = other.get("/register/application/code").text
    assert ("199****0061" in page, "如果这个手机号有申请" in page) == (False, True)
