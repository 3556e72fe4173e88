"""A gate: a few inside, a few waiting for a moment, one more is told at once."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest

from eztong.adapters.bounded_gate import RETRY_SECONDS, BoundedGate
from eztong.domain.errors import Busy

GENEROUS = 20.0


class Guest:
    """Somebody who enters on a thread of its own, and stays until told to leave."""

    def __init__(self, gate: BoundedGate, threads: ThreadPoolExecutor) -> None:
        self.is_inside = threading.Event()
        self.may_leave = threading.Event()
        self.visit = threads.submit(self._visit, gate)

    def _visit(self, gate: BoundedGate) -> None:
        with gate.enter():
            self.is_inside.set()
            self.may_leave.wait(GENEROUS)


def test_whoever_finds_it_full_is_told_at_once_and_a_waiting_one_gets_in() -> None:
    gate = BoundedGate(at_once=1, waiting=1, patience=GENEROUS)
    with ThreadPoolExecutor(3) as threads:
        first = Guest(gate, threads)
        assert first.is_inside.wait(GENEROUS)
        others = [Guest(gate, threads), Guest(gate, threads)]
        # Whichever of the two came second finds no place to wait.
        done, _ = wait([other.visit for other in others], timeout=GENEROUS, return_when=FIRST_COMPLETED)
        with pytest.raises(Busy) as caught:
            done.pop().result()
        first.may_leave.set()
        waiting = next(other for other in others if not other.visit.done())
        assert waiting.is_inside.wait(GENEROUS)
        waiting.may_leave.set()
    assert caught.value.retry_after == RETRY_SECONDS


def test_patience_ends() -> None:
    gate = BoundedGate(at_once=1, waiting=5, patience=0.05)
    with ThreadPoolExecutor(2) as threads:
        first = Guest(gate, threads)
        assert first.is_inside.wait(GENEROUS)
        with pytest.raises(Busy), gate.enter():
            raise AssertionError("nobody may be inside beside the first")
        first.may_leave.set()
    with gate.enter():
        pass


def test_whoever_is_inside_just_goes_on() -> None:
    gate = BoundedGate(at_once=1, waiting=0, patience=0.0)
    with gate.enter(), gate.enter():
        pass
    with gate.enter():
        pass


def test_a_place_is_given_back_however_the_block_ends() -> None:
    gate = BoundedGate(at_once=1, waiting=0, patience=0.0)
    for _ in range(3):
        with pytest.raises(ValueError, match="inside"), gate.enter():
            raise ValueError("inside")
