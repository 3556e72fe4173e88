"""Work that runs beside the requests: the outbox, queued registrations, a rotated keyring, the mark."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from starlette.concurrency import run_in_threadpool

from eztong.domain.errors import EztongError
from eztong.usecases.deliver_messages import deliver_due_messages
from eztong.usecases.register_identity import resume_due_registrations
from eztong.wiring.build import Built

PAUSE_SECONDS = 0.25
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


def _steps(built: Built) -> list[Callable[[], int]]:
    def outbox() -> int:
        return deliver_due_messages(services=built.services, notifier=built.notifier)

    def registrations() -> int:
        return resume_due_registrations(services=built.services)

    def keyring() -> int:
        if built.keyring.reload_if_changed():
            _log.info("keyring_reloaded")
        return 0

    def mark() -> int:
        built.store.keep_mark()
        return 0

    return [outbox, registrations, keyring, mark]


async def _repeat(step: Callable[[], int], stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        try:
            done = await run_in_threadpool(step)
        except EztongError as error:
            _log.warning("background_step_failed", step=step.__name__, problem=error.code)
            done = 0
        except Exception as error:  # noqa: BLE001 - one failed round must not end the work for good
            _log.error("background_step_failed", step=step.__name__, kind=type(error).__name__)
            done = 0
        if not done:
            await _pause(stopping)


async def _pause(stopping: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), PAUSE_SECONDS)
    except TimeoutError:
        return
