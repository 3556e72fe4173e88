"""A slot is held for a second at most, and who is waited for goes on beside the slots, up to a bound."""

from __future__ import annotations

from threading import Event
from time import monotonic, sleep

import pytest

from eztong.adapters.webhooks import lanes
from eztong.adapters.webhooks.lanes import Lane, LaneSize


def test_slots_are_taken_and_come_back_by_time_or_by_the_end_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_HOLDS_FOR", 0.2)
    lane, goes_on = Lane("test", LaneSize(slots=3, under_way=4)), Event()
    assert lane.free() == 3
    for _ in range(2):
        lane.begin(goes_on.wait)  # type: ignore[arg-type]  # what it returns does not matter
    assert lane.free() == 1
    lane.begin(Event().is_set)  # type: ignore[arg-type]  # the same
    until = monotonic() + 5
    while lane.free() != 2 and monotonic() < until:
        # The two that are waited for hold no slot any more; the bound of four leaves two.
        sleep(0.01)
    assert lane.free() == 2
    goes_on.set()
    lane.close()
    assert lane.free() == 3


def test_a_failure_of_the_work_gives_the_slot_back() -> None:
    lane = Lane("test", LaneSize(slots=1, under_way=1))
    lane.begin(lambda: 1 / 0)  # type: ignore[arg-type]  # it raises
    lane.close()
    assert lane.free() == 1
