"""Freezing without signing in, recovering, and lifting the own freeze."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.vault import phone_index
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town
from tests.flows.citizen.test_sign_in import told

NOBODY = Person("测一二", "110000199003080023")
NEW_PIN = "402983"


def claim(browser: Browser, path: str, person: Person = ANYBODY, **more: str) -> None:
    browser.town.pass_time(61)
    browser.get(path)
    browser.send(path, name=person.name, number=person.number, **more)


def freeze(browser: Browser, reason: str = "pause") -> None:
    claim(browser, "/lost", reason=reason)
    browser.send("/lost/code", otp=browser.newest_otp())


def recover(browser: Browser, **typed: str) -> None:
    claim(browser, "/recover")
    browser.send("/recover/code", otp=browser.newest_otp(), **typed)


def holder_of(town: Town) -> Holder:
    with town.services.store.read() as stored:
        return stored.holders.by_phone_index(phone_index(ANYBODY.phone, keys=town.services.keys))[-1]


def freeze_as_operator(town: Town) -> None:
    services = town.services
    command = FreezeHolder(holder_id=holder_of(town).holder_id, cause=FreezeCause.OPERATOR, channel="console")
    services.store.write(
        lambda uow: freeze_holder(
            command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now()
        )
    )


@pytest.mark.parametrize("reason", ["phone_lost", "account_stolen", "pause"])
def test_any_browser_freezes_with_name_number_and_code_at_once(town: Town, browser: Browser, reason: str) -> None:
    browser.register()
    other = town.browser()
    claim(other, "/lost", reason=reason)
    browser.unlock()
    code = browser.show_code()["number"]
    other.send("/lost/code", otp=other.newest_otp())
    assert 'data-state="frozen"' in other.page.text
    assert town.verify(code) == "not_passed"
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_a_wrong_code_freezes_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    other = town.browser()
    claim(other, "/lost", reason="pause")
    other.send("/lost/code", otp="000000")
    assert other.page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert town.accounts_in(HolderState.FROZEN) == 0


def test_freezing_without_a_reason_is_asked_again(browser: Browser) -> None:
    browser.get("/lost")
    browser.send("/lost", name=ANYBODY.name, number=ANYBODY.number)
    assert browser.page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


@pytest.mark.parametrize("path", ["/lost", "/recover"])
@pytest.mark.parametrize(
    "nobody",
    [NOBODY, Person(NOBODY.name, ANYBODY.number), Person(ANYBODY.name, NOBODY.number)],
    ids=["unknown", "other name", "other number"],
)
def test_the_pages_do_not_tell_whether_there_is_such_an_account(
    town: Town, browser: Browser, path: str, nobody: Person
) -> None:
    browser.register()
    pages = []
    for person in (ANYBODY, nobody):
        one = town.browser()
        claim(one, path, person, reason="pause")
        first = one.page
        wrong = [one.send(f"{path}/code", otp="000000", pin=PIN) for _ in range(6)]
        pages.append([(answer.status_code, told(answer.text)) for answer in (first, *wrong)])
    assert pages[0] == pages[1]


def test_a_slip_of_another_browser_freezes_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    mine, theirs = town.browser(), town.browser()
    claim(mine, "/lost", reason="pause")
    slip, otp = mine.hidden()["slip"], mine.newest_otp()
    claim(theirs, "/lost", NOBODY, reason="pause")
    theirs.send("/lost/code", otp=otp, slip=slip)
    assert town.accounts_in(HolderState.FROZEN) == 0


def test_pressing_twice_keeps_the_code_that_was_sent(town: Town, browser: Browser) -> None:
    browser.register()
    other = town.browser()
    claim(other, "/lost", reason="pause")
    otp = other.newest_otp()
    other.get("/lost")
    other.send("/lost", name=ANYBODY.name, number=ANYBODY.number, reason="pause")
    other.send("/lost/code", otp=otp)
    assert town.accounts_in(HolderState.FROZEN) == 1


def test_signing_in_too_often_does_not_use_up_the_messages_for_freezing(town: Town, browser: Browser) -> None:
    browser.register()
    stranger = town.browser()
    for _ in range(11):
        town.pass_time(61)
        stranger.get("/sign-in")
        stranger.send("/sign-in", phone=ANYBODY.phone)
    freeze(town.browser())
    assert town.accounts_in(HolderState.FROZEN) == 1


def test_with_the_pin_a_new_device_recovers_and_the_old_one_ends(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    recover(new, pin=PIN)
    assert new.at() == "/code"
    assert town.verify(new.show_code()["number"]) == "passed"
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_recovering_lifts_the_own_freeze_and_old_codes_stay_dead(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    claim(new, "/lost", reason="phone_lost")
    browser.unlock()
    old = browser.show_code()["number"]
    new.send("/lost/code", otp=new.newest_otp())
    recover(new, pin=PIN)
    assert holder_of(town).state is HolderState.ACTIVE
    assert town.verify(old) != "passed"
    assert town.verify(new.show_code()["number"]) == "passed"


def test_a_forgotten_pin_is_replaced_after_the_authority_matched_again(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    recover(new, act="forgot")
    assert new.at() == "/unlock/setup"
    new.set_pin(NEW_PIN)
    assert new.unlock(PIN).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert new.unlock(NEW_PIN).url.path == "/code"


def test_while_the_authority_is_away_a_forgotten_pin_recovers_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    claim(new, "/recover")
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    new.send("/recover/code", otp=new.newest_otp(), act="forgot")
    assert new.page.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    town.built.sandbox.set_fault(AuthorityFault.NONE)
    new.send("/recover/code", otp=new.newest_otp(), act="forgot")
    assert new.at() == "/unlock/setup"


def test_a_wrong_pin_recovers_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    recover(new, pin="805218")
    assert new.page.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    browser.unlock()
    assert browser.at() == "/code"


def test_a_freeze_of_the_operator_is_not_lifted_and_the_page_says_whom_to_ask(town: Town, browser: Browser) -> None:
    browser.register()
    freeze_as_operator(town)
    new = town.browser()
    recover(new, pin=PIN)
    assert holder_of(town).state is HolderState.FROZEN
    assert "contact@example.invalid" in new.page.text
    assert new.page.status_code == HTTPStatus.CONFLICT


def test_whoever_registers_again_is_led_to_recovery(town: Town, browser: Browser) -> None:
    browser.register()
    again = town.browser()
    again.bind_phone("19900000777")
    again.send("/register/identity", name=ANYBODY.name, number=ANYBODY.number)
    assert 'href="/recover"' in again.page.text


def test_a_third_person_on_one_phone_is_refused_with_words(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    town.browser().register(NOBODY)
    town.pass_time(61)
    third = town.browser()
    assert third.bind_phone(ANYBODY.phone).status_code == HTTPStatus.CONFLICT
    assert "两个人" in third.page.text
    assert third.get("/register/identity").url.path == "/register/phone"
