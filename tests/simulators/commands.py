"""Runs commands in this process, each on a data folder of its own, and keeps what they said.

As a program it makes the process poor first: ``python -m tests.simulators.commands "full disk" WHOLE FOLDER COMMANDS``.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Final

import structlog

from eztong.cli.main import run
from eztong.cli.server import serve

NOBODY: Final = 65534
Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended; ``started`` says whether a service would have begun to serve."""

    command: Command
    code: int
    out: str
    err: str
    started: bool


def run_one(command: Command, data: Path, **settings: str) -> Ran:
    """Run one command in this process; a service that starts ends at once."""
    started: list[object] = []
    out, err = io.StringIO(), io.StringIO()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a command's environment is ours to give
    given = clean | {"EZTONG_DATA_DIR": str(data)} | settings
    with (
        _environment(given),
        _instead_of_serving(lambda: started.append(1)),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = run(command)
    structlog.reset_defaults()
    return Ran(command, code, out.getvalue(), err.getvalue(), bool(started))


@contextmanager
def _environment(given: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)  # noqa: TID251 - as above
    _exchange(given)
    try:
        yield
    finally:
        _exchange(before)


def _exchange(given: Mapping[str, str]) -> None:
    os.environ.clear()  # noqa: TID251 - as above
    os.environ.update(given)  # noqa: TID251 - as above


@contextmanager
def _instead_of_serving(act: Callable[[], object]) -> Iterator[None]:
    real = vars(serve)["serve_on"]

    def stand_in(*_given: object, **_named: object) -> None:
        act()

    vars(serve)["serve_on"] = stand_in
    try:
        yield
    finally:
        vars(serve)["serve_on"] = real


def run_all(commands: Sequence[Command], prepared: Callable[[int], Path], *, whole: Path) -> list[Ran]:
    """Run each command on a folder that ``prepared`` makes for it."""
    ran = []
    for number, command in enumerate(commands):
        data = prepared(number)
        ran.append(run_one(tuple(part.format(folder=data.parent, whole=whole) for part in command), data))
    return ran


def main(poor: str, whole: str, folder: str, commands: str) -> None:
    """Run the commands in a process that can write nothing, or may not write in the data folder; tell it as JSON."""
    known = [tuple(command) for command in json.loads(commands)]
    # What is imported later, another user may not be allowed to read.
    for command in (("doctor",), ("db", "check"), ("sandbox", "credentials"), ("keys", "list"), ("partners", "list")):
        run_one(command, Path(shutil.copytree(whole, Path(folder) / "warm" / command[0])))
    backup = Path(shutil.copy2(Path(whole).parent / "whole.tar", folder))
    folders = [Path(shutil.copytree(whole, Path(folder) / str(number) / "data")) for number in range(len(known))]
    if poor == "full disk":
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    elif poor == "read-only folder":
        for data in folders:
            _close(data)
        _give(backup)
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    ran = run_all(known, folders.__getitem__, whole=backup)
    sys.stdout.write(json.dumps([astuple(one) for one in ran]))


def _close(data: Path) -> None:
    for path in (*data.iterdir(), data, data.parent):
        _give(path)
        path.chmod(0o500 if path.is_dir() else 0o600)


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


if __name__ == "__main__":
    main(*sys.argv[1:])
