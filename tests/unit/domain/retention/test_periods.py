"""Periods change within bounds, each of which has a source; the version published last holds once it has begun."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.retention.bounds import BOUNDS, usual_period
from eztong.domain.retention.document import periods_hash, read_periods, render_periods
from eztong.domain.retention.kept import Outlived, Transient
from eztong.domain.retention.version import (
    MOST_AHEAD,
    Periods,
    RetentionInvalid,
    RetentionVersion,
    newest_published,
    parse_periods,
    parse_start,
    periods_at,
)

NOW = datetime(2026, 1, 15, tzinfo=UTC)
DAY = timedelta(days=1)
LONG = Periods({Transient.TICKETS: 2000 * DAY})
VERSION = RetentionVersion(version_id="ret_1", periods=LONG, starts_at=NOW, made_by="li", made_at=NOW)
PROMISED = {
    Transient.MESSAGE_CODES,
    Transient.ENDED_JOBS,
    Transient.NOTICES,
    Transient.SESSIONS,
    Transient.DRAFTS,
    Transient.DEREGISTRATIONS,
    Transient.ENDED_SERVICES,
    Transient.PARTNER_EVENTS,
}
"""What section 5 of the authorisation agreement names."""


def test_what_is_usual_lies_within_its_bounds_and_what_was_promised_has_none() -> None:
    for kind, bounds in BOUNDS.items():
        assert bounds.least <= usual_period(kind) <= bounds.most, kind
        assert (bounds.least % DAY, bounds.most % DAY) == (0 * DAY, 0 * DAY)
    assert not PROMISED & set(BOUNDS)


def test_days_are_taken_within_bounds_and_the_usual_ones_are_no_change() -> None:
    days = {"tickets": 2000, "audit": 183, "traffic": usual_period(Transient.TRAFFIC) // DAY, "partner_contacts": 30}
    periods = parse_periods(days)
    assert periods.changed == {
        Transient.TICKETS: 2000 * DAY,
        Transient.AUDIT: 183 * DAY,
        Outlived.PARTNER_CONTACTS: 30 * DAY,
    }
    assert periods.after(Transient.NOTICES) == usual_period(Transient.NOTICES)
    assert read_periods(render_periods(periods)) == periods
    assert periods_hash(periods) != periods_hash(Periods())


@pytest.mark.parametrize(
    "days", [{"tickets": 1094}, {"tickets": 7301}, {"audit": 182}, {"notices": 1095}, {"none": 9}, {"traffic": 0}]
)
def test_anything_else_is_refused_by_name(days: dict[str, int]) -> None:
    with pytest.raises(RetentionInvalid) as caught:
        parse_periods(days)
    assert [caught.value.name] == list(days)


@pytest.mark.parametrize("text", ["[]", '{"tickets": "1"}', '{"tickets": true}', "x"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"needed|Expecting"):
        read_periods(text)


def test_what_was_stored_before_bounds_changed_stays_within_them() -> None:
    assert Periods({Transient.AUDIT: 1 * DAY}).after(Transient.AUDIT) == BOUNDS[Transient.AUDIT].least
    assert Periods({Transient.NOTICES: 1 * DAY}).after(Transient.NOTICES) == usual_period(Transient.NOTICES)
    assert read_periods('{"notices": 1}') == Periods()


def test_the_version_published_last_holds_from_its_moment_on() -> None:
    first = replace(VERSION, published_at=NOW)
    later = replace(VERSION, version_id="ret_2", periods=Periods(), starts_at=NOW + 9 * DAY, published_at=NOW + DAY)
    held = [periods_at([first, later], now=NOW + days * DAY) for days in (-1, 0, 8, 9)]
    assert held == [Periods(), LONG, LONG, Periods()]
    assert newest_published([first, later, replace(VERSION, version_id="ret_3")]) == later
    assert newest_published([VERSION]) is None
    instead = replace(VERSION, version_id="ret_3", published_at=NOW + 2 * DAY)
    assert periods_at([first, later, instead], now=NOW + 9 * DAY) == LONG, "a later one takes the place of what waits"


def test_a_start_lies_ahead_but_not_far() -> None:
    assert [parse_start(asked, now=NOW) for asked in (None, NOW - DAY, NOW + DAY)] == [NOW, NOW, NOW + DAY]
    with pytest.raises(RetentionInvalid):
        parse_start(NOW + MOST_AHEAD + DAY, now=NOW)


def test_what_is_shorter_is_told_from_what_is_longer() -> None:
    assert (Periods().shortened_by(LONG), LONG.shortened_by(Periods())) == ([], [Transient.TICKETS])
    assert Periods().differing(LONG) == LONG.differing(Periods()) == [Transient.TICKETS]
