"""Where an incident stands follows from its times; what cannot be meant is refused (2.12, 4.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.incidents.incident import (
    MAX_WORDS,
    MOST_AHEAD,
    PLANNED,
    SHOWN_AHEAD,
    Affected,
    Bilingual,
    Incident,
    IncidentKind,
    IncidentTimesInvalid,
    IncidentWordsInvalid,
    Origin,
    Phase,
    check_times,
    parse_bilingual,
)

NOW = datetime(2026, 1, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
OUTAGE = Incident(
    incident_id="inc_1",
    kind=IncidentKind.OTHER,
    origin=Origin.OPERATOR,
    affects=(Affected.ALL,),
    effect=Bilingual("中断", "down"),
    workaround=None,
    starts_at=NOW,
    created_at=NOW,
)
WORK = replace(OUTAGE, kind=IncidentKind.UPGRADE, starts_at=NOW + HOUR, until=NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("incident", "at", "phase"),
    [
        (OUTAGE, NOW, Phase.OPEN),
        (replace(OUTAGE, until=NOW + HOUR), NOW + 9 * HOUR, Phase.OPEN),
        (replace(OUTAGE, ended_at=NOW), NOW, Phase.ENDED),
        (WORK, NOW, Phase.ANNOUNCED),
        (WORK, NOW + HOUR - TICK, Phase.ANNOUNCED),
        (WORK, NOW + HOUR, Phase.OPEN),
        (WORK, NOW + 2 * HOUR - TICK, Phase.OPEN),
        (WORK, NOW + 2 * HOUR, Phase.ENDED),
        (replace(WORK, ended_at=NOW), NOW + HOUR, Phase.CALLED_OFF),
        (replace(WORK, ended_at=NOW + HOUR), NOW + HOUR, Phase.ENDED),
    ],
)
def test_times_alone_say_where_it_stands(incident: Incident, at: datetime, phase: Phase) -> None:
    assert incident.phase(at) is phase


def test_planned_work_ends_by_its_time_and_an_outage_by_a_word_alone() -> None:
    assert WORK.end(NOW + 9 * HOUR) == WORK.until
    assert replace(OUTAGE, until=NOW + HOUR).end(NOW + 9 * HOUR) is None


def test_planned_work_is_shown_some_days_ahead_and_an_outage_while_it_is_open() -> None:
    far = replace(WORK, starts_at=NOW + SHOWN_AHEAD, until=NOW + SHOWN_AHEAD + HOUR)
    assert (far.is_shown(NOW - TICK), far.is_shown(NOW)) == (False, True)
    assert (OUTAGE.is_shown(NOW), replace(OUTAGE, ended_at=NOW).is_shown(NOW)) == (True, False)


@pytest.mark.parametrize(
    ("kind", "start", "until"),
    [
        (IncidentKind.OTHER, NOW, None),
        (IncidentKind.OTHER, NOW - HOUR, NOW + HOUR),
        (IncidentKind.OTHER, NOW - HOUR, NOW - TICK),
        (IncidentKind.UPGRADE, NOW + HOUR, NOW + 2 * HOUR),
        (IncidentKind.MAINTENANCE, NOW - HOUR, NOW + TICK),
        (IncidentKind.MAINTENANCE, NOW + MOST_AHEAD, NOW + 2 * MOST_AHEAD),
    ],
)
def test_times_that_can_be_meant_pass(kind: IncidentKind, start: datetime, until: datetime | None) -> None:
    check_times(kind, start, until, now=NOW)


@pytest.mark.parametrize(
    ("kind", "start", "until"),
    [
        (IncidentKind.OTHER, NOW + TICK, None),
        (IncidentKind.OTHER, NOW, NOW),
        (IncidentKind.OTHER, NOW, NOW + MOST_AHEAD + TICK),
        (IncidentKind.UPGRADE, NOW + HOUR, None),
        (IncidentKind.UPGRADE, NOW + HOUR, NOW + HOUR),
        (IncidentKind.MAINTENANCE, NOW - HOUR, NOW),
        (IncidentKind.MAINTENANCE, NOW + MOST_AHEAD + TICK, NOW + MOST_AHEAD + HOUR),
    ],
)
def test_times_that_cannot_be_meant_are_refused(kind: IncidentKind, start: datetime, until: datetime | None) -> None:
    with pytest.raises(IncidentTimesInvalid):
        check_times(kind, start, until, now=NOW)


def test_a_text_comes_in_both_languages_without_white_space_around_it() -> None:
    said = parse_bilingual(" 中断 ", "down\n")
    assert (said.in_language("zh-CN"), said.in_language("en"), said.in_language("fr")) == ("中断", "down", "中断")
    assert parse_bilingual("字" * MAX_WORDS, "x").zh == "字" * MAX_WORDS


@pytest.mark.parametrize("wrong", ["", " ", "x" * (MAX_WORDS + 1), "a\nb", "a\x1b[31m", "a\x9bb", "a\x7f"])
def test_a_text_that_is_missing_too_long_or_steers_a_screen_is_refused(wrong: str) -> None:
    for zh, en in ((wrong, "fine"), ("可以", wrong)):
        with pytest.raises(IncidentWordsInvalid):
            parse_bilingual(zh, en)


def test_maintenance_and_upgrades_are_planned_and_nothing_else() -> None:
    assert {kind for kind in IncidentKind if replace(OUTAGE, kind=kind).is_planned} == PLANNED
