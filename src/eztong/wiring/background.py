"""Work beside the requests: outbox, queued registrations, refusals that go on, old rows, new keys, the mark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from starlette.concurrency import run_in_threadpool

from eztong.domain.errors import EztongError
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.jobs.sweep_old_rows import BATCH, sweep_old_rows
from eztong.usecases.notices.deliver_messages import deliver_due_messages
from eztong.usecases.registration.register_identity import resume_due_registrations
from eztong.usecases.requests.set_request_aside import decline_set_aside
from eztong.wiring.build import Built

PAUSE_SECONDS = 0.25
SWEEP_SECONDS = 5.0
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def background(built: Built) -> AsyncIterator[None]:
    """Run the background work until the context ends; a step that was begun is finished."""
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(_repeat(step, stopping)) for step in _steps(built)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*tasks)


@dataclass(frozen=True, slots=True)
class _Step:
    """Something to do again and again; it says whether more waits, and rests ``pause`` seconds when nothing does."""

    name: str
    act: Callable[[], bool]
    pause: float = PAUSE_SECONDS


def _steps(built: Built) -> list[_Step]:
    def outbox() -> bool:
        return _told("outbox", deliver_due_messages(services=built.services, notifier=built.notifier))

    def registrations() -> bool:
        return _told("registrations", resume_due_registrations(services=built.services))

    def old_rows() -> bool:
        sweep = sweep_old_rows(services=built.services)
        for kind, count in sweep.removed.items():
            _log.info("old_rows_removed", kind=kind.value, count=count)
        _tell_failures("retention", sweep.failures)
        return BATCH in sweep.removed.values()

    def refusals() -> bool:
        return bool(decline_set_aside(services=built.services))

    def keyring() -> bool:
        if built.keyring.reload_if_changed():
            _log.info("keyring_reloaded")
        return False

    def mark() -> bool:
        built.store.keep_mark()
        return False

    return [
        _Step("outbox", outbox),
        _Step("registrations", registrations),
        _Step("refusals", refusals),
        _Step("old_rows", old_rows, SWEEP_SECONDS),
        _Step("keyring", keyring),
        _Step("mark", mark),
    ]


def _told(queue: str, run: QueueRun) -> bool:
    """Log what failed; return whether more is due."""
    _tell_failures(queue, run.failures)
    return run.again


def _tell_failures(queue: str, failures: Mapping[str, int]) -> None:
    for kind, count in failures.items():
        _log.warning("queue_work_failed", queue=queue, kind=kind, count=count)


async def _repeat(step: _Step, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            more = await run_in_threadpool(step.act)
        except EztongError as error:
            _log.warning("background_step_failed", step=step.name, problem=error.code)
            more = False
        except Exception as error:  # noqa: BLE001 - one failed round must not end the work for good
            _log.error("background_step_failed", step=step.name, kind=type(error).__name__)
            more = False
        if not more:
            await _pause(stopping, step.pause)


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
