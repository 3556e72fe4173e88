"""Freezing in an emergency: two presses for who is signed in, a passkey for who is not; then recovery."""

from __future__ import annotations

import re

import pytest

from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeReason, HolderState
from eztong.ports.sandbox import SandboxPersona
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town
from tests.flows.citizen.recovery.test_recover import freeze_as_operator, holder_of, press_passkey
from tests.simulators.outside.authenticator import give_passkey

SOMEBODY = Person("测一二", "110000199003080023", "19900000002")
ACCOUNTS = [HolderState.ACTIVE, HolderState.TERMINATED, HolderState.DEREGISTERING]


def put_into(town: Town, state: HolderState) -> None:
    before = holder_of(town)
    if before.state is not state:
        town.services.store.write(lambda uow: uow.holders.update(before.moved_to(state)))


def event_of(town: Town) -> str:
    with town.services.store.read() as stored:
        events = stored.holders.events(holder_of(town).holder_id)
    return next(event.detail for event in events if event.kind is EventKind.FROZEN)


def test_from_the_code_page_it_takes_two_presses(town: Town, browser: Browser) -> None:
    browser.register()
    page = browser.get("/code").text
    link = re.search(r'class="danger-link" href="([^"]+)"', page)
    assert link is not None
    page = browser.get(link[1]).text
    assert browser.at() == "/freeze"
    assert re.findall(r'<button [^>]*name="reason" value="(\w+)"', page) == ["phone_lost", "account_stolen", "pause"]
    assert "checked" not in page, "nobody chooses in the holder's place"
    browser.send("/freeze", reason="account_stolen")
    assert browser.at() == "/frozen"
    assert holder_of(town).state is HolderState.FROZEN


@pytest.mark.parametrize(("path", "likely"), [("/me/devices", "account_stolen"), ("/unlock", "phone_lost")])
def test_the_form_begins_with_what_the_link_was_about(browser: Browser, path: str, likely: str) -> None:
    browser.register()
    link = re.search(r'href="(/freeze\?[^"]+)"', browser.get(path).text)
    assert link is not None
    page = browser.get(link[1]).text
    assert re.findall(r'name="reason" value="(\w+)"', page)[0] == likely
    assert page.count(" likely") == 1
    assert " likely" not in browser.get("/freeze?reason=%22%3E%3Cb%3E").text


def test_the_code_that_is_shown_has_the_same_short_way(browser: Browser) -> None:
    browser.register()
    browser.show_code()
    assert 'class="danger-link" href="/freeze"' in browser.page.text


def test_who_is_signed_in_is_led_from_the_form_for_strangers_to_the_short_way(town: Town, browser: Browser) -> None:
    browser.register()
    browser.get("/lost")
    assert browser.at() == "/freeze"
    assert 'href="/lost?other=1"' in browser.page.text
    browser.get("/lost?other=1")
    assert browser.at() == "/lost"
    assert town.browser().get("/lost").url.path == "/lost"


@pytest.mark.parametrize("state", ACCOUNTS)
def test_a_session_freezes_in_every_state_of_an_account(town: Town, browser: Browser, state: HolderState) -> None:
    browser.register()
    put_into(town, state)
    browser.get("/freeze")
    assert browser.at() == "/freeze"
    browser.send("/freeze", reason="account_stolen")
    frozen = holder_of(town)
    assert (frozen.state, frozen.restored().state) == (HolderState.FROZEN, state)


@pytest.mark.parametrize("state", ACCOUNTS)
def test_a_passkey_freezes_from_any_browser_without_a_message_code(
    town: Town, browser: Browser, state: HolderState
) -> None:
    browser.register()
    passkey = give_passkey(town.services, holder_of(town))
    put_into(town, state)
    stranger = town.browser()
    stranger.get("/lost")
    assert press_passkey(stranger, "/lost/passkey", passkey, reason="phone_lost") == {"next": "/frozen"}
    assert holder_of(town).state is HolderState.FROZEN
    assert event_of(town).startswith("channel=passkey ")
    assert FreezeReason.PHONE_LOST in event_of(town)


