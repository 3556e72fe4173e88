"""The reserve code: whatever strangers spend, a browser that nobody knows gets in with the holder's messages."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from tests.flows.citizen.access.test_message_codes import LOST, MINUTE, OTHER_NAME, OUTSIDE, SIGN_IN, Journey
from tests.flows.citizen.browser import Browser, Town


@pytest.fixture
def holder(town: Town) -> Browser:
    """The holder's own browser; a minute has passed since the registration."""
    browser = town.browser()
    browser.register()
    town.pass_time(MINUTE)
    return browser


def spend_all(town: Town, journey: Journey) -> str:
    """Spend what strangers have, and return the reserve code that the holder's phone was told."""
    stranger = town.browser()
    for _ in range(26):
        stranger = town.browser()
        journey.send(stranger)
    return stranger.newest_otp()


@OUTSIDE
def test_when_strangers_spent_all_they_can_a_strange_browser_of_the_holder_passes_with_the_reserve_code(
    holder: Browser, journey: Journey
) -> None:
    reserve = spend_all(holder.town, journey)
    assert len(reserve) == 12
    fresh = holder.town.browser()
    journey.send(fresh)
    assert fresh.page.status_code == HTTPStatus.OK
    assert "12 位" in fresh.page.text
    assert "5 分钟" not in fresh.page.text, "a page says one thing of how long a code works"
    assert journey.type(fresh, reserve) == HTTPStatus.OK


def test_a_reserve_code_ends_with_its_use_and_the_next_one_is_another(holder: Browser) -> None:
    town = holder.town
    reserve = spend_all(town, SIGN_IN)
    first, second = town.browser(), town.browser()
    for one in (first, second):
        SIGN_IN.send(one)
    assert SIGN_IN.type(first, reserve) == HTTPStatus.OK
    assert SIGN_IN.type(second, reserve) != HTTPStatus.OK
    third = town.browser()
    SIGN_IN.send(third)
    assert third.newest_otp() != reserve
    assert SIGN_IN.type(third, reserve) != HTTPStatus.OK
    assert SIGN_IN.type(third, third.newest_otp()) == HTTPStatus.OK


def test_a_reserve_code_ends_at_midnight_and_serves_no_other_purpose(holder: Browser) -> None:
    town = holder.town
    reserve = spend_all(town, SIGN_IN)
    assert spend_all(town, LOST) != reserve
    fresh = town.browser()
    LOST.send(fresh)
    assert LOST.type(fresh, reserve) != HTTPStatus.OK
    town.pass_time(24 * 3600)
    again = town.browser()
    SIGN_IN.send(again)
    assert SIGN_IN.type(again, reserve) != HTTPStatus.OK


@OUTSIDE
def test_nobody_s_data_look_the_same_when_all_messages_are_spent(holder: Browser, journey: Journey) -> None:
    pages = []
    for _ in range(25):
        stranger = holder.town.browser()
        journey.send(stranger, OTHER_NAME)
        pages.append(stranger.page)
    assert {page.status_code for page in pages} == {HTTPStatus.OK}
    assert "12 位" in pages[-1].text
