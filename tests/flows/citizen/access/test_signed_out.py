"""A session that is gone is told as that, and a form of a tab that was opened first is shown again as it was typed."""

from __future__ import annotations

import html
import re

import pytest

from tests.flows.citizen.browser import PIN, Browser, Town
from tests.flows.desk.clerk import Clerk

TYPED = {
    "/sign-in": {"phone": "139 1234 5678"},
    "/lost": {"name": "测一一", "number": "11000019900307001X"},
    "/recover": {"name": "测一一", "number": "11000019900307001X"},
}


def open_in_two_tabs(browser: Browser, path: str) -> dict[str, str]:
    """Open a page twice before the first cookie is kept; return the hidden fields of the first tab."""
    browser.get(path)
    first = browser.hidden()
    browser.client.cookies.clear()
    browser.get(path)
    return first


def test_a_lost_cookie_is_told_as_signed_out_and_the_way_leads_back(browser: Browser) -> None:
    browser.register()
    browser.get("/code")
    browser.client.cookies.clear()
    page = browser.send("/code")
    assert page.status_code == 403
    assert "您还没有登录" in page.text
    assert "什么都没有记录" in page.text
    assert 'href="/sign-in?next=/code"' in html.unescape(page.text)
    assert "set-cookie" not in page.headers


def test_a_session_that_is_over_is_told_at_signing_in(browser: Browser) -> None:
    browser.register()
    browser.bring_token("A" * 43)
    assert "没有登录，或者登录已经结束" in browser.get("/code").text
    assert browser.hidden()["next"] == "/code"
    assert "登录已经结束" not in browser.get("/sign-in").text


@pytest.mark.parametrize("path", TYPED)
def test_the_form_of_the_first_of_two_tabs_is_shown_again_with_what_was_typed(path: str, browser: Browser) -> None:
    first = open_in_two_tabs(browser, path)
    page = browser.send(path, csrf=first["csrf"], **TYPED[path])
    assert page.status_code == 403
    assert "请再按一次" in page.text
    for typed in TYPED[path].values():
        assert f'value="{typed}"' in page.text
    assert "请再按一次" not in browser.send(path, **TYPED[path]).text


def test_the_documents_are_shown_again_and_the_next_press_counts(browser: Browser, town: Town) -> None:
    first = open_in_two_tabs(browser, "/register")
    page = browser.send("/register", **first, tick_service="yes", tick_authorisation="yes")
    assert page.status_code == 403
    assert town.accounts() == 0
    assert browser.send("/register", tick_service="yes", tick_authorisation="yes").url.path == "/register/phone"


def test_the_desk_keeps_the_name_that_was_typed(town: Town) -> None:
    clerk = Clerk(town)
    clerk.get("/desk/sign-in")
    first = clerk.csrf()
    clerk.client.cookies.clear()
    clerk.get("/desk/sign-in")
    page = clerk.client.post("/desk/sign-in", data={"csrf": first, "login": "hotel", "password": "whatever"})
    assert page.status_code == 403
    assert 'value="hotel"' in page.text
    assert "whatever" not in page.text


def test_a_form_without_any_cookie_gives_no_cookie(browser: Browser) -> None:
    """Another site's form comes without ours: an answer with a new cookie would sign the person out."""
    for path, typed in TYPED.items():
        page = browser.client.post(path, data=typed)
        assert page.status_code == 403
        assert "set-cookie" not in page.headers


def test_the_shown_code_is_read_again_only_by_its_own_unlocked_session_while_it_lives(
    browser: Browser, town: Town
) -> None:
    browser.register()
    card = browser.show_code()
    assert not re.search(r"\d{18}", str(browser.page.url))
    assert f'data-number="{card["number"]}"' in browser.get("/code").text
    kept = browser.client.cookies["ezt_shown"]
    assert card["number"] not in kept
    other = town.browser()
    other.register()
    other.client.cookies.set("ezt_shown", kept, domain="testserver.local", path="/")
    assert "data-number" not in other.get("/code").text
    assert town.verify(card["number"]) == "passed"
    assert "data-number" not in browser.get("/code").text


def test_the_shown_code_is_gone_with_its_minute_and_with_the_unlock(browser: Browser, town: Town) -> None:
    browser.register()
    browser.show_code()
    town.pass_time(61)
    assert "data-number" not in browser.get("/code").text
    browser.unlock(PIN)
    browser.show_code("/code/spoken")
    assert "data-number" in browser.get("/code").text
    town.pass_time(181)
    assert "data-number" not in browser.get("/code").text
