"""Recoveries that wait: when they may begin, be stopped and be completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.identifiers import HolderId
from eztong.domain.recovery import (
    DEFAULT_WAIT,
    LAPSE,
    PAUSE,
    Recovery,
    RecoveryNotDue,
    RecoveryOver,
    RecoveryPaused,
    RecoveryState,
    check_may_complete,
    check_may_wait,
)
from tests.simulators.batches import NOW

SECOND = timedelta(seconds=1)
WAITING = Recovery(
    holder_id=HolderId("hld_1"),
    recovery_id="rcv_1",
    state=RecoveryState.WAITING,
    session_hash=b"",
    stop_hash=b"",
    device_label="browser",
    started_at=NOW,
    due_at=NOW + DEFAULT_WAIT,
)


def ended(state: RecoveryState) -> Recovery:
    return replace(WAITING, state=state, ended_at=NOW)


def test_it_waits_a_day_unless_the_operator_says_otherwise() -> None:
    assert timedelta(hours=24) == DEFAULT_WAIT


def test_it_is_completed_when_its_time_has_come_and_not_a_second_before() -> None:
    with pytest.raises(RecoveryNotDue):
        check_may_complete(WAITING, now=WAITING.due_at - SECOND)
    assert check_may_complete(WAITING, now=WAITING.due_at) is WAITING


def test_nobody_comes_for_it_long_after() -> None:
    check_may_complete(WAITING, now=WAITING.due_at + LAPSE - SECOND)
    assert not WAITING.is_waiting(now=WAITING.due_at + LAPSE)
    with pytest.raises(RecoveryOver):
        check_may_complete(WAITING, now=WAITING.due_at + LAPSE)


@pytest.mark.parametrize("state", set(RecoveryState) - {RecoveryState.WAITING})
def test_what_has_ended_is_never_completed(state: RecoveryState) -> None:
    with pytest.raises(RecoveryOver):
        check_may_complete(ended(state), now=WAITING.due_at)


def test_without_any_nothing_is_completed() -> None:
    with pytest.raises(RecoveryOver):
        check_may_complete(None, now=NOW)


def test_after_a_veto_none_may_wait_for_a_while() -> None:
    stopped = ended(RecoveryState.STOPPED)
    with pytest.raises(RecoveryPaused) as refused:
        check_may_wait(stopped, stolen_at=None, now=NOW + PAUSE - SECOND)
    assert refused.value.retry_after == 2
    check_may_wait(stopped, stolen_at=None, now=NOW + PAUSE)


def test_a_freeze_for_a_theft_is_a_veto_and_the_later_one_counts() -> None:
    with pytest.raises(RecoveryPaused) as refused:
        check_may_wait(ended(RecoveryState.STOPPED), stolen_at=NOW + SECOND * 10, now=NOW + PAUSE + SECOND)
    assert refused.value.retry_after == 10
    check_may_wait(None, stolen_at=NOW, now=NOW + PAUSE)


@pytest.mark.parametrize("state", set(RecoveryState) - {RecoveryState.STOPPED})
def test_only_a_veto_makes_others_wait(state: RecoveryState) -> None:
    check_may_wait(ended(state), stolen_at=None, now=NOW)
    check_may_wait(None, stolen_at=None, now=NOW)
