"""The way of log lines out of a server: by a thread of its own, so that nobody waits for whoever reads them.

A pipe whose reader has stopped, a terminal that is held with Ctrl-S or a disk that hangs keeps that thread and nothing
else. What does not fit meanwhile is lost and counted, and a line says how many were lost once lines go out again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from pathlib import Path
from select import select
from time import sleep
from typing import Final, TextIO, cast

import msgspec
import structlog

KEPT: Final = 4 * 1024 * 1024
"""How many characters may wait for the thread: ten seconds of a service under full load."""

GATHERING_SECONDS: Final = 0.01
"""How long the thread waits for more once it was woken: waking it for each line would cost more than the line."""

STOP_SECONDS: Final = 2.0
"""How long a stop waits until what was logged is written."""

_AT_ONCE: Final = 64 * 1024
_LINE_END: Final = ord("\n")


class LogLines:
    """A stream that takes text at once and writes it later, in the same order."""

    def __init__(self, stream: TextIO, *, kept: int = KEPT) -> None:
        """Write to ``stream``; at most ``kept`` characters wait."""
        self._stream = stream
        self._descriptor = _descriptor_of(stream)
        self._kept = kept
        self._waiting: list[str] = []
        self._size = 0
        self._lost = 0
        self._untold = 0
        self._is_torn = False
        self._count: Callable[[int], None] = lambda _lines: None
        # A finaliser that the collector runs inside may log as well.
        self._gate = threading.RLock()
        self._woken = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="log-lines", daemon=True)
        self._thread.start()

    def write(self, text: str) -> int:
        """Take ``text``, or lose it if too much waits."""
        with self._gate:
            if self._ended or self._size + len(text) > self._kept:
                self._lose(text.count("\n"))
            else:
                self._waiting.append(text)
                self._size += len(text)
        if not self._woken.is_set():
            self._woken.set()
        return len(text)

    def flush(self) -> None:
        """Do nothing: the thread writes at once what it takes."""

    def isatty(self) -> bool:
        """Say whether a person reads it."""
        return self._stream.isatty()

    def count_with(self, count: Callable[[int], None]) -> None:
        """Tell ``count``, which must not wait, how many lines are lost: those of before now, others as they are."""
        with self._gate:
            self._count = count
            if self._lost:
                count(self._lost)

    def close(self, seconds: float = STOP_SECONDS) -> bool:
        """Take no more and return whether all was written within ``seconds``."""
        with self._gate:
            self._ended = True
        self._woken.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._ended:
            self._woken.wait()
            if not self._ended:
                sleep(GATHERING_SECONDS)
            self._woken.clear()
            self._write_all()
        self._write_all()

    def _write_all(self) -> None:
        with self._gate:
            taken, self._waiting, self._size = "".join(self._waiting), [], 0
            untold, self._untold = self._untold, 0
        self._put(taken)
        # What did not fit came after what was taken, and before all that comes now.
        if untold and not self._put(_lost_line(untold)):
            with self._gate:
                self._untold += untold

    def _put(self, text: str) -> bool:
        """Write ``text`` and return whether all of it was written; lines that cannot be are lost."""
        data = text.encode(errors="backslashreplace")
        left = memoryview(b"\n" + data if self._is_torn and data else data)
        try:
            while left:
                count = self._write(left[:_AT_ONCE])
                self._is_torn = left[count - 1] != _LINE_END
                left = left[count:]
        except (OSError, ValueError):
            with self._gate:
                self._lose(bytes(left).count(b"\n"))
            return False
        return True

    def _write(self, data: memoryview) -> int:
        """Write some of ``data`` and return how much: past the stream's own buffer, which an ending process locks."""
        if self._descriptor is None:
            self._stream.write(bytes(data).decode(errors="replace"))
            return len(data)
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            # Somebody else made it so; here is who may wait.
            select([], [self._descriptor], [])
            return os.write(self._descriptor, data)

    def _lose(self, lines: int) -> None:
        self._lost += lines
        self._untold += lines
        self._count(lines)


@contextmanager
def log_lines(stream: TextIO) -> Iterator[LogLines]:
    """Give a stream for logs whose thread writes to ``stream``, and write what was logged at the end.

    Meanwhile it is what Python itself writes warnings to. If nobody takes the last lines, nobody waits for ``stream``
    any more: whatever is written to it afterwards is lost.
    """
    with suppress(OSError, ValueError):
        stream.flush()
    lines = LogLines(stream)
    try:
        with redirect_stderr(cast("TextIO", lines)):
            yield lines
    finally:
        descriptor = _descriptor_of(stream)
        if not lines.close() and descriptor is not None:
            with Path(os.devnull).open("wb") as nowhere:
                os.dup2(nowhere.fileno(), descriptor)


def _descriptor_of(stream: TextIO) -> int | None:
    """Return the open file behind the stream, if there is one."""
    try:
        return stream.fileno()
    except (OSError, ValueError):
        return None


def _lost_line(lines: int) -> str:
    now = structlog.processors.TimeStamper(fmt="iso", utc=True)(None, "", {})
    line = {"event": "log_lines_lost", "lines": lines, "level": "warning", **now}
    return msgspec.json.encode(line).decode() + "\n"
