"""The gallery: everybody with a story, and a browser that becomes one of them."""

import html
import sqlite3
from contextlib import closing

import pytest

from eztong.sandbox.personas import KINDS
from eztong.usecases.sandbox.play_persona import freeze, play_registration
from tests.flows.citizen.browser import Browser, Town


def be(browser: Browser, persona: str) -> None:
    browser.get("/sandbox/personas")
    browser.send("/sandbox/personas", persona=persona)


def test_everybody_is_shown_with_story_outcome_and_what_to_type(browser: Browser, town: Town) -> None:
    assert town.built.sandbox is not None
    page = html.unescape(browser.get("/sandbox/personas").text)
    for persona in town.built.sandbox.personas():
        assert persona.story in page
        assert persona.number in page
        assert persona.phone in page
        assert persona.expected.partition(":")[0] in KINDS


def test_the_search_finds_by_story_and_by_outcome(browser: Browser) -> None:
    page = browser.get("/sandbox/personas?q=去世").text
    assert 'data-persona="P05"' in page
    assert 'data-persona="P01"' not in page
    frozen = browser.get("/sandbox/personas?kind=frozen").text
    assert frozen.count("data-persona=") == 2
    assert "没有找到" in browser.get("/sandbox/personas?q=nobody").text


def test_a_browser_becomes_a_person_and_can_show_a_code(browser: Browser) -> None:
    be(browser, "P01")
    assert browser.at() == "/code"
    browser.show_code()
    assert '<svg class="qr"' in browser.page.text


def test_being_somebody_else_takes_a_session_of_its_own(browser: Browser) -> None:
    be(browser, "P01")
    first = browser.client.cookies.get("ezt_session")
    be(browser, "P02")
    assert browser.client.cookies.get("ezt_session") not in (None, first)


def test_a_refused_persona_sees_the_refusal_in_the_citizens_own_words(browser: Browser) -> None:
    be(browser, "P03")
    assert browser.at() == "/register/result"
    assert "对不上" in browser.page.text


@pytest.mark.parametrize(("persona", "kind"), [("X1", "input_error"), ("X6", "already_registered")])
def test_a_story_without_an_account_is_told_here(browser: Browser, persona: str, kind: str) -> None:
    be(browser, persona)
    assert f'data-outcome="{kind}"' in browser.page.text
    assert browser.client.cookies.get("ezt_session") is None


def test_an_unknown_persona_is_not_found(browser: Browser) -> None:
    be(browser, "P99")
    assert browser.page.status_code == 404


def test_every_story_can_be_entered_without_an_error_page(town: Town) -> None:
    assert town.built.sandbox is not None
    for persona in town.built.sandbox.personas():
        browser = town.browser()
        be(browser, persona.key)
        assert browser.page.status_code == 200, persona.key
        assert "data-error" not in browser.page.text, persona.key


def test_a_frozen_persona_is_told_so_at_once(browser: Browser) -> None:
    be(browser, "P15")
    assert browser.at() == "/register/result"
    assert "账户已挂失" in browser.page.text


def test_the_gallery_speaks_english(town: Town) -> None:
    page = town.browser(language="en").get("/sandbox/personas").text
    assert "Registering leads to: Approved, ready to use" in page


def test_whoever_was_frozen_here_is_told_and_how_to_begin_anew(browser: Browser, town: Town) -> None:
    assert town.built.sandbox is not None
    persona = town.built.sandbox.persona("P11")
    holder = play_registration(persona, services=town.services).holder
    assert "data-frozen" not in browser.get("/sandbox/personas?q=P11").text
    freeze(holder.holder_id, services=town.services)
    page = browser.get("/sandbox/personas?q=P11").text
    assert "data-frozen" in page
    assert "eztong sandbox reset --apply" in page
    assert "eztong sandbox reset --apply" in browser.get("/sandbox/controls").text
    be(browser, "P15")
    assert "data-frozen" not in browser.get("/sandbox/personas?q=P15").text, "that is P15's story"


@pytest.mark.parametrize("state", ["x'ff'", "CAST(x'ff' AS TEXT)", "'nothing'"])
def test_a_damaged_account_is_shown_as_such_and_keeps_nobody_else_from_anything(
    browser: Browser, town: Town, state: str
) -> None:
    be(browser, "P01")
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection, connection:
        connection.execute(f"UPDATE holders SET state = {state}")  # noqa: S608 - our own words
        connection.execute("UPDATE inbox SET at = x'ff'")
    people = browser.get("/sandbox/personas")
    assert (people.status_code, people.text.count("data-unreadable")) == (200, 1)
    for page in ("/sandbox", "/sandbox/inbox", "/sandbox/side-by-side"):
        assert browser.get(page).status_code == 200, page
    be(browser, "P02")
    assert browser.at() == "/code"
