"""docs/operations.md: its shell is shell, its commands and options exist, its backup drill works as written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from docs import build
from eztong.domain.retention import SWEPT
from eztong.wiring.doctor import CHECKS
from eztong.wiring.settings import PREFIX, Settings
from tests.docs.pages import ROOT, Block, blocks, pages, section
from tests.simulators.service import running

PAGE = ROOT / "docs" / "operations.md"
TEXT = PAGE.read_text("utf-8")
DRILL = "Backup, and the drill that proves it"
SHELLS = ("bash", "sh")
COMMAND = re.compile(r"(?<![\w./-])(?:\.venv/bin/|\"\$)?eztong\"?((?: [a-z]+)+)")
HELPS = dict(build.command_helps())
OPTION = re.compile(r"(?<=\s)--[a-z][a-z-]+")


def shell_blocks() -> list[tuple[str, Block]]:
    found = [(str(page), block) for page in pages() for block in blocks((ROOT / page).read_text("utf-8"))]
    return [(page, block) for page, block in found if block.language in SHELLS]


@pytest.mark.parametrize(("page", "block"), shell_blocks(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_shell_block_is_shell(page: str, block: Block) -> None:
    done = subprocess.run(["bash", "-n"], input=block.text, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{page}: {done.stderr}\n{block.text}"


def commands_in(line: str) -> list[str]:
    """Return the commands of eztong that a line of code names, as deep as they go, and unknown ones as they are."""
    found = []
    for match in COMMAND.finditer(line):
        words = ["eztong", *match[1].split()]
        deepest = next((words[:n] for n in range(len(words), 1, -1) if " ".join(words[:n]) in HELPS), words[:2])
        found.append(" ".join(deepest))
    return found


def code_lines(text: str) -> list[str]:
    fenced = [line for block in blocks(text) if block.language in SHELLS for line in block.text.splitlines()]
    return fenced + re.findall(r"`([^`\n]+)`", text)


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_command_and_option_that_a_page_shows_has_a_help_text(page: Path) -> None:
    for line in code_lines((ROOT / page).read_text("utf-8")):
        for command in commands_in(line):
            assert command in HELPS, f"{page}: {line}"
            if line.count("eztong ") == 1 and "curl" not in line:
                for option in OPTION.findall(line):
                    assert option in HELPS[command], f"{page}: {line}"


def test_a_command_that_is_none_is_noticed() -> None:
    assert commands_in(".venv/bin/eztong keys rotate results") == ["eztong keys rotate"]
    assert commands_in("eztong fly away") == ["eztong fly"]


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_setting_that_a_page_shows_exists(page: Path) -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    shown = set(re.findall(rf"\b{PREFIX}[A-Z][A-Z_]*[A-Z]\b", (ROOT / page).read_text("utf-8")))
    assert shown <= known


def test_every_deployment_check_is_in_the_checklist() -> None:
    ids = [(check.__doc__ or "").partition(":")[0] for check in CHECKS]
    assert [name for name in ids if f"| {name} |" not in section(TEXT, "Going live")] == []


def test_every_metric_that_is_watched_exists() -> None:
    known = {name for name, _, _, _ in build.metric_families()}
    shown = re.findall(r"\beztong_[a-z_]+", section(TEXT, "What to watch"))
    assert shown
    assert [name for name in shown if name not in known and name.removesuffix("_count") not in known] == []


@pytest.mark.timeout(180)
def test_the_backup_drill_works_as_written_beside_a_running_server(tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    backups.mkdir()
    root_key = tmp_path / "elsewhere" / "root.key"
    script = "set -euo pipefail\n" + "".join(b.text for b in blocks(section(TEXT, DRILL)) if b.language == "bash")
    with running(tmp_path / "var", with_partners=False, root_key_file=str(root_key)) as service:
        service.holder("P01")
        here = {
            "EZTONG_DATA_DIR": str(service.data_dir),
            "EZTONG_ROOT_KEY_FILE": str(root_key),
            "BACKUPS": str(backups),
            "TMPDIR": str(tmp_path),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}  # noqa: TID251 - a child's environment is ours to give
        done = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, env=kept | here, capture_output=True, encoding="utf-8", check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.suffix for path in backups.iterdir()] == [".tar"]


def test_what_ends_by_age_stands_in_the_list_with_its_days() -> None:
    rows = [line for line in section(TEXT, "How long things are kept").splitlines() if line.startswith("| ")]
    for kind in SWEPT.values():
        line = next(line for line in rows if f"| {kind.what} | `{kind.table}` |" in line)
        days = kind.after.days
        assert f"| {days} day{'s' if days > 1 else ''} after {kind.since} |" in line
    assert len(rows) == len(SWEPT) + 1
