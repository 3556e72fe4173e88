"""A locked database, a full disk, two first starts at once: the service stays answerable and says what is so."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.flows.cli.command import CommandLine
from tests.simulators.service import Service, running

BOUND_SECONDS = 2.0
HOLD_SECONDS = 8.0
LONGEST_WRITE = 30.0
# Several processes start at once, and one test waits for a lock on purpose.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running(tmp_path / "data") as found:
        yield found


@contextmanager
def locked(service: Service) -> Iterator[None]:
    """Hold the write lock; this is another process than the server's."""
    with closing(sqlite3.connect(service.database, isolation_level=None, timeout=LONGEST_WRITE)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_the_service_answers_while_another_process_holds_the_write_lock(service: Service) -> None:
    holder = service.somebody()
    slow = httpx.Client(base_url=service.url, timeout=LONGEST_WRITE, trust_env=False)
    service.to_close.append(slow)
    answers = 0
    with ThreadPoolExecutor(1) as pool:
        with locked(service):
            until = time.monotonic() + HOLD_SECONDS
            write = pool.submit(slow.post, f"/v1/test_helpers/holders/{holder}/codes", json={"channel": "screen"})
            while time.monotonic() < until:
                for path in ("/healthz", "/v1/verifications"):
                    started = time.perf_counter()
                    answer = service.partners["hotel"].get(path)
                    assert time.perf_counter() - started < BOUND_SECONDS, path
                    assert answer.status_code == httpx.codes.OK
                    answers += 1
                time.sleep(0.05)
            assert not write.done()
        assert write.result(LONGEST_WRITE).status_code == httpx.codes.CREATED
    assert answers > 2


def test_a_write_that_waits_too_long_is_unavailable_and_readiness_says_so(service: Service) -> None:
    holder = service.somebody()
    slow = httpx.Client(base_url=service.url, timeout=LONGEST_WRITE, trust_env=False)
    service.to_close.append(slow)
    with locked(service):
        refused = slow.post(f"/v1/test_helpers/holders/{holder}/codes", json={"channel": "screen"})
        assert refused.status_code == httpx.codes.SERVICE_UNAVAILABLE
        assert "locked" in refused.json()["detail"]
        assert slow.get("/readyz").status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert service.ask_code(holder).status_code == httpx.codes.CREATED
    assert slow.get("/readyz").status_code == httpx.codes.OK


def test_a_full_disk_ends_readiness_and_space_brings_it_back(service: Service) -> None:
    """A limit on the size of files stands for the full disk; the log of the service is far shorter than the WAL."""
    holder = service.somebody()
    for _ in range(5):
        service.code(holder)
    wal = service.database.with_name("eztong.db-wal")
    _soft, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
    assert service.ask_code(holder).status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert service.http.get("/readyz").status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert service.http.get("/healthz").status_code == httpx.codes.OK
    assert service.partners["hotel"].get("/v1/verifications").status_code == httpx.codes.OK
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
    assert service.http.get("/readyz").status_code == httpx.codes.OK
    assert service.ask_code(holder).status_code == httpx.codes.CREATED


def test_first_starts_at_once_take_turns(tmp_path: Path) -> None:
    eztong = CommandLine(tmp_path)
    children = [
        subprocess.Popen(
            [sys.executable, "-m", "eztong", "sandbox", "credentials", "--json"],
            env=eztong.environment(),
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    told = [child.communicate(timeout=240) for child in children]
    assert [child.returncode for child in children] == [0] * 4, told
    assert eztong.run("db", "check").code == 0
