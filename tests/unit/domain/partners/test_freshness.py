"""How old the authority's last word may be for a scene, and what happens beyond that."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from eztong.domain.holder import Assurance
from eztong.domain.partners.freshness import (
    MOST_DAYS,
    SPARE_DAYS,
    Confirmation,
    Freshness,
    WhenOld,
    default_freshness,
    judge_confirmation,
    unconfirmed_since,
)

NOW = datetime(2026, 1, 15, 1, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("rule", "age", "judged"),
    [
        (Freshness(30, WhenOld.STALE), timedelta(days=30), None),
        (Freshness(30, WhenOld.STALE), timedelta(days=30) + MOMENT, Confirmation.STALE),
        (Freshness(30, WhenOld.UNAVAILABLE), timedelta(days=30), None),
        (Freshness(30, WhenOld.UNAVAILABLE), timedelta(days=30) + MOMENT, Confirmation.TOO_OLD),
        (Freshness(0, WhenOld.UNAVAILABLE), timedelta(days=9999), None),
        (Freshness(30, WhenOld.UNAVAILABLE), -MOMENT, None),
    ],
)
def test_the_limit_decides_to_the_moment(rule: Freshness, age: timedelta, judged: Confirmation | None) -> None:
    assert judge_confirmation(NOW - age, rule, now=NOW) is judged


@pytest.mark.parametrize("months", [1, 12, 120])
@pytest.mark.parametrize("floor", Assurance)
def test_whoever_was_asked_about_in_time_is_never_old_by_default(floor: Assurance, months: int) -> None:
    rule = default_freshness(floor, months=months)
    asked = timedelta(days=min(months * 30 + SPARE_DAYS, MOST_DAYS))
    assert judge_confirmation(NOW - asked, rule, now=NOW) is None
    assert judge_confirmation(NOW - asked - MOMENT, rule, now=NOW) is not None


def test_where_the_authority_is_never_asked_by_itself_there_is_no_limit_by_default() -> None:
    assert {default_freshness(floor, months=0).days for floor in Assurance} == {0}


def test_only_what_demands_most_decides_nothing_from_an_old_word() -> None:
    when_old = {floor: default_freshness(floor, months=12).when_old for floor in Assurance}
    assert when_old == {
        Assurance.LOW: WhenOld.STALE,
        Assurance.SUBSTANTIAL: WhenOld.STALE,
        Assurance.HIGH: WhenOld.UNAVAILABLE,
    }


def test_what_a_partner_is_told_is_the_scenes_day_in_shanghai() -> None:
    late = datetime(2026, 1, 15, 16, tzinfo=UTC)
    assert unconfirmed_since(Freshness(30), now=late) == date(2025, 12, 17)
