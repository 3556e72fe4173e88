"""Recovering with a message code and known data alone: it waits, can be stopped in every way, and then takes over."""

from __future__ import annotations

import re

import pytest

from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.recovery import RecoveryState
from eztong.ports.sandbox import AuthorityFault
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town
from tests.flows.citizen.recovery.test_recover import (
    claim,
    confirmed_on,
    freeze,
    freeze_as_operator,
    holder_of,
    kinds,
    recover,
)
from tests.simulators.outside.authenticator import give_passkey

HOURS = 3600
DAY = 24 * HOURS
PAUSE = 72 * HOURS
SOMEBODY = Person("测一二", "110000199003080023", "19900000002")
NEW_PIN = "402983"


def begin(browser: Browser, person: Person = ANYBODY) -> None:
    """Recover without PIN and passkey: name and number typed again on the page of the code."""
    recover(browser, act="forgot", name=person.name, number=person.number)


def newest_message(town: Town, topic: str) -> str:
    town.deliver()
    messages = town.browser().client.get("/sandbox/inbox?format=json").json()
    return next(str(message["text"]) for message in messages if message["topic"] == topic)


def link_of(town: Town) -> str:
    found = re.search(r"/recover/stop/[A-Za-z0-9_-]{43}", newest_message(town, "recovery_waiting"))
    assert found is not None
    return found[0]


def state_of(town: Town) -> RecoveryState:
    with town.services.store.read() as stored:
        newest = stored.recoveries.newest(holder_of(town).holder_id)
    assert newest is not None
    return newest.state


def works(browser: Browser) -> bool:
    return browser.unlock().url.path == "/code"


def finish(browser: Browser) -> None:
    browser.get("/recover/waiting")
    browser.send("/recover/waiting", act="finish")


def test_it_waits_a_day_and_then_the_new_device_takes_over_and_the_old_one_ends(town: Town, browser: Browser) -> None:
    browser.register()
    give_passkey(town.services, holder_of(town))
    new = town.browser()
    begin(new)
    assert new.at() == "/recover/waiting"
    assert 'data-recovery="waiting"' in new.page.text
    assert works(browser), "the earlier device goes on working"
    town.pass_time(DAY - 1)
    finish(new)
    assert new.page.status_code == 409
    town.pass_time(2)
    assert 'data-recovery="due"' in new.get("/recover/waiting").text
    finish(new)
    assert new.at() == "/unlock/setup"
    new.set_pin(NEW_PIN)
    assert "账户找回了" in new.get("/recover/done").text
    assert town.verify(new.show_code()["number"]) == "passed"
    browser.get("/code")
    assert browser.at() == "/sign-in"
    with town.services.store.read() as stored:
        assert stored.passkeys.list(holder_of(town).holder_id) == []
    assert new.unlock(PIN).status_code == 422
    assert new.unlock(NEW_PIN).url.path == "/code"


def test_it_lifts_the_own_freeze_only_when_it_ends(town: Town, browser: Browser) -> None:
    browser.register()
    freeze(town.browser())
    new = town.browser()
    begin(new)
    assert holder_of(town).state is HolderState.FROZEN
    town.pass_time(DAY + 1)
    assert holder_of(town).state is HolderState.FROZEN
    finish(new)
    assert holder_of(town).state is HolderState.ACTIVE


@pytest.mark.parametrize("reason", ["phone_lost", "account_stolen"])
def test_a_freeze_because_of_a_theft_is_not_lifted_by_what_was_stolen(
    town: Town, browser: Browser, reason: str
) -> None:
    """Phone and identity card were taken together; the freeze ended every session that could have stopped it."""
    browser.register()
    freeze(town.browser(), reason)
    thief = town.browser()
    begin(thief)
    assert thief.page.status_code == 429
    assert "72 小时" in thief.page.text
    town.pass_time(PAUSE)
    begin(thief)
    assert thief.at() == "/recover/waiting"


def test_with_the_pin_a_freeze_because_of_a_theft_is_lifted_at_once(town: Town, browser: Browser) -> None:
    browser.register()
    freeze(town.browser(), "phone_lost")
    new = town.browser()
    recover(new, pin=PIN)
    assert new.at() == "/recover/done"


