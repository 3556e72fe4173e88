"""The real service for tests: the program itself in a process of its own, spoken to over HTTP.

One sandbox per test module keeps the tests quick; what needs a fresh one starts its own.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

START_SECONDS = 30.0


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Partner:
    """A demo partner with a fresh key."""

    partner_id: str
    api_key: str
    http: httpx.Client

    def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        """POST JSON as this partner; underscores in header names stand for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post(path, json=body, headers={"authorization": f"Bearer {self.api_key}", **named})

    def get(self, path: str) -> httpx.Response:
        """GET as this partner."""
        return self.http.get(path, headers={"authorization": f"Bearer {self.api_key}"})

    def verify(self, code: str, scene: str, *wants: str, desk: str | None = None, **headers: str) -> httpx.Response:
        """Present a code."""
        body: dict[str, Any] = {"code": code, "scene": scene}
        if wants:
            body["wants"] = list(wants)
        if desk is not None:
            body["desk"] = desk
        return self.post("/v1/verifications", body, **headers)


@dataclass
class Service:
    """A running sandbox."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]
    http: httpx.Client
    partners: dict[str, Partner] = field(default_factory=dict)

    def holder(self, persona: str) -> dict[str, Any]:
        """Register a persona."""
        answer = self.http.post("/v1/test_helpers/holders", json={"persona": persona})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def code(self, holder_id: str, channel: str = "screen") -> dict[str, Any]:
        """Show a code."""
        answer = self.http.post(f"/v1/test_helpers/holders/{holder_id}/codes", json={"channel": channel})
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def advance(self, seconds: int) -> None:
        """Move the clock."""
        self.http.post("/v1/test_helpers/clock", json={"advance_seconds": seconds}).raise_for_status()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line against this service's data."""
        return run_cli(*arguments, data_dir=self.data_dir, port=int(self.url.rpartition(":")[2]))

    def kill(self) -> None:
        """Kill without a chance to clean up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)


def run_cli(*arguments: str, data_dir: Path, port: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``eztong`` and return what it printed."""
    return subprocess.run(
        [sys.executable, "-m", "eztong", *arguments],
        env=_environment(data_dir, port),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextmanager
def running(data_dir: Path, *, with_partners: bool = True, **settings: str) -> Iterator[Service]:
    """Serve ``data_dir`` until the block ends."""
    port = free_port()
    log = data_dir.parent / f"{data_dir.name}-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "eztong", "serve", "--port", str(port)],
            env=_environment(data_dir, port) | {f"EZTONG_{k.upper()}": v for k, v in settings.items()},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:
        service = Service(url, data_dir, log, process, http)
        try:
            _wait_until_ready(service)
            if with_partners:
                _take_credentials(service)
            yield service
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)


def _environment(data_dir: Path, port: int | None) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    clean["EZTONG_DATA_DIR"] = str(data_dir)
    if port is not None:
        clean["EZTONG_PORT"] = str(port)
    return clean


def _wait_until_ready(service: Service) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if service.process.poll() is not None:
            break
        try:
            if service.http.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not start:\n{service.log.read_text()}")


def _take_credentials(service: Service) -> None:
    printed = service.run("sandbox", "credentials", "--json")
    assert printed.returncode == 0, printed.stderr
    for entry in json.loads(printed.stdout)["partners"].values():
        service.partners[entry["id"]] = Partner(entry["id"], entry["api_key"], service.http)
