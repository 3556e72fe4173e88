"""A used code tried again: refused, listed once, warned of once and three times an hour at most (clause 2.11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.flows.citizen.browser import Browser, Town
from tests.flows.codes.asker import Asker, rows, warnings


@pytest.fixture
def hotel(town: Town) -> Asker:
    return Asker(town)


@pytest.fixture
def thief(hotel: Asker) -> Asker:
    return replace(hotel, desk="front-2")


@pytest.fixture
def holder(browser: Browser) -> Browser:
    browser.register()
    return browser


def used(holder: Browser, hotel: Asker) -> str:
    """Use a fresh code."""
    digits = holder.show_code()["number"]
    hotel.verify(digits)
    return digits


def test_however_many_try_a_used_code_its_holder_is_warned_once(
    town: Town, holder: Browser, hotel: Asker, thief: Asker
) -> None:
    digits = used(holder, hotel)
    others = [thief, replace(hotel, desk="front-1"), replace(hotel, partner="library"), replace(hotel, key="other")]
    for other in others * 3:
        assert other.refused(digits) == "code_already_used"
    assert warnings(town) == 1


def test_a_thousand_replays_leave_one_row_for_each_place(
    town: Town, holder: Browser, hotel: Asker, thief: Asker
) -> None:
    digits = used(holder, hotel)
    thief.refused(digits)
    before = rows(town)
    for _ in range(1_000):
        assert thief.refused(digits) == "code_already_used"
    assert rows(town) == before
    replace(hotel, partner="library").refused(digits)
    after = rows(town)
    changed = {name for name, count in after.items() if count != before[name]}
    assert changed == {"code_attempts", "batches", "row_seals"}
    assert after["batches"] == before["batches"] + 1
    assert after["row_seals"] == before["row_seals"] + 1
    assert after["code_attempts"] == before["code_attempts"] + 1


def test_no_hour_brings_more_than_three_warnings(town: Town, holder: Browser, hotel: Asker, thief: Asker) -> None:
    sent: list[tuple[int, int]] = []
    for minutes in (0, 10, 20, 30, 59, 61, 62, 71, 72, 200):
        town.pass_time(60 * (minutes - (sent[-1][0] if sent else 0)))
        holder.unlock()
        thief.refused(used(holder, hotel))
        sent.append((minutes, warnings(town)))
    assert [count for _, count in sent] == [1, 2, 3, 3, 3, 4, 4, 5, 5, 6]


def test_after_the_codes_life_nobody_is_warned_whoever_tries(
    town: Town, holder: Browser, hotel: Asker, thief: Asker
) -> None:
    digits = used(holder, hotel)
    town.pass_time(60)
    for other in (hotel, thief):
        assert other.refused(digits) == "code_already_used"
    town.pass_time(23 * 3600)
    assert thief.refused(digits) == "code_already_used"
    assert warnings(town) == 0


@pytest.mark.parametrize("why", ["code_expired", "code_cancelled"])
def test_any_refused_try_again_at_one_place_is_listed_once(
    town: Town, holder: Browser, hotel: Asker, thief: Asker, why: str
) -> None:
    digits = holder.show_code()["number"]
    if why == "code_expired":
        town.pass_time(61)
    else:
        holder.show_code()
    before = rows(town)["code_attempts"]
    for asker in (hotel, hotel, thief, thief, thief, hotel):
        assert asker.refused(digits) == why
    assert rows(town)["code_attempts"] == before + 2
    page = holder.get("/records").text
    assert page.count("尝试被拒绝") >= 2
