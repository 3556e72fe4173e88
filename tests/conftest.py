"""What every test shares: as little as possible."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from typing import Final

import pytest
import structlog
from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from starlette.testclient import TestClient

from quality.trees import let_go
from tests.at_end import AT_END
from tests.memory import MEMORY

# A slow moment of the machine is no counterexample; pytest's own time limit still holds.
settings.register_profile("eztong", deadline=None, print_blob=True)
# For `make check`: a quarter of the examples, each time others; `make test` draws all of them.
settings.register_profile("quick", deadline=None, print_blob=True, max_examples=25)
settings.load_profile("eztong")

# What modules are made of stays for the whole run: to look through it for garbage time and again takes a third of the
# time in which the tests are collected, and some of every test.
gc.disable()


ROOM_FOR_FILES: Final = 4 * 2**30
"""Bytes that the folders of a whole run may take."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Keep the tests' folders in memory, if there is room: thousands of databases wait for the disk otherwise.

    Whatever is killed there leaves the same files as on a disk; what a disk loses without power, no test can see.
    """
    if MEMORY and shutil.disk_usage(MEMORY).free > ROOM_FOR_FILES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)  # noqa: TID251 - pytest asks for it there


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    AT_END.close()
    let_go()
    gc.unfreeze()


@pytest.fixture(autouse=True)
def logs_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what an earlier test configured: logging is one for the whole process."""
    structlog.reset_defaults()
    monkeypatch.setattr("eztong.http.logs._direct", None)


@pytest.fixture(scope="session", autouse=True)
def one_event_loop() -> Iterator[None]:
    """Give every test client the same event loop: one of its own for each request takes as long as a page does."""
    with start_blocking_portal() as portal:
        TestClient.portal = portal
        yield
        TestClient.portal = None
