"""Processes of ``eztong`` that begin at once: forked from one that has everything imported (a second for each else).

What runs is what ``python -m eztong`` runs, in a process of its own with streams, folder and environment of its own.
Where the interpreter's own start is what a test is about, it starts one by ``subprocess``.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[3]
_OF_THE_INTERPRETER: Final = ("PYTHON", "LC_", "LANG", "LD_", "MALLOC_", "PATH")
"""What an interpreter and its libraries read when they start: another value takes another start."""


@dataclass
class Child:
    """A process that was forked; the part of :class:`subprocess.Popen` that tests use."""

    pid: int
    arguments: tuple[str, ...]
    returncode: int | None = None
    _ended: threading.Event = field(default_factory=threading.Event)

    def poll(self) -> int | None:
        """Return the code, if it has ended."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not, in so many seconds.
        """
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(self.arguments, timeout or 0)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def end(self, code: int) -> None:
        """Note that it has ended."""
        self.returncode = code
        self._ended.set()


@dataclass(frozen=True)
class Says:
    """Where a child's words go, and what it is told."""

    stdout: Path
    stderr: Path
    stdin: Path = Path(os.devnull)


class Parent:
    """The process that has everything imported."""

    def __init__(self) -> None:
        """Start it, and wait until it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.simulators.processes.prefork_parent"],
            cwd=_ROOT,
            env=_without_settings(os.environ),  # noqa: TID251 - a child's environment is ours to give
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert "ready" in json.loads(self._process.stdout.readline())
        self._children: dict[int, Child] = {}
        self._early: dict[int, int] = {}
        self._asking, self._started = threading.Lock(), threading.Condition()
        self._pids: list[int] = []
        self._listener = threading.Thread(target=self._listen, daemon=True, name="prefork")
        self._listener.start()

    def start(self, asked: Mapping[str, object], arguments: tuple[str, ...]) -> Child:
        """Fork a child."""
        assert self._process.stdin is not None
        with self._asking:
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
            with self._started:
                assert self._started.wait_for(lambda: self._pids, 60), "no process was started"
                child = Child(self._pids.pop(), arguments)
                self._children[child.pid] = child
                if child.pid in self._early:
                    child.end(self._early.pop(child.pid))
        return child

    def stop(self) -> None:
        """End it; its children go on."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._listener.join(30)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._hear(json.loads(line))

    def _hear(self, said: Mapping[str, int]) -> None:
        with self._started:
            if "started" in said:
                self._pids.append(said["started"])
                self._started.notify()
            elif said["ended"] in self._children:
                self._children.pop(said["ended"]).end(said["code"])
            else:
                self._early[said["ended"]] = said["code"]


def start(*arguments: str, env: Mapping[str, str], says: Says, cwd: Path | None = None) -> Child:
    """Start ``eztong``; what it says is added to the files."""
    asked = {
        "arguments": arguments,
        "env": dict(env),
        "cwd": str(cwd or Path.cwd()),
        "stdin": str(says.stdin),
        "stdout": str(says.stdout),
        "stderr": str(says.stderr),
    }
    return _parent().start(asked, arguments)


def run(
    *arguments: str, env: Mapping[str, str], cwd: Path | None = None, stdin: bytes | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[bytes]:
    """Run ``eztong`` to its end, and return what it said.

    Raises:
        subprocess.TimeoutExpired: it did not end in so many seconds, and was killed.
    """
    if _of_the_interpreter(env) != _of_the_interpreter(os.environ):  # noqa: TID251 - compared with the child's
        command = [sys.executable, "-m", "eztong", *arguments]
        return subprocess.run(command, env=env, cwd=cwd, input=stdin, capture_output=True, check=False, timeout=timeout)
    with tempfile.TemporaryDirectory(prefix="prefork-") as name:
        folder = Path(name)
        out, err, given = folder / "out", folder / "err", folder / "in"
        given.write_bytes(stdin or b"")
        child = start(*arguments, env=env, says=Says(out, err, given), cwd=cwd)
        try:
            code = child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            raise
        return subprocess.CompletedProcess(arguments, code, out.read_bytes(), err.read_bytes())


@lru_cache(maxsize=1)
def _parent() -> Parent:
    parent = Parent()
    atexit.register(parent.stop)
    return parent


def _without_settings(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if not name.startswith("EZTONG_")}


def _of_the_interpreter(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name.startswith(_OF_THE_INTERPRETER)}
