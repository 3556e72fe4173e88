"""The disk of the log is full: lines are lost, and nothing else. The queues go on, answers come, a stop is clean."""

from __future__ import annotations

from pathlib import Path

from tests.simulators.service import running

FULL = Path("/dev/full")
OLD = 40 * 86_400
INBOX = "SELECT count(*) FROM inbox"
WAITING = "SELECT count(*) FROM jobs WHERE ended_at IS NULL"


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
    assert service.process.returncode == 0
