"""The invented people's stories that are told on their page: each is walked, here or where its clause is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.events import Actor
from eztong.domain.registration import StepKind
from eztong.ports.act import Acting
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from tests.flows.citizen.browser import Browser, Person, Town

BY: Final = Acting(Actor.OPERATOR, "demo-li")
ELSEWHERE: Final = {
    "P07": "clauses/test_2_8_a_document_that_ends.py",
    "P08": "clauses/test_P_5_a_guardian_acts_for_a_minor.py",
    "P09": "clauses/test_P_5_a_guardian_acts_for_a_minor.py",
    "P10": "clauses/test_P_5_a_guardian_acts_for_a_minor.py",
    "P17": "clauses/test_2_13_leaving_erases_and_coming_back_is_new.py",
    "P22": "clauses/test_2_1_the_service_decides.py",
    "P24": "clauses/test_3_3_corrections.py",
    "P25": "clauses/test_2_7_the_contact_is_the_holders.py",
    "P27": "clauses/test_P_5_a_guardian_acts_for_a_minor.py",
    "P29": "clauses/test_2_11_a_helper_hears_and_never_holds_the_code.py",
    "P30": "clauses/test_2_11_a_helper_hears_and_never_holds_the_code.py",
    "P32": "clauses/test_2_15_evidence_for_disputes.py",
}
"""Where a story is walked, because the clause that it is about is tried with it."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("city"))
    yield town
    town.built.close()


def person(town: Town, key: str) -> Person:
    assert town.built.sandbox is not None
    found = town.built.sandbox.persona(key)
    return Person(found.name, found.number, found.phone)


def be(town: Town, key: str) -> Browser:
    """Become somebody by the button on the page."""
    browser = town.browser()
    browser.get("/sandbox/personas")
    browser.send("/sandbox/personas", persona=key)
    return browser


@pytest.mark.parametrize("key", sorted(ELSEWHERE))
def test_a_story_that_is_walked_elsewhere_is_walked_there(city: Town, key: str) -> None:
    module = (Path(__file__).parents[2] / ELSEWHERE[key]).read_text("utf-8")
    assert key in module
    assert person(city, key).number in module or f'"{key}"' in module


def test_p16_is_frozen_for_risk_which_the_own_proofs_do_not_lift(city: Town) -> None:
    """The account is frozen for risk: it shows nothing, recovery lifts nothing, and a complaint waits for the staff."""
    frozen = person(city, "P16")
    browser = be(city, "P16")
    assert browser.at() == "/register/result"
    browser.get("/code")
    browser.send("/code")
    assert 'data-number="' not in browser.page.text
    browser.get("/recover")
    browser.send("/recover", name=frozen.name, number=frozen.number)
    browser.send("/recover/code", otp=browser.newest_otp(), pin="805217")
    assert browser.at() != "/recover/done"
    browser.get("/code")
    browser.send("/code")
    assert 'data-number="' not in browser.page.text
    browser.get("/feedback")
    page = browser.send("/feedback", kind="complaint", words="请复核冻结").text
    assert 'data-ticket="' in page or 'class="digits"' in page
    with city.services.store.read() as stored:
        assert [ticket.kind.value for ticket in stored.tickets.queue(limit=9).those] == ["complaint"]


def test_p23_is_refused_for_the_device_reads_why_objects_and_a_person_decides(city: Town) -> None:
    browser = be(city, "P23")
    assert browser.at() == "/register/result"
    assert 'data-state="refused"' in browser.page.text
    assert "风险" in browser.page.text
    page = browser.send("/register/appeal", words="这是我自己的手机").text
    assert 'data-state="under_review"' in page
    with city.services.store.read() as stored:
        (holder,) = stored.applications.waiting(limit=9).those
    command = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.APPROVE, words="核对无误")
    review_application(command, by=BY, services=city.services)
    browser.get("/register/result")
    assert 'data-state="refused"' not in browser.page.text
    assert 'data-state="under_review"' not in browser.page.text


def test_p29_is_in_elder_mode_and_lets_p30_help_who_sees_no_data(city: Town) -> None:
    elder, helper = be(city, "P29"), be(city, "P30")
    assert 'class="elder"' in elder.get("/me").text
    elder.get("/me/family/helper")
    page = elder.send("/me/family/helper", act="invite", days="7").text
    digits = page.partition('data-invitation="')[2][:6]
    helper.get("/me/family/helping")
    helper.send("/me/family/helping", digits=digits, understood="yes")
    elder.get("/me/family/helper")
    assert "data-helper" in elder.send("/me/family/helper", act="confirm").text
    page = helper.get("/me/family").text
    assert "测*辈" in page
    assert person(city, "P29").number not in page


def test_p31_switches_one_of_two_partners_off_and_keeps_the_other(city: Town) -> None:
    browser = be(city, "P31")
    assert city.verify(browser.show_code()["number"]) is Outcome.PASSED
    browser.get("/grants")
    browser.send("/grants/partners/hotel", switch="off")
    assert city.verify(browser.show_code()["number"]) != Outcome.PASSED
    page = browser.get("/grants").text
    assert 'name="switch" value="on"' in page
    assert 'name="switch" value="off"' in page, "other partners stay on"
