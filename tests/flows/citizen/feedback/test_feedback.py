"""Feedback on the pages: anybody writes, gets number and secret, and reads the answer; nobody else does (P-6, 2.13)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.events import Actor
from eztong.ports.act import Acting
from eztong.usecases.feedback.answer_ticket import AnswerTicket, answer_ticket
from tests.flows.citizen.browser import Browser, Person, Town

OTHER = Person("测一二", "110000199003080023", "19900000002")
WORDS = "那天我没有去过那家酒店 <b>"


def write(browser: Browser, kind: str = "complaint", words: str = WORDS) -> tuple[str, str]:
    """Write as a person does; return number and secret as they are shown."""
    browser.get("/feedback")
    page = browser.send("/feedback", kind=kind, words=words)
    assert page.status_code == 200
    number, secret = re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', page.text)
    return number, secret


def answer(town: Town, number: str, *, closes: bool = False) -> None:
    command = AnswerTicket(number=number.replace(" ", ""), words="我们查过了。", closes=closes)
    town.services.perform(Acting(Actor.OPERATOR, "demo-li"), answer_ticket, command)


def test_somebody_without_an_account_writes_looks_up_adds_and_reads_the_answer(browser: Browser, town: Town) -> None:
    number, secret = write(browser)
    other = town.browser()
    other.get("/feedback/status")
    shown = other.send("/feedback/status", number=number, secret=secret.lower())
    assert "等待我们答复" in shown.text
    assert "&lt;b&gt;" in shown.text
    other.send("/feedback/status", words="补充一点")
    assert "补充一点" in other.page.text
    answer(town, number)
    assert "我们查过了。" in other.send("/feedback/status").text
    assert "已答复" in other.page.text


def test_number_and_secret_stand_on_one_page_and_in_no_address(browser: Browser) -> None:
    _number, secret = write(browser)
    assert secret.replace(" ", "") not in str(browser.page.url)
    assert browser.page.headers["cache-control"] == "no-store"
    assert secret not in browser.get("/feedback").text


def test_a_form_that_is_sent_again_shows_the_same_ticket(browser: Browser) -> None:
    browser.get("/feedback")
    form = browser.hidden()
    first = browser.send("/feedback", kind="question", words="?").text
    again = browser.send("/feedback", **form, kind="question", words="?").text
    numbers = [re.findall(r'<dd class="digits">([0-9A-Z ]+)</dd>', page) for page in (first, again)]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "question", "words": " "}, "请先写点内容"),
        ({"words": "?"}, "请选择反馈类型"),
        ({"kind": "question", "words": "字" * 1001}, "内容太长"),
    ],
)
def test_what_cannot_be_sent_comes_back_with_what_was_written(
    browser: Browser, typed: dict[str, str], said: str
) -> None:
    browser.get("/feedback")
    page = browser.send("/feedback", **typed)
    assert page.status_code == 422
    assert said in page.text
    assert typed["words"].strip() in page.text


@pytest.mark.parametrize(("number", "secret"), [("1234567890", "0" * 16), ("", ""), ("x", "y")])
def test_a_wrong_number_or_secret_finds_nothing(browser: Browser, number: str, secret: str) -> None:
    browser.get("/feedback/status")
    page = browser.send("/feedback/status", number=number, secret=secret)
    assert page.status_code == 404
    assert "没有查到" in page.text


def test_a_holder_finds_the_own_tickets_and_nobody_elses(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = write(browser)
    path = f"/feedback/{number.replace(' ', '')}"
    assert path in browser.get("/feedback").text
    assert WORDS[:6] in browser.get(path).text
    browser.send(path, words="补充一点")
    assert "补充一点" in browser.get(path).text
    other = town.browser()
    other.register(OTHER)
    assert other.get(path).status_code == 404
    assert path not in other.get("/feedback").text
    stranger = town.browser()
    stranger.get(path)
    assert stranger.at().startswith("/sign-in")


def test_the_holder_is_told_of_an_answer_and_a_closed_matter_takes_no_more(browser: Browser, town: Town) -> None:
    browser.register()
    number, _secret = write(browser)
    answer(town, number, closes=True)
    page = browser.get(f"/feedback/{number.replace(' ', '')}")
    assert "已办结" in page.text
    assert "textarea" not in page.text
    assert "我们答复了您的意见反馈" in browser.get("/me/devices").text


def test_a_report_of_a_record_is_followed_like_any_other(browser: Browser, town: Town) -> None:
    browser.register()
    town.verify(browser.show_code()["number"])
    (record,) = set(re.findall(r"/records/(ver_\w+)", browser.get("/records").text))
    browser.get(f"/records/{record}/not-me")
    done = browser.send(f"/records/{record}/not-me", act="report", note="不是我")
    number = re.findall(r'<dd class="digits">([0-9 ]+)</dd>', done.text)[0].replace(" ", "")
    assert f"/feedback/{number}" in browser.get(f"/records/{record}").text
    answer(town, number, closes=True)
    assert "已处理" in browser.get(f"/records/{record}").text


def test_no_day_of_answer_is_a_day_off_and_a_forgotten_one_is_shown_as_such(browser: Browser, town: Town) -> None:
    number, secret = write(browser)
    town.pass_time(40 * 24 * 3600)
    browser.get("/feedback/status")
    assert "已超期" in browser.send("/feedback/status", number=number, secret=secret).text


def test_about_leads_here(browser: Browser) -> None:
    page = browser.get("/about").text
    assert 'href="/feedback"' in page
    assert 'value="deregistration" required checked' in browser.get("/feedback?kind=deregistration").text
