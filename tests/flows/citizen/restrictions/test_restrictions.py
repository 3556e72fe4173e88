"""What limits an account on the pages: why, what works, how to mend it; a check, a pause, and their ends (2.5, 2.8)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.ports.sandbox import AuthorityFault
from tests.flows.citizen.browser import Browser, Person, Town

EXPIRED = Person("测过期", "330000197809090062", "19900000006")
ENDING = Person("测将期", "330000197809100072", "19900000007")
HERE, PAUSE = "/me/identity", "/me/pause"
DAY = 24 * 3600
BEFORE, AFTER = 20 * DAY, 26 * DAY
"""From the sandbox's first day to after 2026-03-01, when both have a new card, with a session that lives so long."""


def marks(page: str) -> list[tuple[str, str]]:
    return re.findall(r'data-mark="(\w+)" data-ceiling="(\w+)"', page)


def messages(town: Town, browser: Browser) -> list[str]:
    town.deliver()
    found = browser.client.get("/sandbox/inbox?format=json").json()
    return [str(message["topic"]) for message in found]


def check(browser: Browser) -> str:
    """Press the button; return what the page says came out."""
    browser.get(HERE)
    page = browser.send(HERE)
    found = re.search(r'data-result="(\w+)"', page.text)
    return found[1] if found else ""


def test_an_expired_card_is_explained_and_a_new_one_opens_everything_again(browser: Browser, town: Town) -> None:
    town.pass_time(BEFORE)
    browser.register(EXPIRED)
    page = browser.get(HERE).text
    assert marks(page) == [("document_expired", "low")]
    assert "您的身份证件过了有效期" in page
    assert "要求不高的场景照常能用" in page
    assert "2025年9月8日" in page
    assert check(browser) == "expired"
    town.pass_time(AFTER)
    browser.unlock()
    assert check(browser) == "confirmed"
    page = browser.page.text
    assert (marks(page), 'data-past="document_expired"' in page) == ([], True)
    assert "2046年2月28日" in page
    assert "restriction_lifted" in messages(town, browser)
    log = browser.get("/me/devices").text
    assert "一项限制已解除" in log
    assert "向身份机构核对了身份" in log
    assert 'data-state="restricted"' not in browser.get("/me").text


def test_a_card_that_ends_is_reminded_of_and_then_limits(browser: Browser, town: Town) -> None:
    browser.register(ENDING)
    town.keep_days()
    assert messages(town, browser).count("document_ends") == 1
    town.pass_time(25 * DAY)
    town.keep_days()
    assert messages(town, browser).count("document_ends") == 2, "a jump over two mornings makes one reminder"
    assert marks(browser.get(HERE).text) == []
    town.pass_time(2 * DAY)
    town.keep_days()
    assert marks(browser.get(HERE).text) == [("document_expired", "low")]
    assert "account_restricted" in messages(town, browser)
    browser.unlock()
    assert town.verify(browser.show_code()["number"]) == "passed", "the hotel asks for little"
    _, demanding = town.ask(partner="esign", scene="contract_signing")
    page = browser.get(demanding)
    assert 'data-standing="holder_restricted"' in page.text
    assert f'href="{HERE}"' in page.text


def test_an_authority_that_is_away_is_said_and_changes_nothing(browser: Browser, town: Town) -> None:
    browser.register(EXPIRED)
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    browser.get(HERE)
    page = browser.send(HERE)
    assert page.status_code == 503
    assert "这次没有核对" in page.text
    assert marks(page.text) == [("document_expired", "low")]


def test_after_a_day_of_checks_the_page_says_when_to_come_back(browser: Browser) -> None:
    browser.register(EXPIRED)
    for _ in range(5):
        assert check(browser) == "expired"
    page = browser.send(HERE)
    assert page.status_code == 429
    assert "这次没有核对" in page.text


def test_a_made_up_result_in_the_address_says_nothing(browser: Browser) -> None:
    browser.register()
    page = browser.get(f"{HERE}?result=%3Cb%3E")
    assert page.status_code == 200
    assert "data-result" not in page.text
    assert "没有限制" in page.text


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_cause_has_its_words(town: Town, cause: Cause, language: str) -> None:
    browser = town.browser(language=language)
    browser.register()
    town.mark(browser, cause=cause, ceiling=Ceiling.SUBSTANTIAL)
    page = browser.get(HERE)
    assert page.status_code == 200
    assert marks(page.text) == [(cause.value, "substantial")]
    assert f"mark.{cause}" not in page.text


def test_a_pause_lets_nothing_pass_keeps_everything_and_ends_after_an_unlock(browser: Browser, town: Town) -> None:
    browser.register()
    shown = browser.show_code()["number"]
    browser.get(PAUSE)
    assert 'data-paused="yes"' in browser.send(PAUSE, act="pause").text
    assert town.verify(shown) == "not_passed"
    assert browser.get("/code").url.path == HERE
    assert "身份证件" not in browser.page.text.split('data-mark="asked"')[1].split("</section>")[0]
    _, link = town.ask()
    standing = browser.get(link)
    assert 'data-standing="nothing_passes"' in standing.text
    assert 'data-outcome="declined"' in browser.send(link, act="refuse").text
    assert browser.get("/records").status_code == browser.get("/me/data").status_code == 200
    assert 'action="/me/identity"' not in browser.get(HERE).text
    town.pass_time(3600)
    browser.get(PAUSE)
    browser.send(PAUSE, act="resume")
    assert browser.at() == "/unlock"
    browser.unlock()
    browser.get(PAUSE)
    assert 'data-paused="no"' in browser.send(PAUSE, act="resume").text
    assert town.verify(browser.show_code()["number"]) == "passed"
    assert {"account_restricted", "restriction_lifted"} <= set(messages(town, browser))


def test_the_switch_on_the_own_page_says_where_it_stands(browser: Browser) -> None:
    browser.register()
    assert "toggle on" not in browser.get("/me").text.split('href="/me/pause"')[1].split("</a>")[0]
    browser.get(PAUSE)
    browser.send(PAUSE, act="pause")
    page = browser.get("/me").text
    assert "toggle on" in page.split('href="/me/pause"')[1].split("</a>")[0]
    assert f'href="{HERE}"' in page
    assert browser.send(PAUSE, act="nonsense").status_code == 422


def test_a_record_says_which_mark_it_was(browser: Browser, town: Town) -> None:
    browser.register()
    shown = browser.show_code()["number"]
    town.mark(browser, cause=Cause.RISK, ceiling=Ceiling.NONE)
    assert town.verify(shown) == "not_passed"
    (record,) = set(re.findall(r"/records/(ver_\w+)", browser.get("/records?period=all").text))
    assert "账户当时可能被他人使用" in browser.get(f"/records/{record}").text
