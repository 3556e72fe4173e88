"""Runs the real command line in processes of its own, on a data folder of the test."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.simulators.processes import prefork


@dataclass
class CommandLine:
    """``eztong`` with settings of the test; nothing of the surroundings' settings leaks in."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def run(self, *arguments: str, stdin: bytes | None = None) -> "Done":
        done = prefork.run(*arguments, env=self.environment(), cwd=self.folder, stdin=stdin)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def as_operator(self) -> None:
        """Let commands know the demo operators' secret from now on."""
        with closing(sqlite3.connect(self.data / "eztong.db")) as database:
            query = "SELECT value FROM service_settings WHERE name = 'sandbox_operator_secret'"
            self.settings["EZTONG_OPERATOR_SECRET"] = database.execute(query).fetchone()[0]

    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - handed on
        return inherited | {"EZTONG_DATA_DIR": str(self.data)} | self.settings

    @contextmanager
    def serving(self, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        """Serve on a free port; give the base address, and stop by SIGTERM."""
        with (self.folder / "server.log").open("w") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", "eztong", *arguments, "--port", "0"],
                env=self.environment(),
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            assert child.stdout is not None
            line = child.stdout.readline()
            address = next((word for word in line.split() if word.startswith("http://")), None)
            assert address is not None, (self.folder / "server.log").read_text()
            _wait_until_well(address)
            yield address, child
        finally:
            child.send_signal(signal.SIGTERM)
            child.communicate(timeout=30)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - whatever the command says
        assert self.code in {0, 1}, self.err
        return json.loads(self.out)


def _wait_until_well(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            if httpx.get(f"{address}/healthz", timeout=1).is_success:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline, "the server did not become well"
        time.sleep(0.05)
