"""Whoever was undone too often works alone, before those who come after; nobody waits for good."""

from __future__ import annotations

import threading
from collections.abc import Callable

from eztong.adapters.storage.postgres.turns import Turns

PATIENCE = 20.0
SHORT = 0.1


def started(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_who_works_together_waits_for_nobody() -> None:
    turns = Turns()
    with turns.together(), turns.together():
        pass


def test_alone_is_alone_and_those_who_come_after_wait() -> None:
    turns, order, is_alone, may_end = Turns(), list[str](), threading.Event(), threading.Event()

    def alone() -> None:
        with turns.alone():
            is_alone.set()
            may_end.wait(PATIENCE)
            order.append("alone")

    def together() -> None:
        with turns.together():
            order.append("together")

    with turns.together():
        waits = started(alone)
        assert not is_alone.wait(SHORT)
    assert is_alone.wait(PATIENCE)
    after = started(together)
    after.join(SHORT)
    assert order == []
    may_end.set()
    for thread in (waits, after):
        thread.join(PATIENCE)
    assert order == ["alone", "together"]
