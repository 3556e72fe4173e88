"""A caller that closed stdin, stdout or stderr: the command runs, and none of its files is taken for one of them."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOOK = """
import os, sys
from eztong.cli.main import open_missing_streams
open_missing_streams()
print("out"), print("err", file=sys.stderr)
assert sys.stdin.read() == ""
sys.exit(os.open("/dev/null", os.O_RDONLY))
"""


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
def test_what_is_closed_leads_nowhere(closed: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, LOOK],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode >= 3
    assert done.stdout == (b"" if "1>" in closed else b"out\n")
    assert done.stderr == (b"" if "2>" in closed else b"err\n")
