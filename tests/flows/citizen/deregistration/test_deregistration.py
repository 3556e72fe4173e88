"""Deregistration on the pages: what will happen is said first, one press begins it, one undoes it (2.13)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.events import Actor
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.restrictions.mark import Ceiling
from eztong.ports.act import RISK, Acting
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.restrictions.restrict_for_staff import RestrictHolder, StaffReason, restrict_holder
from eztong.usecases.vault import phone_index
from tests.flows.citizen.browser import ANYBODY, Browser, Town
from tests.flows.citizen.recovery.test_contacts_after_a_theft import otp_to

HOUR = 3600
NEW_PHONE = "19900000099"
HELD = "您的账户有核查还没有办结"


def ask(browser: Browser) -> tuple[str, str]:
    browser.get("/me/deregister")
    page = browser.send("/me/deregister", understood="yes")
    number, secret = re.findall(r'<dd class="digits"[^>]*>([0-9A-Z ]+)</dd>', page.text)
    return number, secret


def test_the_page_says_what_will_happen_and_asks_for_a_proof_first(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(HOUR)
    page = browser.get("/me/deregister").text
    assert "72 小时内可以撤回" in page
    assert "没有未了结的事项" in page
    assert 'href="/unlock?next=/me/deregister"' in page
    assert 'name="understood"' not in page


def test_without_the_tick_nothing_begins(browser: Browser, town: Town) -> None:
    browser.register()
    browser.get("/me/deregister")
    refused = browser.send("/me/deregister")
    assert "还没有提交" in refused.text
    assert town.accounts_in(HolderState.DEREGISTERING) == 0


def test_a_form_that_is_sent_twice_begins_once(browser: Browser) -> None:
    browser.register()
    browser.get("/me/deregister")
    form = browser.hidden()
    browser.send("/me/deregister", understood="yes")
    browser.send("/me/deregister", **form, understood="yes")
    assert browser.at() == "/me/deregister"
    assert 'data-deregistration="cooling"' in browser.page.text


def test_it_is_undone_where_it_was_asked_for(browser: Browser, town: Town) -> None:
    browser.register()
    ask(browser)
    assert 'href="/me/deregister"' in browser.get("/me").text
    assert "正在注销" in browser.page.text
    browser.get("/me/deregister")
    browser.send("/me/deregister/undo")
    assert browser.at() == "/me"
    assert town.accounts_in(HolderState.ACTIVE) == 1
    again = browser.send("/me/deregister/undo")
    assert again.status_code == 409


def test_a_frozen_account_proves_itself_here_and_nowhere_else(browser: Browser, town: Town) -> None:
    browser.register()
    with town.services.store.read() as stored:
        (holder,) = stored.holders.by_phone_index(_phone(town))
    frozen = holder.frozen(FreezeCause.OPERATOR)
    town.services.store.write(lambda uow: uow.holders.update(frozen))
    town.pass_time(HOUR)
    assert browser.get("/unlock?next=/code").status_code == 409
    browser.get("/unlock?next=/me/deregister")
    browser.send("/unlock", pin="805217")
    assert browser.at() == "/me/deregister"
    assert HELD in browser.page.text
    ask(browser)
    assert town.accounts_in(HolderState.DEREGISTERING) == 1


@pytest.mark.parametrize(("reason", "says"), [(StaffReason.MISUSE, True), (StaffReason.DATA_DOUBT, False)])
def test_a_limit_that_is_a_case_is_said_before_anybody_asks(
    browser: Browser, town: Town, reason: StaffReason, *, says: bool
) -> None:
    browser.register()
    command = RestrictHolder(number=ANYBODY.number, reason=reason, ceiling=Ceiling.NONE)
    restrict_holder(command, by=Acting(Actor.OPERATOR, "demo-wang"), services=town.services)
    page = browser.get("/me/deregister").text
    assert (HELD in page) is says


def test_number_and_secret_alone_bring_it_up_and_wrong_ones_nothing(browser: Browser, town: Town) -> None:
    browser.register()
    number, secret = ask(browser)
    other = town.browser(language="en")
    other.get("/deregistration/status")
    assert "under this number and secret" in other.send("/deregistration/status", number=number, secret="0" * 16).text
    assert "you can still undo it" in other.send("/deregistration/status", number=number, secret=secret.lower()).text
    assert other.send("/deregistration/receipt").status_code == 404
    other.get("/feedback/status")
    shown = other.send("/feedback/status", number=number, secret=secret)
    assert 'action="/deregistration/status"' in shown.text
    other.send("/deregistration/status")
    assert 'data-deregistration="cancelled"' in other.send("/deregistration/undo").text
    other.get("/deregistration/status")
    assert 'data-deregistration="cancelled"' in other.send("/deregistration/undo", number=number, secret=secret).text
    assert other.page.status_code == 409
    for path in ("/deregistration/undo", "/deregistration/receipt"):
        other.get("/deregistration/status")
        assert other.send(path, number="1", secret="").status_code == 404


@pytest.mark.parametrize(("way", "why"), [("both", "手机号刚更换过"), ("matched", "手机号正在更换")])
def test_who_changes_the_phone_reads_first_that_it_waits_and_why(
    browser: Browser, town: Town, way: str, why: str
) -> None:
    browser.register()
    town.pass_time(61)
    browser.get("/me/phone")
    browser.send("/me/phone", phone=NEW_PHONE, way=way, act="ask")
    who = {"name": ANYBODY.name, "number": ANYBODY.number}
    proof = {"otp_old": otp_to(browser, ANYBODY.phone)} if way == "both" else who
    browser.send("/me/phone/code", otp_new=otp_to(browser, NEW_PHONE), **proof)
    told = browser.get("/me/deregister").text
    assert told.index(why) < told.index('id="effects"')
    assert 'name="understood"' not in told
    assert '<a href="/me">' in told


def test_whoever_writes_to_deregister_from_the_account_is_led_to_it(browser: Browser) -> None:
    browser.register()
    browser.get("/feedback?kind=deregistration")
    browser.send("/feedback", kind="deregistration", words="注销")
    assert browser.at() == "/me/deregister"


def test_a_deregistration_that_lies_under_a_freeze_is_shown_as_it_stands(browser: Browser, town: Town) -> None:
    browser.register()
    ask(browser)
    with town.services.store.read() as stored:
        (holder,) = stored.holders.by_phone_index(_phone(town))
    freeze = FreezeHolder(holder_id=holder.holder_id, cause=FreezeCause.RISK, channel="test")

    assert town.services.perform(RISK, freeze_holder, freeze).is_leaving


def _phone(town: Town) -> bytes:

    return phone_index(ANYBODY.phone, keys=town.services.keys)