def test_how_long_it_waits_is_a_setting(tmp_path_factory: pytest.TempPathFactory) -> None:
    town = Town(tmp_path_factory.mktemp("longer"), recovery_wait_hours=48)
    town.browser().register()
    new = town.browser()
    begin(new)
    town.pass_time(47 * HOURS)
    finish(new)
    assert new.page.status_code == 409
    town.pass_time(HOURS + 1)
    finish(new)
    assert new.at() == "/unlock/setup"
    town.built.close()


def test_data_of_somebody_else_typed_with_the_message_code_begins_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    begin(new, SOMEBODY)
    assert new.page.status_code == 409
    begin(new, Person("王小明", ANYBODY.number))
    assert new.page.status_code == 409
    assert "recovery_started" not in kinds(town)


def test_data_that_is_not_typed_again_begins_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    recover(new, act="forgot")
    assert new.page.status_code == 422
    assert 'id="name-error"' in new.page.text
    assert "recovery_started" not in kinds(town)


def test_while_the_authority_is_away_nothing_begins_to_wait(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    claim(new, "/recover")
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    typed = {"act": "forgot", "name": ANYBODY.name, "number": ANYBODY.number, "otp": new.newest_otp()}
    new.send("/recover/code", **typed)
    assert new.page.status_code == 503
    town.built.sandbox.set_fault(AuthorityFault.NONE)
    new.send("/recover/code", **typed)
    assert new.at() == "/recover/waiting"


def test_every_page_of_an_earlier_session_shows_it_and_one_press_stops_it(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    begin(new)
    for path in ("/code", "/me", "/me/devices", "/records", "/grants", "/", "/about", "/unlock", "/freeze"):
        assert 'data-recovering="other"' in browser.get(path).text, path
    browser.get("/records")
    browser.send("/recover/stop")
    assert browser.at() == "/recover/stopped"
    assert state_of(town) is RecoveryState.STOPPED
    assert 'data-recovering="' not in browser.get("/code").text
    assert kinds(town)[0] == "recovery_stopped"
    assert "账户找回已被阻止" in newest_message(town, "recovery_stopped")
    assert 'data-recovery="stopped"' in new.get("/recover/waiting").text
    town.pass_time(DAY + 1)
    finish(new)
    assert new.page.status_code in {403, 409}
    assert works(browser)


def test_a_session_of_somebody_else_sees_and_stops_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    other = town.browser()
    other.register(SOMEBODY)
    begin(town.browser())
    assert 'data-recovering="' not in other.get("/code").text
    other.get("/freeze")
    other.send("/recover/stop")
    assert state_of(town) is RecoveryState.WAITING


def test_looking_at_the_link_stops_nothing_and_pressing_stops_it_once(town: Town, browser: Browser) -> None:
    browser.register()
    begin(town.browser())
    link, stranger = link_of(town), town.browser()
    for _ in range(3):
        assert stranger.get(link).status_code == 200
        assert stranger.client.head(link).status_code == 200
    assert state_of(town) is RecoveryState.WAITING
    stranger.send(link, act="stop")
    assert stranger.at() == "/recover/stopped"
    assert state_of(town) is RecoveryState.STOPPED
    assert stranger.get(link).status_code == 409
    assert holder_of(town).state is HolderState.ACTIVE


def test_the_link_freezes_too(town: Town, browser: Browser) -> None:
    browser.register()
    begin(town.browser())
    stranger = town.browser()
    stranger.get(link_of(town))
    stranger.send(link_of(town), act="freeze")
    assert stranger.at() == "/frozen"
    assert (state_of(town), holder_of(town).state) == (RecoveryState.STOPPED, HolderState.FROZEN)


def test_the_link_is_kept_nowhere_in_clear(town: Town, browser: Browser) -> None:
    browser.register()
    begin(town.browser())
    token = link_of(town).rpartition("/")[2]
    with town.services.store.read() as stored:
        newest = stored.recoveries.newest(holder_of(town).holder_id)
    assert newest is not None
    assert token.encode() not in newest.stop_hash
    assert town.browser().get("/recover/stop/" + "A" * 43).status_code == 409


@pytest.mark.parametrize("lock", ["before", "not before"])
def test_a_freeze_stops_it_also_where_the_account_was_frozen_before(town: Town, browser: Browser, lock: str) -> None:
    browser.register()
    if lock == "before":
        freeze(town.browser())
    new = town.browser()
    begin(new)
    freeze(town.browser())
    assert (state_of(town), holder_of(town).state) == (RecoveryState.STOPPED, HolderState.FROZEN)
    town.pass_time(DAY + 1)
    finish(new)
    assert holder_of(town).state is HolderState.FROZEN


def test_after_a_veto_known_data_wait_no_more_but_the_pin_recovers(town: Town, browser: Browser) -> None:
    browser.register()
    begin(town.browser())
    browser.get("/code")
    browser.send("/recover/stop")
    again = town.browser()
    begin(again)
    assert again.page.status_code == 429
    assert "72 小时" in again.page.text
    recover(again, pin=PIN)
    assert again.at() == "/recover/done"
    town.pass_time(PAUSE)
    begin(town.browser())
    assert state_of(town) is RecoveryState.WAITING


def test_a_later_recovery_replaces_the_earlier_and_waits_from_its_own_beginning(town: Town, browser: Browser) -> None:
    browser.register()
    first, second = town.browser(), town.browser()
    begin(first)
    town.pass_time(DAY - HOURS)
    begin(second)
    assert 'data-recovery="replaced"' in first.get("/recover/waiting").text
    town.pass_time(2 * HOURS)
    finish(second)
    assert second.page.status_code == 409
    assert works(browser)
    town.pass_time(DAY - 2 * HOURS)
    finish(second)
    assert second.at() == "/unlock/setup"


def test_the_browser_that_waits_may_give_up_and_begin_again(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    begin(new)
    new.send("/recover/waiting", act="withdraw")
    assert 'data-recovery="withdrawn"' in new.page.text
    begin(new)
    assert new.at() == "/recover/waiting"


def test_the_pin_recovers_at_once_and_stops_what_waits(town: Town, browser: Browser) -> None:
    browser.register()
    waiting, holder = town.browser(), town.browser()
    begin(waiting)
    recover(holder, pin=PIN)
    assert state_of(town) is RecoveryState.STOPPED
    assert town.verify(holder.show_code()["number"]) == "passed"


def test_nobody_comes_for_it_long_after(town: Town, browser: Browser) -> None:
    browser.register()
    new = town.browser()
    begin(new)
    town.pass_time(8 * DAY)
    assert 'data-recovery="lapsed"' in new.get("/recover/waiting").text
    assert 'data-recovering="' not in browser.get("/code").text
    begin(town.browser())
    assert state_of(town) is RecoveryState.WAITING


def test_a_freeze_of_the_operator_lets_nothing_wait(town: Town, browser: Browser) -> None:
    browser.register()
    freeze_as_operator(town)
    new = town.browser()
    begin(new)
    assert new.page.status_code == 409
    assert "recovery_started" not in kinds(town)


@pytest.mark.parametrize("state", [HolderState.TERMINATED, HolderState.DEREGISTERING])
def test_lifting_the_freeze_gives_back_the_state_before(town: Town, browser: Browser, state: HolderState) -> None:
    browser.register()
    before = holder_of(town)
    assert town.services.store.write(lambda uow: uow.holders.move(before, before.moved_to(state))).value
    freeze(town.browser())
    assert holder_of(town).state is HolderState.FROZEN
    new = town.browser()
    recover(new, pin=PIN)
    assert holder_of(town).state is state
    assert new.page.status_code == 200


def test_the_freeze_of_others_stays_under_a_freeze_that_is_lifted(town: Town, browser: Browser) -> None:
    browser.register()
    frozen = holder_of(town).frozen(FreezeCause.RISK).moved_to(HolderState.DEREGISTERING)
    town.services.store.write(lambda uow: uow.holders.update(frozen))
    freeze(town.browser())
    recover(town.browser(), pin=PIN)
    after = holder_of(town)
    assert after.state is HolderState.DEREGISTERING
    assert after.restored().freeze_cause is FreezeCause.RISK


def test_the_authority_is_dated_when_it_was_asked(town: Town, browser: Browser) -> None:
    browser.register()
    registered = confirmed_on(browser.get("/me").text)
    town.pass_time(20 * DAY)
    new = town.browser()
    begin(new)
    asked = confirmed_on(browser.get("/me").text)
    assert asked
    assert asked != registered
    town.pass_time(3 * DAY)
    finish(new)
    new.set_pin(NEW_PIN)
    assert confirmed_on(new.get("/me").text) == asked
