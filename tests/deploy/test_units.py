"""The systemd units: systemd takes them, and finds little that they could do besides their work."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, run

UNITS = DEPLOY / "systemd"
MOST_EXPOSED = {"eztong.service": 15, "eztong-backup.service": 10}
"""Tenths of what ``systemd-analyze security`` calls exposure, of a hundred: a service without any bar has 96."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine on which eztong is installed, as far as systemd looks."""
    units = tmp_path / "etc" / "systemd" / "system"
    units.mkdir(parents=True)
    for file in UNITS.glob("eztong*.service"):
        shutil.copy(file, units)
    for file in UNITS.glob("*.timer"):
        shutil.copy(file, units)
    for program in ("opt/eztong/.venv/bin/eztong", "bin/sh"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).touch(mode=0o755)
    for target in ("sysinit", "basic", "network-online", "time-sync", "multi-user", "timers", "shutdown"):
        (units / f"{target}.target").write_text(f"[Unit]\nDescription={target}\n", "utf-8")
    return tmp_path


def verified(root: Path) -> str:
    names = sorted(file.name for file in UNITS.iterdir() if file.suffix in {".service", ".timer"})
    assert len(names) == 3
    done = run("systemd-analyze", "verify", f"--root={root}", "--man=no", *names)
    return f"{done.stdout}{done.stderr}{done.returncode or ''}"


def test_systemd_takes_them(root: Path) -> None:
    assert verified(root) == ""


def test_what_is_wrong_is_noticed(root: Path) -> None:
    unit = root / "etc" / "systemd" / "system" / "eztong.service"
    unit.write_text(unit.read_text("utf-8").replace("ProtectSystem=strict", "ProtectSytem=strict"), "utf-8")
    assert "ProtectSytem" in verified(root)


@pytest.mark.parametrize("name", MOST_EXPOSED)
def test_little_is_exposed(name: str, tmp_path: Path) -> None:
    done = run("systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED[name]}", str(UNITS / name))
    (said,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert done.returncode == 0, said
    # The same without any bar, to show that the measure measures.
    (tmp_path / name).write_text("[Service]\nExecStart=/bin/true\n", "utf-8")
    assert run("systemd-analyze", "security", "--offline=yes", "--threshold=50", str(tmp_path / name)).returncode != 0


def test_the_user_is_made_by_its_own_file() -> None:
    text = (UNITS / "eztong.sysusers").read_text("utf-8")
    assert re.search(r"^u eztong - ", text, re.MULTILINE)
    for name in MOST_EXPOSED:
        assert "User=eztong\n" in (UNITS / name).read_text("utf-8")
