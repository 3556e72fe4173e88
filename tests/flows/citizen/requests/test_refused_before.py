"""Who refused a question is not asked the same again for a while, and the partner cannot tell (clause 2.3)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Verification
from eztong.domain.partners.partner import PartnerState
from eztong.domain.requests.request import Request, RequestState
from tests.flows.citizen.browser import Browser, Person, Town
from tests.simulators.due_work import decline_due_refusals

OTHER = Person("测一二", "110000199003080023", "19900000002")
DAY = 86_400


@pytest.fixture
def refused(browser: Browser, town: Town) -> Verification:
    """A holder who has just refused the hotel's question."""
    browser.register()
    request, path = town.ask(Claim.AGE_OVER_18)
    browser.get(path)
    browser.send(path, act="refuse")
    return verification_of(request, town)


def stored_of(request: Request, town: Town) -> Request:
    with town.services.store.read() as stored:
        found = stored.requests.get(request.partner_id, request.request_id)
    assert found is not None
    return found


def verification_of(request: Request, town: Town) -> Verification:
    finished = stored_of(request, town)
    assert finished.verification_id is not None
    with town.services.store.read() as stored:
        found = stored.verifications.get(request.partner_id, finished.verification_id)
    assert found is not None
    return found


def pass_a_minute(town: Town) -> int:
    town.pass_time(61)
    return decline_due_refusals(services=town.services).done


def test_the_same_question_is_declined_without_the_holder_and_looks_like_any_refusal(
    refused: Verification, browser: Browser, town: Town
) -> None:
    request, path = town.ask(Claim.AGE_OVER_18)
    page = browser.get(path).text
    assert 'data-standing="refused_before"' in page
    assert "您在" in page, "the holder reads when"
    assert stored_of(request, town).state is RequestState.DOING
    assert decline_due_refusals(services=town.services).done == 0, "not at once: no person is so quick"
    assert pass_a_minute(town) == 1
    found = verification_of(request, town)
    assert found.reason == "refused_before"
    assert refused.reason is None

    def partner_sees(one: Verification) -> str:
        assert one.result is not None
        return re.sub(r'"(at|id|request)":"[^"]*"', "", one.result.decode())

    assert partner_sees(found) == partner_sees(refused)
    assert 'data-outcome="declined"' in browser.get(path).text
    assert pass_a_minute(town) == 0


def test_the_holder_may_choose_to_answer_and_agreeing_ends_the_rest(
    refused: Verification, browser: Browser, town: Town
) -> None:
    assert refused.reason is None
    request, path = town.ask(Claim.AGE_OVER_18)
    browser.get(path)
    browser.send(path, act="take_up")
    assert 'name="match"' in browser.page.text
    assert pass_a_minute(town) == 0
    browser.get(path)
    assert 'data-outcome="passed"' in browser.send(path, act="agree", match=str(request.match_number)).text
    _, path = town.ask(Claim.AGE_OVER_18)
    assert 'name="match"' in browser.get(path).text


@pytest.mark.parametrize(
    ("claims", "partner", "scene"),
    [
        ((), "hotel", "hotel_check_in"),
        ((Claim.AGE_OVER_16,), "hotel", "hotel_check_in"),
        ((Claim.AGE_OVER_18,), "game", "game_age_check"),
    ],
)
def test_another_question_is_asked(
    claims: tuple[Claim, ...], partner: str, scene: str, refused: Verification, browser: Browser, town: Town
) -> None:
    assert refused.reason is None
    _, path = town.ask(*claims, partner=partner, scene=scene)
    assert 'name="match"' in browser.get(path).text


def test_another_holder_is_asked(refused: Verification, town: Town) -> None:
    assert refused.reason is None
    second = town.browser()
    second.register(OTHER)
    _, path = town.ask(Claim.AGE_OVER_18)
    assert 'name="match"' in second.get(path).text


def test_the_rest_ends_after_seven_days_and_what_was_declined_by_itself_makes_it_no_longer(
    refused: Verification, browser: Browser, town: Town
) -> None:
    assert refused.reason is None
    town.pass_time(6 * DAY)
    browser.unlock()
    request, path = town.ask(Claim.AGE_OVER_18)
    assert 'data-standing="refused_before"' in browser.get(path).text
    assert pass_a_minute(town) == 1
    assert verification_of(request, town).reason == "refused_before"
    town.pass_time(DAY)
    browser.unlock()
    _, path = town.ask(Claim.AGE_OVER_18)
    assert 'name="match"' in browser.get(path).text


def test_a_wrong_number_is_no_refusal(browser: Browser, town: Town) -> None:
    browser.register()
    request, path = town.ask(Claim.AGE_OVER_18)
    browser.get(path)
    browser.send(path, act="agree", match=str(request.match_number % 90 + 10))
    assert verification_of(request, town).reason == "match_number_wrong"
    _, path = town.ask(Claim.AGE_OVER_18)
    assert 'name="match"' in browser.get(path).text


def test_a_partner_that_is_suspended_meanwhile_gets_no_answer(
    refused: Verification, browser: Browser, town: Town
) -> None:
    request, path = town.ask(Claim.AGE_OVER_18)
    browser.get(path)
    town.services.store.write(lambda uow: uow.partners.set_state(refused.partner_id, PartnerState.SUSPENDED))
    assert pass_a_minute(town) == 0
    assert stored_of(request, town).verification_id is None
