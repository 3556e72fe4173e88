"""Files of settings are read as a shell and systemd read them, and changed line by line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eztong.cli.live.environment_file import parse_lines, read_values, with_values, write_values
from eztong.wiring.settings import SettingsInvalid

TEXTS = st.text("aé示\"\\$`'# ;=%", max_size=12)
HARD = {"EZTONG_A": "a \"b\" \\ $HOME `id` 'c' # d;", "EZTONG_B": "示例 城市", "EZTONG_C": ""}


@given(st.dictionaries(st.from_regex(r"EZTONG_[A-Z]{1,5}", fullmatch=True), TEXTS, max_size=4))
@settings(max_examples=50)
def test_what_is_written_is_read(values: dict[str, str]) -> None:
    assert parse_lines(with_values("", values)) == values


def test_a_shell_reads_the_same(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    write_values(file, HARD)
    script = f'set -a; . {file}; printf "%s\\n" "$EZTONG_A" "$EZTONG_B" "$EZTONG_C"'
    read = subprocess.run(["sh", "-c", script], capture_output=True, encoding="utf-8", check=True, env={})
    assert read.stdout.splitlines() == list(HARD.values())
    assert file.stat().st_mode & 0o777 == 0o600


def test_only_lines_that_change_change() -> None:
    text = "# ours\n\nEZTONG_PORT=8080\nFORWARDED_ALLOW_IPS='10.0.3.7'\nEZTONG_HOST=\"::1\"\n"
    assert with_values(text, {"EZTONG_HOST": "::1", "EZTONG_PORT": "8080"}) == text
    changed = with_values(text, {"EZTONG_PORT": "9090", "EZTONG_ORIGIN": "eid"})
    assert changed == text.replace("EZTONG_PORT=8080", 'EZTONG_PORT="9090"') + 'EZTONG_ORIGIN="eid"\n'


@pytest.mark.parametrize(
    "line",
    ["EZTONG_A=two words", "EZTONG_A=$HOME", 'EZTONG_A="$(id)"', "EZTONG_A=a\\", "export EZTONG_A=a", "EZTONG_A"],
)
def test_what_a_shell_and_systemd_read_differently_is_refused_without_being_shown(line: str) -> None:
    with pytest.raises(SettingsInvalid, match="Line 2") as caught:
        parse_lines(f"# first\n{line}\n")
    assert "HOME" not in caught.value.detail


def test_what_no_line_can_hold_is_refused() -> None:
    with pytest.raises(SettingsInvalid, match="EZTONG_A"):
        with_values("", {"EZTONG_A": "a\nEZTONG_B=b"})


def test_others_may_not_read_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    with pytest.raises(SettingsInvalid, match="no file"):
        read_values(file)
    file.write_bytes(b"\xff")
    file.chmod(0o644)
    with pytest.raises(SettingsInvalid, match="chmod 600"):
        read_values(file)
    file.chmod(0o600)
    with pytest.raises(SettingsInvalid, match="no text"):
        read_values(file)
