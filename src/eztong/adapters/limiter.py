"""Limits in memory, counted by the service's own clock, so that moving the sandbox's clock moves them, too.

A window slides: never more than ``amount`` events lie within any ``seconds``. Counts belong to this process and are
lost when it stops, which forgives and locks nobody out.

Events are counted in slots of time. A limit of up to 60 events has slots of a millisecond, which is exact; a larger
one has slots of a sixtieth of its window, and an event then counts for at most that much longer than it should. So a
window never keeps more than 62 slots, whatever the limit.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from datetime import datetime

from typing_extensions import override

from eztong.domain.errors import TooMany
from eztong.ports.clock import Clock
from eztong.ports.limiter import Limit, Limiter

MAX_SUBJECTS = 20_000
"""Windows kept for each limit; beyond that the one that was idle longest is forgotten."""

_SLOTS = 60


class _Window:
    """The slots of one subject that still count, oldest first, as two lists side by side."""

    __slots__ = ("counts", "life", "limit", "slots", "total", "width")

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        milliseconds = limit.seconds * 1000
        # In milliseconds.
        self.width = 1 if limit.amount <= _SLOTS else max(1, milliseconds // _SLOTS)
        # In slots: an event at the end of a wide slot must count for the whole window, so the slot stays one longer.
        self.life = -(-milliseconds // self.width) + (self.width > 1)
        self.slots: list[int] = []
        self.counts: list[int] = []
        self.total = 0

    def move_to(self, moment: int) -> int:
        """Forget what has left the window at ``moment`` (ms); return the slot to count in."""
        slot = moment // self.width
        slots, life = self.slots, self.life
        if not slots:
            return slot
        if slots[-1] > slot + life:
            # The clock was set back by more than a window: these events would count for as long as that.
            self._forget(len(slots))
            return slot
        if slots[0] + life <= slot:
            self._forget(bisect_right(slots, slot - life))
        # A clock that was set back a little must not put the slots out of order.
        return max(slot, slots[-1]) if slots else slot

    def check(self, moment: int) -> None:
        """Raise TooMany if the window is full at ``moment`` (ms), to which it was moved."""
        excess = self.total - self.limit.amount
        if excess < 0:
            return
        # The first slot that, once it has left the window, makes room for one event.
        for slot, count in zip(self.slots, self.counts, strict=True):
            excess -= count
            if excess < 0:
                free_at = (slot + self.life) * self.width
                raise TooMany(retry_after=max(1, -(-(free_at - moment) // 1000)))
        # Nothing that leaves makes room: the limit allows nothing at all.
        raise TooMany(retry_after=max(1, self.limit.seconds))

    def add(self, slot: int) -> None:
        """Count one event."""
        if self.slots and self.slots[-1] == slot:
            self.counts[-1] += 1
        else:
            self.slots.append(slot)
            self.counts.append(1)
        self.total += 1

    def _forget(self, number: int) -> None:
        self.total -= sum(self.counts[:number])
        del self.slots[:number]
        del self.counts[:number]


class MemoryLimiter(Limiter):
    """Counts events of this process. Safe to call from any thread; a call takes one to two microseconds."""

    def __init__(self, clock: Clock, *, max_subjects: int = MAX_SUBJECTS) -> None:
        """Count by ``clock``; keep at most ``max_subjects`` windows for each limit's name."""
        self._clock = clock
        self._max_subjects = max_subjects
        self._windows: dict[str, OrderedDict[str, _Window]] = {}
        self._gate = threading.Lock()

    @override
    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        moment = self._moment(now)
        with self._gate:
            window = self._find(limit, subject)
            if window is None:
                window = self._start(limit, subject)
            slot = window.move_to(moment)
            window.check(moment)
            window.add(slot)

    @override
    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        # Nearly nobody has used up anything here, and one look into a dict needs no gate.
        if subject not in self._windows.get(limit.name, ()):
            return
        with self._gate:
            window = self._find(limit, subject)
            if window is None:
                return
            moment = self._moment(now)
            window.move_to(moment)
            window.check(moment)

    def _moment(self, now: datetime | None) -> int:
        return int((now or self._clock.now()).timestamp() * 1000)

    def _find(self, limit: Limit, subject: str) -> _Window | None:
        windows = self._windows.get(limit.name)
        window = None if windows is None else windows.get(subject)
        if windows is None or window is None:
            return None
        if window.limit is not limit and window.limit != limit:
            # The same name with another amount: what was counted in other slots cannot be compared.
            del windows[subject]
            return None
        windows.move_to_end(subject)
        return window

    def _start(self, limit: Limit, subject: str) -> _Window:
        windows = self._windows.setdefault(limit.name, OrderedDict())
        if len(windows) >= self._max_subjects:
            windows.popitem(last=False)
        window = windows[subject] = _Window(limit)
        return window
