"""Two documents, two ticks, one press; nothing is recorded otherwise (P-2, P-4, 3.2)."""

import re

import pytest

from eztong.citizen.words.agreement_text import (
    render_agreement,
    render_below_points,
    render_key_points,
    render_with_anchors,
)
from eztong.domain.agreements import AgreementKind
from tests.flows.citizen.browser import TICKS, Browser, Town


def test_both_boxes_start_empty_and_both_texts_are_there(browser: Browser) -> None:
    page = browser.get("/register").text
    boxes = re.findall(r'<input type="checkbox"[^>]*>', page)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)
    assert all("required" in box for box in boxes)
    assert page.count('class="paper text"') == 2
    assert "申请并同意授权" in page


def test_looking_writes_nothing_but_gives_a_token(browser: Browser, town: Town) -> None:
    browser.get("/register")
    assert browser.client.cookies["ezt_session"]
    assert town.accounts() == 0


@pytest.mark.parametrize("ticks", [{}, {"tick_service": "yes"}, {"tick_authorisation": "yes"}])
def test_a_missing_tick_records_nothing_and_says_so(ticks: dict[str, str], browser: Browser, town: Town) -> None:
    browser.get("/register")
    page = browser.send("/register", **ticks)
    assert page.status_code == 422
    assert "什么都没有记录" in page.text
    assert town.accounts() == 0


@pytest.mark.parametrize("kind", list(AgreementKind))
def test_another_text_than_the_one_in_force_is_not_accepted(kind: AgreementKind, browser: Browser, town: Town) -> None:
    browser.get("/register")
    page = browser.send("/register", **TICKS, **{f"hash_{kind}": "00" * 32})
    assert page.status_code == 409
    assert "协议更新了" in page.text
    assert town.accounts() == 0


def test_accepting_opens_one_application_with_two_records_and_a_new_token(browser: Browser, town: Town) -> None:
    browser.get("/register")
    before = browser.client.cookies["ezt_session"]
    browser.send("/register", **TICKS)
    assert browser.at() == "/register/phone"
    assert browser.client.cookies["ezt_session"] != before
    assert town.accounts() == 1
    assert browser.get("/me/agreements").text.count("回执（PDF）") == 2


def test_pressing_twice_on_one_page_opens_one_application(browser: Browser, town: Town) -> None:
    browser.get("/register")
    form, cookie = browser.hidden() | TICKS, browser.client.cookies["ezt_session"]
    tokens = set()
    for _ in range(2):
        browser.bring_token(cookie)
        answer = browser.client.post("/register", data=form, follow_redirects=False)
        assert answer.status_code == 303
        tokens.add(answer.cookies["ezt_session"])
    assert len(tokens) == 1
    assert town.accounts() == 1


def test_the_old_page_sent_again_later_leads_on_instead_of_starting_anew(browser: Browser, town: Town) -> None:
    browser.get("/register")
    form = browser.hidden() | TICKS
    browser.send("/register", **TICKS)
    answer = browser.client.post("/register", data=form)
    assert answer.url.path == "/register/phone"
    assert town.accounts() == 1


def test_who_planted_the_token_does_not_learn_the_session_of_the_application(town: Town) -> None:
    victim, attacker = town.browser(), town.browser()
    attacker.get("/register")
    planted = attacker.client.cookies["ezt_session"]
    victim.bring_token(planted)
    victim.accept()
    attacker.send("/register", **TICKS)
    assert attacker.client.cookies["ezt_session"] != victim.client.cookies["ezt_session"]
    assert town.accounts() == 2


def test_a_stamp_is_good_for_half_a_day_on_its_own_browser_only(town: Town) -> None:
    browser, other = town.browser(), town.browser()
    other.get("/register")
    stamp = other.hidden()["shown"]
    browser.get("/register")
    assert browser.send("/register", **TICKS, shown=stamp).status_code == 403
    browser.get("/register")
    town.pass_time(12 * 3600 + 1)
    assert browser.send("/register", **TICKS).status_code == 403
    assert town.accounts() == 0


@pytest.mark.parametrize("stamp", ["", "1.2", "1.2.3", "x.y.z", "一.二.三", "9" * 40 + ".aa.bb"])
def test_an_invented_stamp_is_refused(stamp: str, browser: Browser, town: Town) -> None:
    browser.get("/register")
    assert browser.send("/register", **TICKS, shown=stamp).status_code == 403
    assert town.accounts() == 0


def test_the_full_text_keeps_its_emphasis_and_lets_no_html_through(browser: Browser) -> None:
    text = browser.get("/documents/service").text
    assert "<strong>" in text
    assert "**" not in text
    assert browser.get("/documents/nothing").status_code == 404


def test_a_person_sees_exactly_the_text_they_accepted_and_takes_a_receipt_home(browser: Browser) -> None:
    browser.accept()
    links = re.findall(r'href="(/me/agreements/acc_[^"/]+)"', browser.get("/me/agreements").text)
    assert len(links) == 2
    assert "原文校验值" in browser.get(links[0]).text
    receipt = browser.get(f"{links[0]}/receipt")
    assert receipt.headers["content-disposition"].startswith("attachment;")
    assert receipt.json()["document"]["format"] == "eztong/acceptance/v1"
    assert {"note", "path"} <= set(receipt.json())


def test_nobody_reads_the_receipt_of_another(town: Town) -> None:
    mine, theirs = town.browser(), town.browser()
    mine.accept()
    theirs.accept()
    link = re.findall(r'href="(/me/agreements/acc_[^"/]+)"', mine.get("/me/agreements").text)[0]
    assert theirs.get(f"{link}/receipt").status_code == 404
    assert theirs.get(link).status_code == 404


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("通过**《用户授权协议》**与您约定", "<p>通过<strong>《用户授权协议》</strong>与您约定</p>"),
        ("<u>**5.1 适用法律。\n5.2 协商。**</u>", "<p><strong>5.1 适用法律。\n5.2 协商。</strong></p>"),
        ("**甲。**乙**丙。**丁", "<p><strong>甲。</strong>乙<strong>丙。</strong>丁</p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
    ],
)
def test_emphasis_survives_chinese_punctuation_and_html_does_not_survive(source: str, html: str) -> None:
    assert render_agreement(source).strip() == html


def test_the_key_points_are_the_texts_own_first_section() -> None:
    assert "一件事" in render_key_points("## 要点\n\n1. 一件事\n\n## 正文\n\n其他")
    assert "其他" not in render_key_points("## 要点\n\n1. 一件事\n\n## 正文\n\n其他")
    assert not render_key_points("没有分节的文本")


def test_what_stands_below_the_key_points_does_not_say_them_again_and_the_page_has_the_whole_text() -> None:
    text = "## 要点\n\n1. 一件事\n\n## 正文\n\n其他\n\n## 附则\n\n**最后**"
    below = render_below_points(text, ())
    assert "一件事" not in below
    assert render_agreement(text).endswith(below)
    assert render_below_points("没有分节的文本", ()) == render_agreement("没有分节的文本")


def test_a_numbered_heading_gets_its_number_as_anchor_and_no_other_does() -> None:
    text = "## 一、服务\n\n### 2.11 编码\n\n#### 4.2.1\n\n## 5. Other\n\n## 要点\n\n## 2026年的规则\n"
    shown = render_with_anchors(text)
    assert re.findall(r'<h\d id="([^"]+)">', shown) == ["clause-1", "clause-2.11", "clause-4.2.1", "clause-5"]
    assert shown.count("<h") == 6
    assert "id=" not in render_agreement(text)
