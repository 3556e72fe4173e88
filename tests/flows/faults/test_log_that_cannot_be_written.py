"""The disk of the log is full: lines are lost, and nothing else. The queues go on, answers come, a stop is clean."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx

from tests.simulators.service import Service, free_port

FULL = Path("/dev/full")


def test_a_service_whose_log_is_full_serves_sweeps_and_stops(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    with FULL.open("wb") as full, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http:
        process = subprocess.Popen(
            [sys.executable, "-m", "eztong", "serve", "--port", str(port)],
            env=clean | {"EZTONG_DATA_DIR": str(data)},
            stdout=subprocess.DEVNULL,
            stderr=full,
        )
        service = Service(str(http.base_url), data, FULL, process, http)
        try:
            service.wait_for(lambda: _is_ready(service))
            for _ in range(2):
                # Both are logged: the fault that is set, and the old messages that go.
                service.fault("none")
                service.freeze(service.somebody())
                service.wait_for(lambda: service.rows("SELECT count(*) FROM inbox") != [(0,)])
                service.advance(40 * 86_400)
                service.wait_for(lambda: service.rows("SELECT count(*) FROM inbox") == [(0,)])
        finally:
            process.terminate()
        assert process.wait(30) == 0


def _is_ready(service: Service) -> bool:
    assert service.process.poll() is None, "it did not start"
    try:
        return service.http.get("/readyz").is_success
    except httpx.TransportError:
        return False
