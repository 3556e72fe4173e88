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
    waiter: asyncio.Future[Committed[T]] = asyncio.get_running_loop().create_future()

    def hand_over(done: Future[Committed[T]]) -> None:
        if waiter.cancelled():
            return
        error = done.exception()
        if error is not None:
            waiter.set_exception(error)
        else:
            waiter.set_result(done.result())

    commit_then(store, job, hand_over, needs=needs)
    return await waiter


def commit_then(
    store: Store,
    job: Callable[[UnitOfWork], T],
    then: Callable[[Future[Committed[T]]], None],
    *,
    needs: Needs | None = None,
) -> None:
    """Run ``job`` and call ``then`` on the running event loop, now or later, once it is durable or has failed."""
    loop = asyncio.get_running_loop()
    thread = threading.get_ident()

    def arrived(done: Future[Committed[T]]) -> None:
        if threading.get_ident() == thread:
            then(done)
        else:
            loop.call_soon_threadsafe(then, done)

    store.submit(job, needs=needs).add_done_callback(arrived)
