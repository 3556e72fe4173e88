"""The demo's installation: a folder of its own, two server processes, and commands run as anybody would run them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from eztong.domain.errors import Unavailable
from eztong.wiring.settings import PREFIX

_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 25.0
_POLL_SECONDS: Final = 0.05
_LOG_TAIL: Final = 2000


class ChildFailed(Unavailable):
    """A process that the demo needs did not do its work."""

    code = "demo_process_failed"


@dataclass(slots=True)
class Installation:
    """Everything lives in ``folder``; nothing of the surroundings' settings leaks in."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    _children: list[tuple[str, subprocess.Popen[bytes]]] = field(default_factory=list)

    @property
    def data_dir(self) -> Path:
        """The service's data folder."""
        return self.folder / "data"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of ours to its end, whatever its exit code."""
        return subprocess.run(  # noqa: S603 - our own command line with arguments of ours
            _command(arguments), env=self._environment(), cwd=self.folder, capture_output=True, text=True, check=False
        )

    def run_json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command's JSON says
        """Run one command of ours and read its JSON.

        Raises:
            ChildFailed: it exited with an error.
        """
        done = self.run(*arguments, "--json")
        if done.returncode:
            raise ChildFailed(f"eztong {' '.join(arguments)} exited with {done.returncode}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def start(self, name: str, *arguments: str, address: str) -> None:
        """Start a server of ours and wait until it says that it is well.

        Raises:
            ChildFailed: it ended or did not become well in time; the end of its log says why.
        """
        with self.log(name).open("wb") as log:
            child = subprocess.Popen(  # noqa: S603 - our own command line with arguments of ours
                _command(arguments), env=self._environment(), cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        self._children.append((name, child))
        deadline = time.monotonic() + _START_SECONDS
        # Its own word first: another program may be well at this address.
        while not (f" serves {address}" in self.tail(name) and _is_well(address)):
            if child.poll() is not None or time.monotonic() > deadline:
                raise ChildFailed(f"{name} did not start.\n{self.tail(name)}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End every child that was started here: by SIGTERM, and by force if that does not help."""
        for _name, child in reversed(self._children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for _name, child in reversed(self._children):
            try:
                child.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()

    def log(self, name: str) -> Path:
        """Return where a server writes its log."""
        return self.folder / f"{name}.log"

    def tail(self, name: str) -> str:
        """Return the end of a server's log."""
        log = self.log(name)
        return log.read_text(errors="replace")[-_LOG_TAIL:] if log.exists() else ""

    def logs(self) -> Sequence[str]:
        """Return the names of the servers that were started."""
        return [name for name, _child in self._children]

    def _environment(self) -> Mapping[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - handed on to children, not read as settings
            if not name.upper().startswith(PREFIX)
        }
        return inherited | {f"{PREFIX}{name}": value for name, value in self.settings.items()}


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "eztong", *arguments]


def _is_well(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=1.0).is_success
    except httpx.HTTPError:
        return False
