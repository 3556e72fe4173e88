"""The unit that is printed is the one that lies with the files to deploy by."""

from __future__ import annotations

from pathlib import Path

from eztong.cli.live.unit import unit_of
from eztong.wiring.settings import settings_of
from tests.docs.pages import ROOT

PROGRAM = Path("/opt/eztong/.venv/bin/eztong")
FILE = Path("/etc/eztong/settings.env")


def test_it_is_the_one_to_deploy_by() -> None:
    settings = settings_of({"data_dir": "/var/lib/eztong", "root_key_file": "/srv/eztong-keys/root.key"})
    name, _, unit = (ROOT / "deploy" / "systemd" / "eztong.service").read_text("utf-8").partition("\n")
    assert name == "# /etc/systemd/system/eztong.service"
    assert unit_of(settings, settings_file=FILE, program=PROGRAM) == unit


def test_a_data_folder_elsewhere_can_be_written() -> None:
    settings = settings_of({"data_dir": "/data/e", "root_key_file": "/keys/root.key"})
    unit = unit_of(settings, settings_file=FILE, program=PROGRAM)
    assert "ReadOnlyPaths=-/keys\nReadWritePaths=/data/e\n" in unit
    assert "StateDirectory" not in unit
