"""docs/operations.md: its shell is shell, its commands and options exist, its backup drill works as written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from docs import build
from eztong.cli.server.listener import OWN_FILES
from eztong.domain.retention.kept import EMPTIED, SWEPT
from eztong.http import framing, sanity, streams
from eztong.http.connection import ConnectionLimits
from eztong.tencentcloud.transport import room
from eztong.tencentcloud.transport.request import MOST_BODY as MOST_TENCENT_BODY
from eztong.wiring.asgi import LARGER_BODIES
from eztong.wiring.doctor import CHECKS
from eztong.wiring.settings import PREFIX, Settings
from tests.docs.pages import ROOT, Block, blocks, pages, section
from tests.simulators.service import running

PAGE = ROOT / "docs" / "operations.md"
TEXT = PAGE.read_text("utf-8")
DRILL = "Backup, and the drill that proves it"
SHELLS = ("bash", "sh")
COMMAND = re.compile(r"(?<![\w./-])(?:\.venv/bin/|\"\$)?eztong\"?((?: [a-z]+(?:-[a-z]+)*)+)")
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
    assert commands_in("eztong holders change-phone --ticket 1") == ["eztong holders change-phone"]
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


NGINX = "\n".join(block.text for block in blocks(section(TEXT, "Deploy")) if block.language == "nginx")
LOCATIONS = re.findall(r"location (~ )?(\S+) \{([^}]*)\}", NGINX)
UNITS = {"": 1, "k": 1024, "m": 1024 * 1024, "s": 1}


def amount(directive: str, text: str) -> int:
    """Return the last value of a directive, in bytes or seconds."""
    number, unit = re.findall(rf"\b{directive} (?:\d+ )?(\d+)([kms]?);", text)[-1]
    return int(number) * UNITS[unit]


def body_limit(path: str) -> int:
    """Return how large a body the documented proxy lets through to a path."""
    inside = next(
        (
            text
            for is_pattern, place, text in LOCATIONS
            if (re.search(place, path) if is_pattern else path.startswith(place))
        ),
        "",
    )
    server = re.sub(r"location [^}]*\}", "", NGINX)
    return amount("client_max_body_size", inside if "client_max_body_size" in inside else server)


def test_the_documented_proxy_lets_through_what_the_service_takes() -> None:
    assert body_limit("/v1/verifications") == sanity.MAX_BODY
    operators = {"/console/agreements/draft", "/console/branding"}
    assert set(LARGER_BODIES) == {"/desk/frame", "/scan/frame", "/partner/apply", "/partner/apply/state"} | operators
    for path, most in LARGER_BODIES.items():
        assert body_limit(path) == most
    assert body_limit("/tencentcloud/") == MOST_TENCENT_BODY


def test_the_documented_proxy_is_as_patient_as_the_service() -> None:
    limits = ConnectionLimits()
    count, size = re.findall(r"large_client_header_buffers (\d+) (\d+)k;", NGINX)[0]
    assert int(count) * int(size) * 1024 == framing.MAX_HEAD
    assert amount("client_header_timeout", NGINX) == limits.head_seconds
    assert amount("client_body_timeout", NGINX) == limits.body_seconds
    assert amount("keepalive_timeout", NGINX) < limits.idle_seconds
    assert amount("proxy_read_timeout", NGINX) > streams.HEARTBEAT_SECONDS
    assert 'proxy_set_header Upgrade "";' in NGINX


def test_the_documented_limits_are_the_services_own() -> None:
    limits = ConnectionLimits()
    said = section(TEXT, "Deploy")
    for words in (
        f"{framing.MAX_HEAD // 1024} KiB, {framing.MAX_FIELDS} fields, {limits.head_seconds:.0f} seconds",
        f"{sanity.MAX_BODY // 1024} KiB; pictures of the camera {LARGER_BODIES['/scan/frame'] // 1024} KiB",
        f"texts of agreements {LARGER_BODIES['/console/agreements/draft'] // 1024} KiB",
        f"the mark {LARGER_BODIES['/console/branding'] // 1024} KiB",
        f"applications of organisations {LARGER_BODIES['/partner/apply'] // 1024} KiB",
        f"Tencent Cloud door {MOST_TENCENT_BODY // 1024**2} MiB",
        f"take {room.MOST_TOGETHER // 1024**2} MiB together",
        f"| {limits.body_seconds:.0f} seconds |",
        f"`EZTONG_KEEP_ALIVE_SECONDS` ({limits.idle_seconds})",
        f"| {limits.write_seconds:.0f} seconds |",
        f"`EZTONG_MAX_CONNECTIONS` ({limits.connections}), never more than `LimitNOFILE` less {OWN_FILES}",
        f"| {streams.MOST}, {streams.MOST_PER_SUBJECT} for each device |",
    ):
        assert words in said
    assert int(re.findall(r"LimitNOFILE=(\d+)", TEXT)[0]) >= limits.connections + OWN_FILES


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
    for kind in (*SWEPT.values(), *EMPTIED.values()):
        line = next(line for line in rows if f"| {kind.what} | `{kind.table}` |" in line)
        assert f"| {kind.period} after {kind.since} |" in line
    assert len(rows) == len(SWEPT) + len(EMPTIED) + 2
