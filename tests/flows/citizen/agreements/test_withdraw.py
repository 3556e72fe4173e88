"""Withdrawing the authorisation on the pages: found where it was signed, two presses, provable, undone by consent."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing

from rich.progress import Progress

from eztong.cli.data.database_audit import audit_database
from eztong.domain.evidence.proof import parse_published_keys, verify_proof
from tests.flows.citizen.browser import TICKS, Browser, Town

PAGE = "/me/agreements/withdraw"


def problems(town: Town) -> list[str]:
    with Progress(disable=True) as bar:
        return list(audit_database(town.built.settings.database_file, town.services.keys, bar, full=True).problems)


def press(browser: Browser) -> None:
    browser.get(PAGE)
    browser.send(PAGE)


def test_the_button_stands_beside_the_authorisation_alone_and_says_what_ends_and_what_stays(browser: Browser) -> None:
    browser.register()
    page = browser.get("/me/agreements").text
    (entry,) = re.findall(r'<li data-kind="authorisation".*?</li>', page, re.DOTALL)
    assert f'href="{PAGE}"' in entry
    assert page.count(f'href="{PAGE}"') == 1
    asked = browser.get(PAGE).text
    assert "用户授权协议" in asked
    assert "马上停止" in asked
    assert "仍然保留" in asked


def test_one_press_ends_a_code_and_keeps_what_was_signed_readable(browser: Browser, town: Town) -> None:
    browser.register()
    number = browser.show_code("/code/spoken")["number"]
    press(browser)
    assert browser.at() == "/me/agreements"
    assert 'data-stands="no"' in browser.page.text
    assert 'href="/register"' in browser.page.text
    assert town.verify(number) != "passed"
    refused = browser.get("/code")
    assert refused.status_code == 403
    assert 'href="/register"' in refused.text
    for path in ("/me", "/records", "/me/data", "/grants"):
        assert browser.get(path).status_code == 200, path
    assert "没有有效的同意" in browser.get("/me").text


def test_the_proof_verifies_with_the_published_key_and_names_nobody(browser: Browser) -> None:
    browser.register()
    press(browser)
    (path,) = re.findall(r'href="(/me/acts/[^"]+/receipt)"', browser.page.text)
    proof = browser.get(path)
    keys = parse_published_keys(browser.get("/.well-known/eztong-keys.json").content)
    document = verify_proof(proof.content, keys=keys).document
    assert (document["format"], document["kind"], document["by"]) == (
        "eztong/act/v1",
        "authorisation_withdrawn",
        "holder",
    )
    assert browser.get("/me/acts/act_00000000000000000000000000/receipt").status_code == 404


def test_the_proof_is_for_its_holder_alone(browser: Browser, town: Town) -> None:
    browser.register()
    press(browser)
    (path,) = re.findall(r'href="(/me/acts/[^"]+/receipt)"', browser.page.text)
    stranger = town.browser()
    stranger.accept()
    assert stranger.get(path).status_code == 404


def test_pressing_twice_or_having_nothing_to_withdraw_leads_back(browser: Browser) -> None:
    browser.register()
    press(browser)
    browser.get(PAGE)
    assert browser.at() == "/me/agreements"
    assert browser.page.text.count("/me/acts/") == 1


def test_agreeing_again_takes_an_unlock_and_opens_the_way(browser: Browser, town: Town) -> None:
    browser.register()
    press(browser)
    town.pass_time(300)
    browser.get("/register")
    browser.send("/register", **TICKS)
    assert browser.at().startswith("/unlock"), "a lock was asked for"
    browser.unlock()
    browser.get("/register")
    browser.send("/register", **TICKS)
    assert town.verify(browser.show_code()["number"]) == "passed"


def test_an_application_has_no_button_and_an_address_typed_by_hand_does_nothing(browser: Browser) -> None:
    browser.accept()
    page = browser.get("/me/agreements").text
    assert PAGE not in page
    assert browser.get(PAGE).status_code >= 400


def test_a_proof_that_was_changed_in_the_store_is_found(browser: Browser, town: Town) -> None:
    browser.register()
    press(browser)
    assert problems(town) == []
    with closing(sqlite3.connect(town.built.settings.database_file)) as database, database:
        database.execute("UPDATE acts SET actor = 'operator'")
    assert any("act act_" in problem and "disagree" in problem for problem in problems(town))


def test_whoever_has_an_account_reads_what_is_true_of_it_and_the_own_button_is_recorded(browser: Browser) -> None:
    browser.register()
    press(browser)
    browser.unlock()
    page = browser.get("/register").text
    assert ("<h1>阅读并同意</h1>" in page, "账户已经有了" in page, "同意授权并继续" in page) == (True, True, True)
    assert ("未满 18" in page, 'class="steps"' in page, "不收集任何身份信息" in page) == (False, False, False)
    browser.send("/register", **TICKS)
    page = browser.get("/me/agreements").text
    (newest, *_before) = re.findall(r'href="(/me/agreements/[^"/]+/receipt)"', page)
    document = json.loads(browser.get(newest).content)
    assert "然后按下：同意授权并继续" in json.dumps(document, ensure_ascii=False)
