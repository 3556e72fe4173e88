"""Lines of the log that nobody reads: they are lost and counted, and whoever logs never waits."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from time import monotonic, sleep
from typing import TextIO

import pytest

from eztong.cli.server.log_lines import LogLines, log_lines

MORE_THAN_A_PIPE = 200_000
SOON = 10.0
SETTLING = 0.05


@dataclass(frozen=True)
class Pipe:
    """A pipe whose reader reads when it likes."""

    reader: int
    writer: TextIO

    def read_all(self) -> str:
        """Read until the writer is closed, on this thread."""
        parts = list[bytes]()
        while part := os.read(self.reader, 65536):
            parts.append(part)
        return b"".join(parts).decode()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    reader, writer = os.pipe()
    stream = os.fdopen(writer, "w", encoding="utf-8")
    yield Pipe(reader, stream)
    # A thread that still writes gives up here, before its descriptor is somebody else's: the next test's.
    os.close(reader)
    sleep(SETTLING)
    with suppress(OSError):
        stream.close()


def in_time(lines: LogLines, count: int, *, width: int = 1000) -> float:
    """Write ``count`` lines and return how long that took."""
    began = monotonic()
    for number in range(count):
        lines.write(f"{number:0{width}}\n")
    return monotonic() - began


def read_after_closing(pipe: Pipe, lines: LogLines) -> list[str]:
    """Return all lines that come out once the reader reads again."""
    got = list[str]()
    reading = threading.Thread(target=lambda: got.append(pipe.read_all()))
    reading.start()
    assert lines.close(SOON)
    pipe.writer.close()
    reading.join(SOON)
    return got[0].splitlines()


def test_lines_of_many_threads_come_whole_and_each_threads_in_order(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file, log_lines(file) as lines:

        def write(name: str) -> None:
            for number in range(200):
                lines.write(f"{name} {number}\n")

        threads = [threading.Thread(target=write, args=(name,)) for name in "abc"]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    written = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    for name in "abc":
        assert [int(number) for who, number in written if who == name] == list(range(200))


def test_what_was_logged_before_the_end_is_written_at_the_end(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file, log_lines(file) as lines:
        lines.write("last words\n")
    assert (tmp_path / "log").read_text() == "last words\n"


def test_a_stream_that_is_no_file_gets_the_lines_too() -> None:
    stream = StringIO()
    with log_lines(stream) as lines:
        lines.write("一\ntwo\n")
    assert stream.getvalue() == "一\ntwo\n"


def test_a_reader_that_stopped_keeps_nobody_and_nobody_waits_at_the_end(pipe: Pipe) -> None:
    lines = LogLines(pipe.writer, kept=MORE_THAN_A_PIPE)
    assert in_time(lines, 2000) < SOON
    began = monotonic()
    assert not lines.close(0.2)
    assert monotonic() - began < SOON
    lines.write("after the end\n")
    os.set_blocking(pipe.reader, False)
    while True:  # the reader reads again, so that the thread ends
        try:
            if not os.read(pipe.reader, 65536):
                break
        except BlockingIOError:
            if lines.close(0.05):
                break


def test_after_the_end_nobody_waits_for_a_reader_that_stopped(pipe: Pipe) -> None:
    with log_lines(pipe.writer) as lines:
        in_time(lines, 500)
        sys.stderr.write("a warning of Python's own")
    pipe.writer.write("x" * MORE_THAN_A_PIPE)
    pipe.writer.flush()


def test_lost_lines_are_counted_and_told_in_their_place(pipe: Pipe) -> None:
    counted = list[int]()
    lines = LogLines(pipe.writer, kept=MORE_THAN_A_PIPE)
    lines.count_with(counted.append)
    in_time(lines, 2000)
    written = read_after_closing(pipe, lines)
    told = [json.loads(line) for line in written if "log_lines_lost" in line]
    plain = [int(line) for line in written if "log_lines_lost" not in line]
    assert sum(counted) > 1000
    assert sum(one["lines"] for one in told) == sum(counted)
    assert len(plain) == 2000 - sum(counted)
    assert plain == sorted(plain)
    assert {one["level"] for one in told} == {"warning"}


def test_lines_lost_before_anybody_counted_are_counted_then(pipe: Pipe) -> None:
    lines = LogLines(pipe.writer, kept=10)
    lines.write("longer than ten\n")
    counted = list[int]()
    lines.count_with(counted.append)
    assert counted == [1]
    read_after_closing(pipe, lines)


def test_a_full_disk_loses_lines_which_are_told_once_there_is_room(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as file, Path("/dev/full").open("w") as full:
        room = os.dup(file.fileno())
        os.dup2(full.fileno(), file.fileno())
        counted = list[int]()
        lines = LogLines(file)
        lines.count_with(counted.append)
        lines.write("one\ntwo\n")
        until = monotonic() + SOON
        while sum(counted) < 2 and monotonic() < until:
            sleep(0.01)
        os.dup2(room, file.fileno())
        os.close(room)
        lines.write("three\n")
        assert lines.close(SOON)
    first, second = (tmp_path / "log").read_text().splitlines()
    assert {json.loads(one)["lines"] for one in (first, second) if one != "three"} == {2}
    assert sum(counted) >= 2


def test_a_line_that_was_cut_off_does_not_swallow_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really, calls = os.write, list[int]()

    def failing(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return really(descriptor, data[:3] if len(calls) == 1 else data)

    monkeypatch.setattr(os, "write", failing)
    with (tmp_path / "log").open("w") as file:
        lines = LogLines(file)
        lines.write("abcdef\n")
        until = monotonic() + SOON
        while len(calls) < 2 and monotonic() < until:
            sleep(0.01)
        lines.write("next\n")
        assert lines.close(SOON)
    written = (tmp_path / "log").read_text().splitlines()
    assert written[0] == "abc"
    assert "next" in written
    assert any('"lines":1' in line for line in written)


def test_a_pipe_that_somebody_made_not_to_wait_loses_nothing(pipe: Pipe) -> None:
    os.set_blocking(pipe.writer.fileno(), False)
    lines = LogLines(pipe.writer)
    in_time(lines, 500)
    assert len(read_after_closing(pipe, lines)) == 500