def test_without_a_choice_the_passkey_freezes_all_the_same(town: Town, browser: Browser) -> None:
    browser.register()
    passkey = give_passkey(town.services, holder_of(town))
    stranger = town.browser()
    stranger.get("/lost")
    assert press_passkey(stranger, "/lost/passkey", passkey) == {"next": "/frozen"}
    assert holder_of(town).state is HolderState.FROZEN


def test_a_challenge_for_signing_in_freezes_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    passkey = give_passkey(town.services, holder_of(town))
    stranger = town.browser()
    stranger.get("/lost")
    fields = stranger.hidden()
    given = stranger.client.post("/sign-in/passkey/options", data={"csrf": fields["csrf"]}).json()
    sent = fields | {"credential": passkey.sign(given["options"])}
    assert "problem" in stranger.client.post("/lost/passkey", data=sent).json()
    assert holder_of(town).state is HolderState.ACTIVE


def test_a_passkey_freezes_its_own_account_whoever_is_signed_in(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    other = town.browser()
    other.register(SOMEBODY)
    passkey = give_passkey(town.services, holder_of(town, SOMEBODY.phone))
    browser.get("/lost?other=1")
    press_passkey(browser, "/lost/passkey", passkey)
    assert holder_of(town, SOMEBODY.phone).state is HolderState.FROZEN
    assert holder_of(town).state is HolderState.ACTIVE


def test_the_page_of_the_freeze_is_no_success(town: Town, browser: Browser) -> None:
    browser.register()
    browser.get("/freeze")
    browser.send("/freeze")
    assert 'class="state warning"' in browser.page.text
    assert 'href="/recover"' in browser.page.text
    assert town.browser().get("/frozen").status_code == 200


def sign_in_again(town: Town) -> Browser:
    town.pass_time(61)
    new = town.browser()
    new.get("/sign-in")
    new.send("/sign-in", phone=ANYBODY.phone)
    new.send("/sign-in/code", otp=new.newest_otp(), pin=PIN)
    return new


def test_signing_in_to_an_account_that_its_holder_froze_leads_to_recovery_and_nowhere_else(
    town: Town, browser: Browser
) -> None:
    browser.register()
    browser.get("/freeze")
    browser.send("/freeze")
    new = sign_in_again(town)
    assert 'href="/recover"' in new.page.text
    assert "重新核验身份" not in new.page.text
    for path in ("/register/result", "/me"):
        assert 'class="button primary" href="/recover"' in new.get(path).text, path
    assert 'class="steps"' not in new.get("/register/result").text


def test_whoever_made_a_pause_can_still_tell_a_loss_and_is_led_on_once_that_is_told(
    town: Town, browser: Browser
) -> None:
    browser.register()
    browser.get("/freeze")
    browser.send("/freeze", reason="pause")
    new = sign_in_again(town)
    new.get("/freeze")
    new.send("/freeze", reason="account_stolen")
    assert new.at() == "/frozen"
    again = sign_in_again(town)
    assert 'href="/recover"' in again.page.text
    assert again.get("/me").url.path == "/sign-in"


def test_signing_in_to_an_account_that_others_froze_says_whom_to_ask_and_offers_no_recovery(
    town: Town, browser: Browser
) -> None:
    browser.register()
    freeze_as_operator(town)
    new = sign_in_again(town)
    for path in ("/code", "/register/result", "/me"):
        page = new.get(path).text
        assert "contact@example.invalid" in page, path
        assert 'href="/recover"' not in page, path


def test_being_a_frozen_persona_leads_to_recovery(town: Town, browser: Browser) -> None:
    browser.get("/sandbox/personas")
    csrf = browser.hidden()
    frozen = next(one for one in _personas(town) if one.expected == "frozen:self")
    browser.page = browser.client.post("/sandbox/personas", data=csrf | {"persona": frozen.key})
    assert browser.at() == "/register/result"
    assert 'class="button primary" href="/recover"' in browser.page.text


def _personas(town: Town) -> list[SandboxPersona]:
    assert town.built.sandbox is not None
    return list(town.built.sandbox.personas())
