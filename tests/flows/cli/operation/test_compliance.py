"""``eztong audit pack``, ``eztong doctor --mlps3`` and the counts of acceptances, from the command line."""

from __future__ import annotations

import json
import zipfile
from hashlib import sha256
from pathlib import Path

from tests.flows.cli.command import CommandLine


def test_the_control_points_are_listed_with_what_was_looked_up(filled: CommandLine) -> None:
    found = filled.run("doctor", "--mlps3", "--json").json()
    lines = {one["point"]: one for one in found["points"]}
    assert lines["8.1.1"]["shown"] == "deployment"
    assert (lines["8.1.2.2"]["shown"], lines["8.1.2.2"]["checks"]) == ("not_shown", ["EZT003"])
    assert "An assessor judges" in filled.run("doctor", "--mlps3").err


def test_the_pack_is_written_once_with_the_hash_that_is_printed(filled: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "compliance.zip"
    made = filled.run("audit", "pack", str(file), "--operator", "demo-li", "--json").json()
    assert sha256(file.read_bytes()).hexdigest() == made["sha256"]
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as pack:
        catalogue = json.loads(pack.read("data-catalogue.json"))
        assert json.loads(pack.read("evidence.json"))["notes"]
    (holders,) = (one for one in catalogue if one["table"] == "holders")
    assert {"column": "sealed_name", "class": "sealed"}.items() <= next(
        one for one in holders["columns"] if one["column"] == "sealed_name"
    ).items()
    assert filled.run("audit", "pack", str(file), "--operator", "demo-li").code != 0


def test_acceptances_are_counted_and_reports_are_listed(filled: CommandLine) -> None:
    found = filled.run("agreements", "accepted", "--json").json()
    assert {(one["document"], one["standing"], one["accounts"]) for one in found["versions"]} == {
        ("service", "current", found["accounts"]),
        ("authorisation", "current", found["accounts"]),
    }
    assert filled.run("incidents", "reports", "--all", "--json").json() == []
