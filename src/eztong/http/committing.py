"""Waiting for a durable commit on the event loop, without a thread for each request."""

from __future__ import annotations

import asyncio
import threading
from typing import TypeVar

from eztong.ports.storage.store import Committed, Done, Job, Needs, Store

T = TypeVar("T")


async def commit(store: Store, job: Job[T], *, needs: Needs | None = None) -> Committed[T]:
    """Run ``job``, which will read what it ``needs``, and return when it is durable.

    Raises:
        Exception: whatever the job raised, after nothing of it was kept.
    """
    waiter: asyncio.Future[Committed[T]] = asyncio.get_running_loop().create_future()

    def hand_over(outcome: Committed[T] | Exception) -> None:
        if waiter.cancelled():
            return
        if isinstance(outcome, Exception):
            waiter.set_exception(outcome)
        else:
            waiter.set_result(outcome)

    commit_then(store, job, hand_over, needs=needs)
    return await waiter


def commit_then(store: Store, job: Job[T], then: Done[T], *, needs: Needs | None = None) -> None:
    """Run ``job`` and call ``then`` on the running event loop, now or later, once it is durable or has failed."""
    loop = asyncio.get_running_loop()
    thread = threading.get_ident()

    def arrived(outcome: Committed[T] | Exception) -> None:
        if threading.get_ident() == thread:
            then(outcome)
        else:
            loop.call_soon_threadsafe(then, outcome)

    store.submit(job, arrived, needs=needs)
