"""The doubt in the clock as it is stored, so that it outlasts the process that began it, whichever that was.

What was signed last tells a clock that was set wrong only until something is signed by that clock. So whoever opens the
store, a service or a command, compares the two first, and stores the doubt before anything is signed. Only a service
that watched its clock long enough ends it.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from eztong.adapters.storage.sql.served import ServedStore
from eztong.adapters.storage.stored.reach import newest_batch_at
from eztong.domain.canonical_json import render_time
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.checks.clock_watch import is_far_from
from eztong.wiring.checks.stored_data import DOUBT_SETTING, doubt_in_clock
from eztong.wiring.settings import Settings

_log = structlog.get_logger(__name__)


def note_doubt(store: ServedStore, settings: Settings, now: datetime) -> None:
    """Store that the clock is in doubt, if ``now`` is far from what was signed last; one that is stored stays.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read or written: nothing may be signed then.
    """
    if is_far_from(newest_batch_at(settings.stored_at), now=now) and not is_in_doubt(settings):
        store_doubt(store, now)
        _log.warning("clock_in_doubt", advice="it is far from what was signed last: set it right if it is wrong")


def is_in_doubt(settings: Settings) -> bool:
    """Say whether a doubt is stored.

    Raises:
        DatabaseDamaged, Unavailable: the file cannot be read.
    """
    return doubt_in_clock(settings) is not None


def store_doubt(store: ServedStore, since: datetime | None) -> None:
    """Store a doubt, or that there is none any more.

    Raises:
        Unavailable: it cannot be written.
    """
    said = "" if since is None else render_time(since)

    def keep(uow: UnitOfWork) -> None:
        uow.settings.set(DOUBT_SETTING, said)

    store.write(keep)
