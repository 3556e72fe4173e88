"""An unlock lasts three minutes, and no clock prolongs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.access.unlock import STEP_BACK, UNLOCK_LIFE, check_unlocked, is_unlocked
from eztong.domain.errors import Locked

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BIT = timedelta(milliseconds=1)


@pytest.mark.parametrize("until", [NOW + BIT, NOW + UNLOCK_LIFE, NOW + UNLOCK_LIFE + STEP_BACK])
def test_a_fresh_unlock_opens(until: datetime) -> None:
    assert is_unlocked(until, now=NOW)
    check_unlocked(until, now=NOW)


@pytest.mark.parametrize("until", [None, NOW - BIT, NOW, NOW + UNLOCK_LIFE + STEP_BACK + BIT, NOW + timedelta(days=1)])
def test_none_an_old_one_and_one_of_a_clock_that_was_set_back_open_nothing(until: datetime | None) -> None:
    assert not is_unlocked(until, now=NOW)
    with pytest.raises(Locked):
        check_unlocked(until, now=NOW)
