"""The unit that is printed is the one that the handbook shows."""

from __future__ import annotations

from pathlib import Path

from eztong.cli.live.unit import unit_of
from eztong.wiring.settings import settings_of
from tests.docs.pages import ROOT, blocks, section

PROGRAM = Path("/opt/eztong/.venv/bin/eztong")
FILE = Path("/etc/eztong/settings.env")


def test_it_is_the_one_of_the_handbook() -> None:
    settings = settings_of({"data_dir": "/var/lib/eztong", "root_key_file": "/srv/eztong-keys/root.key"})
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    shown = next(block.text for block in blocks(section(text, "Deploy")) if "[Service]" in block.text)
    assert unit_of(settings, settings_file=FILE, program=PROGRAM) == shown


def test_a_data_folder_elsewhere_can_be_written() -> None:
    settings = settings_of({"data_dir": "/data/e", "root_key_file": "/keys/root.key"})
    unit = unit_of(settings, settings_file=FILE, program=PROGRAM)
    assert "ReadWritePaths=/data/e /keys\n" in unit
    assert "StateDirectory" not in unit
