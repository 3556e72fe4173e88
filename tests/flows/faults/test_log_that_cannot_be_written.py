"""The disk of the log is full, or nobody reads it: lines are lost, and nothing else. Answers come, a stop is clean."""

from __future__ import annotations

import os
from pathlib import Path

from tests.simulators.service import running

FULL = Path("/dev/full")
OLD = 40 * 86_400
INBOX = "SELECT count(*) FROM inbox"
WAITING = "SELECT count(*) FROM jobs WHERE ended_at IS NULL AND kind = 'outbox'"
MORE_THAN_A_PIPE = 800
"""Requests whose lines do not fit into a pipe that nobody reads."""


def test_a_service_whose_log_is_full_serves_sweeps_and_stops(tmp_path: Path) -> None:
    with running(tmp_path / "data", with_partners=False, log=FULL) as service:
        for _ in range(2):
            # Both are logged: the fault that is set, and the old messages that go.
            service.fault("none")
            service.freeze(service.somebody())
            # Every message is there before time passes: one that came after it would not be old.
            service.wait_for(lambda: service.rows(INBOX) != [(0,)] and service.rows(WAITING) == [(0,)])
            service.advance(OLD)
            service.wait_for(lambda: service.rows(INBOX) == [(0,)])
        lost = next(
            line
            for line in service.http.get("/metrics").text.splitlines()
            if line.startswith("eztong_log_lines_lost_total")
        )
    assert service.process.returncode == 0
    assert float(lost.removeprefix("eztong_log_lines_lost_total ")) > 0


def test_a_service_whose_log_nobody_reads_serves_and_stops(tmp_path: Path) -> None:
    pipe = tmp_path / "log"
    os.mkfifo(pipe)
    silent = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with running(tmp_path / "data", with_partners=False, log=pipe) as service:
        for _ in range(MORE_THAN_A_PIPE):
            service.http.get("/v1/nothing")
        assert service.http.get("/healthz").status_code == 200
    assert service.process.returncode == 0
    os.close(silent)
