"""Freezing without signing in, recovering, and lifting the own freeze."""

from __future__ import annotations

import re
from http import HTTPStatus

import pytest

from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.ports.act import OPERATOR
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.vault import phone_index
from tests.flows.citizen.access.test_sign_in import told
from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Person, Town
from tests.simulators.outside.authenticator import Authenticator, give_passkey

NOBODY = Person("测一二", "110000199003080023")
WAIT = re.compile(r"(\d+) 秒")
SLOWLY = 45
"""Seconds by which two walks may differ on a machine with other work."""


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


def holder_of(town: Town, phone: str = ANYBODY.phone) -> Holder:
    with town.services.store.read() as stored:
        return stored.holders.by_phone_index(phone_index(phone, keys=town.services.keys))[-1]


def kinds(town: Town) -> list[str]:
    """What happened to the account, newest first."""
    with town.services.store.read() as stored:
        return [event.kind for event in stored.holders.events(holder_of(town).holder_id)]


def confirmed_on(page: str) -> set[str]:
    """The dates on which the authority confirmed name and number, as the page says."""
    return set(re.findall(r"来自身份机构 · (\d{4}年\d+月\d+日)", page))


def press_passkey(browser: Browser, action: str, passkey: Authenticator, **typed: str) -> dict[str, str]:
    """Do what passkey.js does on the page that is open, with the form's fields."""
    fields = browser.hidden() | typed
    given = browser.client.post(f"{action}/options", data={"csrf": fields["csrf"]}).json()
    sent = fields | {"credential": passkey.sign(given["options"])}
    answer: dict[str, str] = browser.client.post(action, data=sent).json()
    return answer


def freeze_as_operator(town: Town) -> None:
    services = town.services
    command = FreezeHolder(holder_id=holder_of(town).holder_id, cause=FreezeCause.OPERATOR, channel="console")
    services.perform(OPERATOR, freeze_holder, command)


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
    pages, waits = [], []
    for person in (ANYBODY, nobody):
        one = town.browser()
        claim(one, path, person, reason="pause")
        first = one.page
        wrong = [one.send(f"{path}/code", otp="000000", pin=PIN) for _ in range(6)]
        texts = [(answer.status_code, told(answer.text)) for answer in (first, *wrong)]
        waits.append([int(seconds) for _, text in texts for seconds in WAIT.findall(text)])
        pages.append([(status, WAIT.sub("", text)) for status, text in texts])
    assert pages[0] == pages[1]
    assert waits[0] == pytest.approx(waits[1], abs=SLOWLY)


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
    assert new.at() == "/recover/done"
    assert "账户找回了" in new.page.text
    assert 'href="/records"' in new.page.text
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


def test_the_passkey_of_the_account_recovers_at_once_and_stays_alone(town: Town, browser: Browser) -> None:
    browser.register()
    other = give_passkey(town.services, holder_of(town))
    mine = give_passkey(town.services, holder_of(town))
    freeze(town.browser())
    new = town.browser()
    claim(new, "/recover")
    answer = press_passkey(new, "/recover/passkey", mine, otp=new.newest_otp())
    assert answer == {"next": "/recover/done"}
    assert holder_of(town).state is HolderState.ACTIVE
    assert town.verify(new.show_code()["number"]) == "passed"
    with town.services.store.read() as stored:
        (kept,) = stored.passkeys.list(holder_of(town).holder_id)
    assert kept.credential_id == mine.credential_id != other.credential_id


def test_a_passkey_of_somebody_else_recovers_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(61)
    town.browser().register(Person(NOBODY.name, NOBODY.number, "19900000002"))
    theirs = give_passkey(town.services, holder_of(town, "19900000002"))
    new = town.browser()
    claim(new, "/recover")
    answer = press_passkey(new, "/recover/passkey", theirs, otp=new.newest_otp())
    assert "problem" in answer
    new.get("/me")
    assert new.at() == "/sign-in"


def test_a_passkey_without_the_message_code_recovers_nothing(town: Town, browser: Browser) -> None:
    browser.register()
    mine = give_passkey(town.services, holder_of(town))
    new = town.browser()
    claim(new, "/recover")
    assert "problem" in press_passkey(new, "/recover/passkey", mine, otp="000000")


def test_the_date_of_the_authority_stays_when_the_pin_recovers(town: Town, browser: Browser) -> None:
    browser.register()
    registered = confirmed_on(browser.get("/me").text)
    town.pass_time(30 * 24 * 3600)
    new = town.browser()
    recover(new, pin=PIN)
    assert confirmed_on(new.get("/me").text) == registered


def test_the_right_pin_after_four_wrong_ones_locks_nothing_in_the_log(town: Town, browser: Browser) -> None:
    browser.register()
    for wrong in range(4):
        browser.unlock(f"80521{wrong}")
    browser.unlock()
    assert "pin_locked" not in kinds(town)
    for wrong in range(5):
        browser.unlock(f"80521{wrong}")
    assert kinds(town).count("pin_locked") == 1


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
