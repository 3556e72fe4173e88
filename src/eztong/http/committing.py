"""Waiting for a durable commit on the event loop, without a thread for each request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from eztong.ports.storage.store import Committed, Needs, Store, UnitOfWork

T = TypeVar("T")


async def commit(store: Store, job: Callable[[UnitOfWork], T], *, needs: Needs | None = None) -> Committed[T]:
    """Run ``job``, which will read what it ``needs``, and return when it is durable.

    Raises:
        Exception: whatever the job raised, after nothing of it was kept.
    """
    loop = asyncio.get_running_loop()
    thread = threading.get_ident()
    waiter: asyncio.Future[Committed[T]] = loop.create_future()

    def arrived(done: Future[Committed[T]]) -> None:
        if threading.get_ident() == thread:
            _hand_over(done, waiter)
        else:
            loop.call_soon_threadsafe(_hand_over, done, waiter)

    store.submit(job, needs=needs).add_done_callback(arrived)
    return await waiter


def _hand_over(done: Future[Committed[T]], waiter: asyncio.Future[Committed[T]]) -> None:
    if waiter.cancelled():
        return
    error = done.exception()
    if error is not None:
        waiter.set_exception(error)
    else:
        waiter.set_result(done.result())
