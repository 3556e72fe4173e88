"""The folder that backup and restore work in: it goes with them, and what a killed one left goes with the next."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from eztong.cli.data.draft_folder import draft_folder, sweep_drafts

WORK = """
import sys, time
from pathlib import Path
from eztong.cli.data.draft_folder import draft_folder
with draft_folder(Path(sys.argv[1])) as folder:
    (folder / "copy.db").write_text("data")
    print(folder, flush=True)
    time.sleep(60)
"""


@contextmanager
def working(beside: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process work in a draft folder."""
    with subprocess.Popen([sys.executable, "-c", WORK, str(beside)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
        if process.poll() is None:
            process.kill()


def test_it_goes_with_whoever_made_it_also_in_a_failure(tmp_path: Path) -> None:
    def fail() -> None:
        with draft_folder(tmp_path) as folder:
            (folder / "copy.db").write_text("data")
            assert folder.stat().st_mode & 0o077 == 0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_who_is_told_to_stop_takes_it_away(tmp_path: Path) -> None:
    with working(tmp_path) as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_goes_with_the_next_but_nothing_of_one_that_lives(tmp_path: Path) -> None:
    with working(tmp_path) as killed, working(tmp_path) as alive:
        killed.kill()
        killed.wait(60)
        assert len(list(tmp_path.iterdir())) == 2
        with draft_folder(tmp_path):
            pass
        assert len(list(tmp_path.iterdir())) == 1
        alive.kill()
        alive.wait(60)
        sweep_drafts(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_link_of_that_name_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("data")
    (tmp_path / "drafts").mkdir()
    (tmp_path / "drafts" / ".eztong-x.unfinished").symlink_to(precious)
    sweep_drafts(tmp_path / "drafts")
    assert [path.name for path in precious.iterdir()] == ["file"]


def test_the_signal_means_afterwards_what_it_meant_before(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with draft_folder(tmp_path):
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before
