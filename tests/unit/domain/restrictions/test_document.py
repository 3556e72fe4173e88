"""Documents: four reminders on mornings in Shanghai, one for whoever was away for several, and then the end."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from eztong.domain.identity.age import SHANGHAI
from eztong.domain.restrictions.document import expires_at, is_expired, next_due, reminder_due

LAST = date(2026, 6, 30)


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


def test_a_document_is_valid_on_its_last_day_and_not_after() -> None:
    assert not is_expired(LAST, today=LAST)
    assert is_expired(LAST, today=date(2026, 7, 1))
    assert not is_expired(None, today=date(2999, 1, 1))
    assert expires_at(LAST) == shanghai(2026, 7, 1)


@pytest.mark.parametrize(
    ("now", "reminded", "due"),
    [
        (shanghai(2026, 4, 1, 8, 59), None, None),
        (shanghai(2026, 4, 1, 9), None, 90),
        (shanghai(2026, 4, 1, 9), 90, None),
        (shanghai(2026, 5, 31, 9), 90, 30),
        (shanghai(2026, 6, 25), None, 7),
        (shanghai(2026, 6, 25), 90, 7),
        (shanghai(2026, 6, 25), 7, None),
        (shanghai(2026, 6, 30, 8), 7, None),
        (shanghai(2026, 6, 30, 9), 7, 0),
        (shanghai(2026, 6, 30, 23), 0, None),
        (shanghai(2026, 7, 1), 7, None),
    ],
)
def test_the_newest_reminder_whose_morning_has_come_is_due_once(
    now: datetime, reminded: int | None, due: int | None
) -> None:
    assert reminder_due(LAST, reminded=reminded, now=now) == due


@pytest.mark.parametrize(
    ("reminded", "due"),
    [
        (None, shanghai(2026, 4, 1, 9)),
        (90, shanghai(2026, 5, 31, 9)),
        (30, shanghai(2026, 6, 23, 9)),
        (7, shanghai(2026, 6, 30, 9)),
        (0, shanghai(2026, 7, 1)),
    ],
)
def test_what_is_due_next_follows_from_what_went_out(reminded: int | None, due: datetime) -> None:
    assert next_due(LAST, reminded=reminded) == due
