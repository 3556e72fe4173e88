"""Preforked processes are what ``python -m eztong`` would be: code, words, folder, surroundings, and their end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulators.processes import prefork


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - handed on
    return mine | {"EZTONG_DATA_DIR": str(folder / "data")} | more


def by_itself(*arguments: str, env: dict[str, str], cwd: Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "eztong", *arguments]
    return subprocess.run(command, env=env, cwd=cwd, capture_output=True, check=False, timeout=120)


COMMANDS = [
    ("--version",),
    ("--help",),
    ("keys", "list", "--json"),
    ("holders", "freeze"),
    ("proposals", "list"),
    ("fly",),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_it_says_and_returns_what_a_process_of_its_own_would(arguments: tuple[str, ...], tmp_path: Path) -> None:
    env = surroundings(tmp_path)
    forked, own = prefork.run(*arguments, env=env, cwd=tmp_path), by_itself(*arguments, env=env, cwd=tmp_path)
    assert (forked.returncode, forked.stdout, forked.stderr) == (own.returncode, own.stdout, own.stderr)


def test_children_know_nothing_of_each_other(tmp_path: Path) -> None:
    first, second = (surroundings(tmp_path / name) for name in ("a", "b"))
    for env in (first, second):
        assert prefork.run("keys", "init", env=env, cwd=tmp_path).returncode == 0
    told = [prefork.run("keys", "client", env=env, cwd=tmp_path).stdout for env in (first, second, first)]
    assert told[0] == told[2] != told[1]


def test_other_surroundings_of_the_interpreter_take_a_start_of_its_own(tmp_path: Path) -> None:
    env = surroundings(tmp_path, PYTHONVERBOSE="1")
    assert b"import _frozen_importlib" in prefork.run("--version", env=env, cwd=tmp_path).stderr


def test_one_that_does_not_end_is_ended(tmp_path: Path) -> None:
    says = prefork.Says(tmp_path / "out", tmp_path / "err")
    child = prefork.start("serve", "--port", "0", env=surroundings(tmp_path), says=says, cwd=tmp_path)
    assert child.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.01)
    child.kill()
    assert child.wait(30) == child.poll() == -signal.SIGKILL
    child.terminate()
