"""A thief's number and mailbox stop no recovery once the theft is told; a link touches no other account's session."""

from __future__ import annotations

from eztong.domain.holder import HolderState
from eztong.domain.notices import Topic
from eztong.usecases.own_notices.tell_uses import tell_uses
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.citizen.notices.test_choices import HERE, give, newest_link, receivers
from tests.flows.citizen.recovery.test_recover import freeze
from tests.flows.citizen.recovery.test_waiting_recovery import PAUSE, SOMEBODY, begin, link_of

THIEF = "19900000099"


def otp_to(browser: Browser, phone: str) -> str:
    browser.town.deliver()
    messages = browser.client.get("/sandbox/inbox?format=json").json()
    return next(str(one["otp"]) for one in messages if (one["topic"], one["phone"]) == ("otp", phone))


def change_phone(browser: Browser) -> None:
    browser.town.pass_time(61)
    browser.get("/me/phone")
    browser.send("/me/phone", phone=THIEF, way="both", act="ask")
    browser.send("/me/phone/code", otp_old=otp_to(browser, ANYBODY.phone), otp_new=otp_to(browser, THIEF))


def test_after_the_theft_is_told_the_recovery_is_the_holders_to_stop_alone(town: Town, browser: Browser) -> None:
    browser.register()
    browser.unlock()
    give(browser)
    proof = newest_link(browser, Topic.EMAIL_PROOF)
    thief = town.browser()
    thief.get(proof)
    thief.send(proof)
    change_phone(browser)
    undo = newest_link(browser, Topic.PHONE_CHANGED)
    owner = town.browser()
    freeze(owner, "account_stolen")
    assert owner.at() == "/frozen"
    assert owner.get(undo).status_code == 409
    town.pass_time(PAUSE)
    begin(owner)
    assert owner.at() == "/recover/waiting"
    assert receivers(owner, Topic.RECOVERY_WAITING) == [ANYBODY.phone]
    assert link_of(town)


def test_a_link_about_another_account_leaves_this_browser_signed_in(town: Town, browser: Browser) -> None:
    browser.register()
    browser.unlock()
    browser.get(HERE)
    browser.send(HERE, act="per_use", switch="on")
    town.verify(browser.show_code()["number"])
    town.pass_time(3)
    tell_uses(services=town.services)
    by_use = newest_link(browser, Topic.CODE_USED)
    change_phone(browser)
    by_number = newest_link(browser, Topic.PHONE_CHANGED)
    other = town.browser()
    other.register(SOMEBODY)
    other.get(by_number)
    other.send(by_number, act="freeze")
    assert (other.at(), town.accounts_in(HolderState.FROZEN)) == ("/frozen", 1)
    assert other.get("/me").url.path == "/me"
    assert other.get(by_use).status_code == 409
    begin_elsewhere(town)
    by_recovery = newest_link(browser, Topic.RECOVERY_WAITING)
    other.get(by_recovery)
    other.send(by_recovery, act="freeze")
    assert other.get("/me").url.path == "/me"


def begin_elsewhere(town: Town) -> None:
    town.pass_time(PAUSE)
    begin(town.browser())


def test_a_link_about_this_account_signs_this_browser_out(browser: Browser) -> None:
    browser.register()
    browser.unlock()
    change_phone(browser)
    link = newest_link(browser, Topic.PHONE_CHANGED)
    browser.get(link)
    before = browser.client.cookies["ezt_session"]
    browser.send(link, act="freeze")
    assert browser.at() == "/frozen"
    assert browser.client.cookies.get("ezt_session") != before
    assert browser.get("/me").url.path == "/sign-in"
