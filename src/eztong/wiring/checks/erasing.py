"""Whether what cannot be undone may be carried out now; each change of it is logged."""

from __future__ import annotations

from threading import Lock
from time import monotonic

import structlog

from eztong.adapters.storage.beside.went_back import has_gone_back
from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.stored.reach import newest_batch_at
from eztong.ports.clock import Clock
from eztong.ports.services import Mode
from eztong.wiring.checks.clock_doubt import is_in_doubt, store_doubt
from eztong.wiring.checks.clock_watch import ClockWatch
from eztong.wiring.checks.stored_data import DOUBT_SETTING, said_of_clock, stands_behind
from eztong.wiring.settings import Settings

_log = structlog.get_logger(__name__)


class Erasing:
    """It rests while the clock is in doubt, while the database is not in its place, and until it is released.

    The sandbox's clock is moved on purpose.
    """

    def __init__(self, store: ServedStore, clock: Clock, settings: Settings) -> None:
        """Begin to watch the clock. Nothing is written here: this is called where nobody may wait."""
        self._store, self._clock, self._settings = store, clock, settings
        self._watch: ClockWatch | None = None
        self._was_settled, self._was_in_place, self._had_gone_back = True, True, False
        self._gate = Lock()
        newest, now = newest_batch_at(settings.stored_at), clock.now()
        if behind := stands_behind(newest, now=now):
            _log.error("clock_behind_signatures", message=said_of_clock(behind).english)
        if settings.mode is Mode.LIVE:
            # What was signed since a doubt began fits the clock, however wrong it is: a restart does not end it.
            doubt = is_in_doubt(settings)
            self._watch = ClockWatch(clock.now, monotonic, newest=newest, was_in_doubt=doubt)

    def may_go_on(self) -> bool:
        """Say whether what was waited for may be carried out and old rows removed now. Not for use on an event loop.

        Raises:
            Unavailable: it is not known, or a doubt cannot be stored: nothing may be carried out then, either.
        """
        with self._gate:
            # In this order: in a folder that was moved away meanwhile, no file says that the database went back.
            is_released = not has_gone_back(self._settings.stored_at)
            is_in_place = self._is_in_place()
            is_released = is_in_place and self._is_released(now=is_released)
            return self._is_settled() and is_in_place and is_released

    def _is_in_place(self) -> bool:
        now = self._store.is_in_place()
        if now != self._was_in_place:
            self._was_in_place = now
            if now:
                _log.warning("database_in_its_place_again")
            else:
                _log.error("database_not_in_its_place_erasing_rests", advice="put it back, or stop the service")
        return now

    def _is_released(self, *, now: bool) -> bool:
        if now == self._had_gone_back:
            self._had_gone_back = not now
            if now:
                _log.warning("database_released_erasing_goes_on")
            else:
                _log.error("database_went_back_erasing_rests", advice="look at what waits: eztong db release")
        return now

    def _is_settled(self) -> bool:
        if self._watch is None:
            return True
        now = self._watch.is_settled()
        with self._store.read() as stored:
            is_stored = bool(stored.settings.get(DOUBT_SETTING))
        if is_stored == now:
            # A command beside the service may have begun one after a quiet night: whoever watched all night knows more.
            store_doubt(self._store, None if now else self._clock.now())
        if now != self._was_settled:
            self._was_settled = now
            _log.warning("erasing_goes_on" if now else "erasing_rests_clock_in_doubt")
        return now
