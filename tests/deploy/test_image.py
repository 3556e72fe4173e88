"""The image: hadolint finds nothing, and what it needs of a file system is one folder to write, as another user."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.deploy.tools import DEPLOY, ROOT, run, tool
from tests.simulators.service import free_port

TMP = "/tmp"  # noqa: S108 - the image's own
CONTAINERFILE = DEPLOY / "container" / "Containerfile"


def test_hadolint_finds_nothing() -> None:
    done = run("hadolint", str(CONTAINERFILE))
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("line", "rule"),
    [("FROM python", "DL3006"), ("FROM python:latest", "DL3007"), ("FROM python:3.11\nRUN sudo id", "DL3004")],
)
def test_what_is_wrong_is_noticed(line: str, rule: str, tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text(f"{line}\n")
    done = run("hadolint", str(tmp_path / "Containerfile"))
    assert done.returncode == 1
    assert rule in done.stdout


def healthcheck(port: int) -> int:
    """Run what the image is asked whether it is well."""
    text = CONTAINERFILE.read_text("utf-8")
    (code,) = re.findall(r'^  CMD \["/opt/eztong/bin/python", "-I", "-c", "(.+)"\]$', text, re.MULTILINE)
    return subprocess.run([sys.executable, "-I", "-c", code.replace("8080", str(port))], check=False).returncode


def test_it_runs_as_another_user_on_a_read_only_file_system(tmp_path: Path) -> None:
    volume, port = tmp_path / "volume", free_port()
    volume.mkdir(mode=0o700)
    reads, writes = os.pipe()
    with subprocess.Popen(
        [*contained(volume, told=writes), sys.executable, "-m", "eztong", "serve"],
        env=environment(port),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        pass_fds=[writes],
    ) as process:
        os.close(writes)
        with os.fdopen(reads) as told:
            said = told.read()
        assert said, process.communicate()[1]
        try:
            wait_until_well(port, process)
            assert httpx.get(f"http://127.0.0.1:{port}/sandbox", trust_env=False).status_code == httpx.codes.OK
            assert healthcheck(port) == 0
        finally:
            # To process 1 itself, as whoever stops a container does.
            os.kill(int(json.loads(said)["child-pid"]), signal.SIGTERM)
            process.communicate(timeout=45)
        assert process.returncode == 0
    assert healthcheck(port) != 0
    assert {one.name for one in (volume / "data").iterdir()} >= {"eztong.db", "keyring.json", "root.key"}


def contained(volume: Path, *, told: int) -> list[str]:
    """Return what runs a program as process 1, without rights, with one folder to write and a tmpfs."""
    own = [*("--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--as-pid-1", "--cap-drop", "ALL")]
    own += ["--uid", "10001", "--gid", "10001", "--die-with-parent", "--info-fd", str(told)]
    files = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", TMP]
    # Where this checkout itself lies in /tmp, it is hidden by that.
    needed = {ROOT.resolve(), Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    hidden = sorted(str(one) for one in needed if one.is_relative_to(TMP))
    files += [word for folder in hidden for word in ("--ro-bind", folder, folder)]
    files += ["--tmpfs", "/var/lib", "--bind", str(volume), "/var/lib/eztong", "--chdir", "/var/lib/eztong"]
    return [tool("bwrap"), *own, *files]


def environment(port: int) -> dict[str, str]:
    """Return the environment of the image, with an address of this machine."""
    image = dict(re.findall(r"^    (EZTONG_[A-Z_]+)=(\S+)", CONTAINERFILE.read_text("utf-8"), re.MULTILINE))
    here = {name: value for name, value in os.environ.items() if name in {"PATH", "PYTHONPATH"}}  # noqa: TID251 - where programs are
    return here | image | {"EZTONG_HOST": "127.0.0.1", "EZTONG_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"}


def wait_until_well(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"it did not start; it ended with {process.poll()}")
