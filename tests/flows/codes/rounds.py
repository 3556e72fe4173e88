"""Jobs of the real store that share a round exactly as a test wants it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eztong.ports.services import Services
from eztong.ports.storage.store import Needs, UnitOfWork, submitted

PATIENCE = 20.0


@dataclass(frozen=True)
class Job:
    """What is to be done in a round, with what it says it will read."""

    run: Callable[[UnitOfWork], Any]
    needs: Needs | None = None


def in_one_round(services: Services, jobs: Sequence[Job]) -> list[object]:
    """Run the jobs in one round; return what each returned or raised."""
    started, gate = threading.Event(), threading.Event()

    def block(_uow: UnitOfWork) -> None:
        started.set()
        gate.wait(PATIENCE)

    blocker = submitted(services.store, block)
    assert started.wait(PATIENCE)
    futures = [submitted(services.store, job.run, needs=job.needs) for job in jobs]
    gate.set()
    blocker.result(PATIENCE)
    return [future.exception(PATIENCE) or future.result().value for future in futures]
