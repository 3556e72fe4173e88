"""A request that cannot be agreed to says what is true and the next step, with the right status, and tells nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from eztong.domain.claims import Claim
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.ports.sandbox import AuthorityFault
from eztong.usecases.access.find_session import find_session, hash_session
from tests.flows.citizen.browser import TICKS, Browser, Person, Town

HOTEL = PartnerId("hotel")


def holder_id_of(browser: Browser) -> HolderId:
    services = browser.town.services
    token = str(browser.client.cookies.get("ezt_session"))
    with services.store.read() as stored:
        signed_in = find_session(hash_session(token, keys=services.keys), stored=stored, now=services.clock.now())
    return signed_in.holder.holder_id


def set_holder(browser: Browser, state: HolderState) -> None:
    """Put the account into a state as the operator would."""
    holder_id, store = holder_id_of(browser), browser.town.services.store
    with store.read() as stored:
        holder = stored.holders.get(holder_id)
    assert holder is not None
    changed = holder.frozen(FreezeCause.OPERATOR) if state is HolderState.FROZEN else holder.moved_to(state)
    store.write(lambda uow: uow.holders.update(changed))


@pytest.fixture
def asked(browser: Browser, town: Town) -> str:
    """The path of a request, for somebody who is registered and unlocked."""
    browser.register()
    return town.ask(Claim.MASKED_NAME)[1]


def test_a_request_whose_time_is_over_is_gone(asked: str, browser: Browser, town: Town) -> None:
    town.pass_time(601)
    for visitor in (browser, town.browser()):
        page = visitor.get(asked)
        assert page.status_code == 410
        assert 'data-standing="request_expired"' in page.text
        assert "请示例酒店重新发起一次" in page.text


def test_answering_after_the_time_is_over_leads_to_the_same_words(asked: str, browser: Browser, town: Town) -> None:
    browser.get(asked)
    town.pass_time(601)
    page = browser.send(asked, act="refuse")
    assert (page.url.path, page.status_code) == (asked, 410)


def test_a_request_that_somebody_else_answered_tells_nothing_of_it(asked: str, browser: Browser, town: Town) -> None:
    second = town.browser()
    second.register(Person("测一二", "110000199003080023", "19900000002"))
    browser.get(asked)
    browser.send(asked, act="refuse")
    for visitor in (second, town.browser()):
        page = visitor.get(asked)
        assert page.status_code == 409
        assert 'data-standing="request_finished"' in page.text
        assert "拒绝了" not in page.text
        assert ("登录看回执" in page.text) is (visitor is not second)


def test_a_suspended_partner_gets_no_answer(asked: str, browser: Browser, town: Town) -> None:
    browser.get(asked)
    town.services.store.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.SUSPENDED))
    page = browser.send(asked, act="refuse")
    assert page.status_code == 409
    assert 'data-standing="asker_not_approved"' in page.text


def test_a_frozen_account_is_led_to_recover_and_may_still_refuse(asked: str, browser: Browser) -> None:
    set_holder(browser, HolderState.FROZEN)
    page = browser.get(asked)
    assert page.status_code == 409
    assert 'data-standing="holder_frozen"' in page.text
    assert 'href="/recover"' in page.text
    assert 'data-outcome="declined"' in browser.send(asked, act="refuse").text


def test_a_restricted_account_hears_that_the_scene_needs_more_only_where_it_does(
    asked: str, browser: Browser, town: Town
) -> None:
    town.mark(browser)
    assert browser.get(asked).status_code == 200
    _, demanding = town.ask(partner="esign", scene="contract_signing")
    page = browser.get(demanding)
    assert page.status_code == 409
    assert 'data-standing="holder_restricted"' in page.text


def test_a_partner_that_is_switched_off_can_be_switched_on_from_its_request(
    asked: str, browser: Browser, town: Town
) -> None:
    holder_id, now = holder_id_of(browser), town.services.clock.now()
    town.services.store.write(lambda uow: uow.grants.set_switch(holder_id, HOTEL, on=False, now=now))
    page = browser.get(asked)
    assert page.status_code == 409
    assert 'data-standing="partner_switched_off"' in page.text
    assert 'href="/grants"' in page.text
    browser.get("/grants")
    browser.send("/grants/partners/hotel", switch="on")
    assert browser.get(asked).status_code == 200


def test_who_has_not_accepted_the_newer_agreement_does_so_and_is_back_at_the_request(
    asked: str, browser: Browser, town: Town
) -> None:
    with closing(sqlite3.connect(town.built.settings.database_file)) as database, database:
        database.execute("UPDATE agreements SET version = '99.0', change_class = 'A' WHERE kind = 'authorisation'")
    page = browser.get(asked)
    assert page.status_code == 403
    assert 'data-standing="agreement_not_accepted"' in page.text
    browser.get("/register")
    assert browser.send("/register", **TICKS).url.path == asked


def test_who_registered_halfway_goes_on_and_comes_back(browser: Browser, town: Town) -> None:
    _, path = town.ask()
    browser.bind_phone()
    page = browser.get(path)
    assert page.status_code == 409
    assert 'data-standing="holder_not_active"' in page.text
    browser.get("/register/identity")
    browser.send("/register/identity", name="测一一", number="11000019900307001X")
    browser.get(f"/unlock/setup?next={path}")
    assert path in browser.page.text


def test_an_authority_that_is_away_is_not_needed(asked: str, browser: Browser, town: Town) -> None:
    assert town.built.sandbox is not None
    town.built.sandbox.set_fault(AuthorityFault.DOWN)
    request, path = town.ask()
    browser.get(path)
    assert 'data-outcome="passed"' in browser.send(path, act="agree", match=str(request.match_number)).text
    assert browser.get(asked).status_code == 200
