"""A served database that stands ready for runs of verifications."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import subject
from bench.beside import wrk
from bench.beside.codes import LayOut, laying_out, stored
from bench.beside.figures import Ours
from bench.cores import busy_seconds, cores, processor_seconds
from bench.failing import CannotMeasure
from bench.measure import say

HOLDERS: Final = 10_000
WARM_SECONDS: Final = 2
GROWING_RUNS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """What the service is measured on."""

    holders: int = HOLDERS
    grown: bool = False

    @property
    def name(self) -> str:
        """How it is called in tables."""
        return f"{self.holders:,} holders{', grown by ten runs' if self.grown else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A running server, and what lays codes out for it."""

    server: subject.Subject
    lay_out: LayOut
    folder: Path

    def verify(self, *, connections: int, count: int = HOLDERS) -> Ours:
        """Lay codes out, and have wrk use them up.

        Raises:
            CannotMeasure: an answer was wrong, or not every answer was stored.
        """
        codes = self.lay_out(count)
        data_dir, core = self.server.data_dir, cores()[0]
        stored_before, used, busy, began = stored(data_dir), self._used(), busy_seconds(core), time.monotonic()
        run = wrk.used_up(
            wrk.VERIFY, self.server.port, [self.server.key, *codes], connections=connections, folder=self.folder
        )
        used, busy, lasted = self._used() - used, busy_seconds(core) - busy, time.monotonic() - began
        passed, batches = (now - then for now, then in zip(stored(data_dir), stored_before, strict=True))
        if not run.calls == passed == len(codes):
            raise CannotMeasure(f"{run.calls:,} answers, {passed:,} verifications stored, of {len(codes):,} codes")
        others = max(0.0, busy - used) / lasted
        return Ours(run=run, processor=used / passed * 1e6, together=passed / batches, others=others)

    def warm(self, *, connections: int) -> None:
        """Verify for as long as the peer is warmed."""
        warmed = 0.0
        while warmed < WARM_SECONDS:
            run = self.verify(connections=connections).run
            warmed += run.calls / run.rate

    def _used(self) -> float:
        return processor_seconds(self.server.pid)


@contextmanager
def benching(database: Database, folder: Path) -> Iterator[Bench]:
    """Fill, serve and grow a database in ``folder``, on from what is there."""
    data_dir = folder / "data"
    say(f"filling up to {database.holders:,} holders")
    subject.fill(data_dir, database.holders)
    with subject.serving(data_dir) as server, laying_out(data_dir) as lay_out:
        bench = Bench(server=server, lay_out=lay_out, folder=folder)
        if database.grown:
            say(f"growing the database by {GROWING_RUNS} runs of {HOLDERS:,} verifications")
            for _ in range(GROWING_RUNS):
                bench.verify(connections=128)
        yield bench
