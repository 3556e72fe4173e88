"""The PostgreSQL store: lanes that write, each with a connection of its own, and connections that threads read with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from functools import partial
from itertools import count
from typing import Any, Final, TypeVar

import structlog
from typing_extensions import override

from eztong.adapters.keys.private_files import FolderLocked
from eztong.adapters.storage.beside.marker import Marker
from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.postgres.connections import PostgresConnection, database_over
from eztong.adapters.storage.postgres.lanes import Lanes
from eztong.adapters.storage.postgres.place import PostgresPlace
from eztong.adapters.storage.postgres.readers import Readers
from eztong.adapters.storage.postgres.schema import LOCKS
from eztong.adapters.storage.postgres.transaction import PostgresTransaction
from eztong.adapters.storage.rounds.group_commit import GroupCommit, LeftOut, Observer, Signing
from eztong.adapters.storage.rounds.waiting_threads import WaitingThreads
from eztong.adapters.storage.sql.chain import WRITER_SETTING
from eztong.adapters.storage.sql.changes import Touch
from eztong.adapters.storage.sql.row_tags import RowTags
from eztong.adapters.storage.sql.served import DRAIN_SECONDS, ServedStore
from eztong.adapters.storage.sql.statements import Seals
from eztong.adapters.storage.sql.unit_of_work import SqlUnitOfWork
from eztong.domain.errors import Unavailable
from eztong.ports.storage.partners.partners import RememberedKey
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import Committed, Done, Job, Needs, UnitOfWork, submitted

T = TypeVar("T")
FRESH_SECONDS: Final = 5.0
"""How long the last commit speaks for the store; then health is asked by a write of its own."""

PROBE_SECONDS: Final = 2.0
PROBE_SETTING: Final = "store_probe"
MOST_WRITERS: Final = 1000
"""More connections than any server lets in."""

_log = structlog.get_logger(__name__)


def _ignore(*_seen: object) -> None:
    """Observe nothing."""


class PostgresStore(ServedStore):
    """A store over one database of a PostgreSQL server."""

    def __init__(
        self, place: PostgresPlace, signing: Signing, *, on_commit: Observer = _ignore, on_left_out: LeftOut = _ignore
    ) -> None:
        """Mean the database at ``place``, whose schema must be current; connections are made when they are needed."""
        self._place = place
        self._signing = signing
        self._on_left_out = on_left_out
        self._tags = _TagsInRows(signing)
        self._writers: list[_Writer] = []
        self._lanes = Lanes(self._open_lane, on_commit, self._share)
        self._readers = Readers(place.url)
        self._threads = WaitingThreads()
        self._marker = Marker(mark_of(place), self._newest_notes)

    @property
    def repeats(self) -> int:
        """Return how often a transaction had to be run again since the start."""
        return self._lanes.repeats

    @override
    @asynccontextmanager
    async def on_event_loop(self, *, drain_seconds: float = DRAIN_SECONDS) -> AsyncIterator[None]:
        self._lanes.serve(threading.get_ident())
        try:
            yield
        finally:
            await asyncio.to_thread(self._lanes.wait_idle, drain_seconds)
            self._lanes.serve(None)

    @override
    def submit(self, job: Job[T], done: Done[T], *, needs: Needs | None = None) -> None:
        self._lanes.submit(job, done, needs=needs)

    @override
    def write(self, job: Job[T]) -> Committed[T]:
        return self._threads.write(job, self._lanes)

    @override
    def recall_key(self, key_hash: bytes) -> RememberedKey | None:
        # What one lane remembers another may have changed.
        return None

    @override
    def read(self) -> AbstractContextManager[Repositories]:
        return self._readers.reading()

    @override
    def snapshot(self) -> AbstractContextManager[Repositories]:
        return self._readers.snapshot()

    @override
    def check_health(self) -> None:
        if not self._lanes.is_running:
            raise Unavailable("The writer has stopped.")
        if self._lanes.idle_seconds() > FRESH_SECONDS or self._lanes.has_failed:
            self._probe()

    @override
    def close(self) -> None:
        end = self._lanes.close()
        if end.refused or not end.is_free:
            _log.error("stopped_with_writes_undone", writes=end.refused)
        with suppress(OSError, FolderLocked):
            self._marker.write()
        self._readers.close()

    @override
    def is_in_place(self) -> bool:
        # A server's database is not moved away under a connection.
        return True

    @override
    def keep_mark(self) -> bool:
        return self._marker.write_if_due()

    @override
    def forget_overwritten(self) -> bool:
        # What a server keeps of old rows, its own vacuum takes away.
        return True

    def _probe(self) -> None:
        self._lanes.check_may_wait()
        probe = submitted(self, _write_probe)
        try:
            failure = probe.exception(PROBE_SECONDS)
        except TimeoutError:
            raise Unavailable("A write has been waiting for more than two seconds.") from None
        if failure is not None:
            raise failure

    def _open_lane(self) -> GroupCommit:
        writer = _Writer(self._place, self._tags)
        self._writers.append(writer)
        return GroupCommit(writer.transaction, writer.uow, self._signing, on_left_out=self._on_left_out)

    def _newest_notes(self) -> list[str]:
        return [note for writer in tuple(self._writers) for note in writer.uow.chain.newest_notes]

    def _share(self) -> float:
        return self._signing.entropy.id_bytes()[0] / 256


class _Writer:
    """A connection that writes, with the chain of batches that nobody else goes on with while it lasts."""

    def __init__(self, place: PostgresPlace, seals: Seals) -> None:
        self._connection = PostgresConnection(place.url)
        self._setting = WRITER_SETTING
        self.transaction = PostgresTransaction(self._connection, self._begin_anew)
        # What another connection may have changed is read in each transaction.
        rounds = count()
        self.uow = SqlUnitOfWork(
            database_over(self._connection, seals=seals),
            version=lambda: next(rounds),
            read_marks=partial(read_marks, mark_of(place)),
            ends_round=self.transaction.ends_round,
            own_chain=lambda: self._setting,
        )

    def _begin_anew(self) -> None:
        """Take the first chain that no connection goes on with; the server gives it back when this one ends."""
        self.uow.chain.forget()
        for number in range(1, MOST_WRITERS):
            held = self._connection.execute(
                "SELECT pg_try_advisory_lock(%(ours)s, %(number)s)", {"ours": LOCKS, "number": number}
            ).fetchone()
            if held is not None and held[0]:
                self._setting = WRITER_SETTING if number == 1 else f"{WRITER_SETTING}.{number}"
                return
        raise Unavailable("Too many connections write to this database.")


class _TagsInRows(Seals):
    """Makes the tags that rows carry themselves; those of other rows only a store in a file keeps."""

    def __init__(self, signing: Signing) -> None:
        self._tags = RowTags(signing.keys)

    @override
    def tag_of(self, table: str, row: Mapping[str, Any]) -> bytes:
        return self._tags.tag_of(table, row)

    @override
    def before_change(self, touches: frozenset[Touch]) -> None:
        return

    @override
    def after_undo(self) -> None:
        return


def _write_probe(uow: UnitOfWork) -> None:
    uow.settings.set(PROBE_SETTING, "written")
