"""The incident board in memory: one look into the store per second at most, for every page and answer together."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import structlog
from typing_extensions import override

from eztong.domain.errors import EztongError
from eztong.domain.incidents.incident import Incident, Phase
from eztong.ports.clock import Clock
from eztong.ports.incident_board import Board, IncidentBoard
from eztong.ports.storage.store import Store

HEADER: Final = "x-eztong-notice"
PAST: Final = 20
"""Incidents that have ended and are still told of."""

_FRESH: Final = timedelta(seconds=1)
_log = structlog.get_logger(__name__)


class CachedBoard(IncidentBoard):
    """The board of one process. Safe to use from any thread; whoever comes while one looks gets what was read last."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._store = store
        self._clock = clock
        self._gate = threading.Lock()
        self._looked_at: datetime | None = None
        self._board = Board()
        self._unreadable = 0
        self._header = b""

    @override
    def look(self) -> Board:
        now = self._clock.now()
        # A clock that was moved, forward or back, makes the last look an old one.
        if self._looked_at is not None and abs(now - self._looked_at) < _FRESH:
            return self._board
        if self._gate.acquire(blocking=False):
            try:
                self._read(now)
            finally:
                self._gate.release()
        return self._board

    @override
    def header(self) -> bytes:
        return self._header

    def _read(self, now: datetime) -> None:
        self._looked_at = now
        try:
            with self._store.read() as stored:
                running, past = stored.incidents.running(), stored.incidents.past(limit=PAST)
                ids = [one.incident_id for one in (*running, *past)]
                found = stored.incidents.updates(first=min(ids), last=max(ids)) if ids else ()
                unreadable = stored.incidents.unreadable()
        except Exception as error:  # noqa: BLE001 - a page about trouble must not be in trouble itself
            problem = error.code if isinstance(error, EztongError) else type(error).__name__
            _log.warning("incidents_unread", problem=problem)
            return
        if unreadable != self._unreadable:
            self._unreadable = unreadable
            _log.warning("incidents_unreadable", count=unreadable, advice="run: eztong db check --full")
        by_incident = groupby(sorted(found, key=lambda one: one.incident_id), key=lambda one: one.incident_id)
        self._board = Board(running, past, {incident_id: tuple(own) for incident_id, own in by_incident})
        self._header = render_header(one for one in running if one.phase(now) is Phase.OPEN)


def render_header(opened: Iterable[Incident]) -> bytes:
    """Return the line of an answer that names what is open, as a list of RFC 9651; empty if nothing is."""
    named = ", ".join(f"{one.incident_id};kind={one.kind.value}" for one in opened)
    return f"{HEADER}: {named}\r\n".encode() if named else b""
