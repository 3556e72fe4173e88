"""docs/quickstart.md does what it says: every bash block is run, in order, in one shell, against the real service."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.simulators.service import Service, running

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "quickstart.md"
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "@@ block "
ANYTHING = "…"
SHELL_SECONDS = 120


@dataclass
class Step:
    """A block that is run, and the lines that the page says will come."""

    script: str
    expected: list[str]


def steps(page: str) -> list[Step]:
    found: list[Step] = []
    for match in FENCE.finditer(page):
        if match["language"] == "bash":
            found.append(Step(match["text"], []))
        elif match["language"] == "text":
            found[-1].expected += match["text"].splitlines()
    return found


def script_of(found: list[Step]) -> str:
    parts = [f"echo '{MARK}{number}'\n{step.script}" for number, step in enumerate(found)]
    return "set -euo pipefail\n" + "\n".join(parts)


def missing(expected: list[str], printed: str) -> list[str]:
    """Return the expected lines that do not come one after another in what was printed."""
    lost, position = [], 0
    for line in expected:
        pattern = ".*?".join(re.escape(part) for part in line.strip().split(ANYTHING))
        found = re.compile(pattern).search(printed, position)
        if found is None:
            lost.append(line)
        else:
            position = found.end()
    return lost


def run_page(service: Service) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    here = {"PORT": service.url.rpartition(":")[2], "EZTONG_DATA_DIR": str(service.data_dir), "NO_PROXY": "127.0.0.1"}
    return subprocess.run(
        ["bash", "-c", script_of(steps(PAGE.read_text("utf-8")))],
        cwd=ROOT,
        env=kept | here | {"LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=SHELL_SECONDS,
        check=False,
    )


@pytest.mark.timeout(SHELL_SECONDS)
def test_the_page_does_what_it_says(tmp_path: Path) -> None:
    with running(tmp_path / "var", with_partners=False) as service:
        done = run_page(service)
    printed = done.stdout.split(MARK)[1:]
    shown = f"{done.stdout}\n--- stderr ---\n{done.stderr}"
    assert done.returncode == 0, shown
    for number, step in enumerate(steps(PAGE.read_text("utf-8"))):
        assert missing(step.expected, printed[number]) == [], f"block {number} printed:\n{printed[number]}"


def test_every_line_that_shows_a_status_is_expected_somewhere() -> None:
    expected = "\n".join(line for step in steps(PAGE.read_text("utf-8")) for line in step.expected)
    for status in ("200", "201", "401", "409", "410", "422"):
        assert f"HTTP {status}" in expected


def test_a_line_that_does_not_come_is_noticed() -> None:
    printed = '{"outcome":"declined"}\nHTTP 200'
    assert missing(['"outcome":"passed"', "HTTP …0"], printed) == ['"outcome":"passed"']
    assert missing(["HTTP 200", "declined"], printed) == ["declined"]
