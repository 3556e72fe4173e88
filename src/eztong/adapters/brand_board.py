"""The brand in memory: one look into the store every two seconds at most, for every page and message together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from typing_extensions import override

from eztong.domain.branding.brand import Brand
from eztong.domain.errors import EztongError
from eztong.domain.notices import Message
from eztong.i18n.notices import ENGLISH, language_of, render_text
from eztong.ports.branding.board import BrandBoard
from eztong.ports.clock import Clock
from eztong.ports.storage.store import Store
from eztong.usecases.branding.publish_branding import brand_in_force

_FRESH: Final = timedelta(seconds=2)
_log = structlog.get_logger(__name__)


class CachedBrand(BrandBoard):
    """The brand of one process. Safe to use from any thread; whoever comes while one looks gets what was read last."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Read nothing yet."""
        self._store = store
        self._clock = clock
        self._gate = threading.Lock()
        self._looked_at: datetime | None = None
        self._brand = Brand()

    @override
    def look(self) -> Brand:
        now = self._clock.now()
        # A clock that was moved, forward or back, makes the last look an old one.
        if self._looked_at is not None and abs(now - self._looked_at) < _FRESH:
            return self._brand
        if self._gate.acquire(blocking=False):
            try:
                self._read(now)
            finally:
                self._gate.release()
        return self._brand

    def _read(self, now: datetime) -> None:
        self._looked_at = now
        try:
            with self._store.read() as stored:
                self._brand = brand_in_force(stored=stored)
        except Exception as error:  # noqa: BLE001 - no page is lost because its look cannot be read
            problem = error.code if isinstance(error, EztongError) else type(error).__name__
            _log.warning("brand_unread", problem=problem)


def service_name(board: BrandBoard | None) -> Callable[[str], str]:
    """Return what says the service's name in a language, as messages begin with it; without a board there is none."""
    return lambda language: "" if board is None else board.look().service(language)


def signed_text(message: Message, board: BrandBoard | None) -> str:
    """Return a message in words, which begin with the service's name where its brand has one.

    Raises:
        InputInvalid: as :func:`~eztong.i18n.notices.render_text` says.
    """
    language = language_of(message.language)
    name, text = service_name(board)(language), render_text(message)
    if not name:
        return text
    return f"[{name}] {text}" if language == ENGLISH else f"【{name}】{text}"
