"""``eztong config``: a file that is exported, compared and applied, and says what it would do before it does it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.flows.cli.command import CommandLine

BY = ("--reason", "new desk", "--operator", "demo-li")


@pytest.mark.timeout(240)
def test_what_was_exported_is_changed_compared_and_applied(filled: CommandLine) -> None:
    exported = filled.run("config", "export")
    document: dict[str, Any] = json.loads(exported.out)
    file = filled.folder / "eztong.json"
    file.write_text(exported.out, "utf-8")
    assert filled.run("config", "diff", str(file)).code == 0

    document["partners"]["hotel"]["desks"]["front-9"] = "前台九"
    file.write_text(json.dumps(document), "utf-8")
    differs = filled.run("config", "diff", str(file), "--json")
    assert differs.code == 1
    assert differs.json() == [{"where": "partners.hotel.desks.front-9", "what": "add", "there": "", "wanted": "前台九"}]
    dry = filled.run("config", "apply", str(file), *BY)
    assert (dry.code, "Nothing was changed" in dry.err) == (0, True)
    done = filled.run("config", "apply", str(file), *BY, "--apply")
    assert (done.code, "1 changes were made" in done.err) == (0, True), done.err
    again = filled.run("config", "export")
    assert json.loads(again.out) == document

    file.write_text(json.dumps(document | {"format": "eztong/configuration/v9"}), "utf-8")
    refused = filled.run("config", "diff", str(file))
    assert (refused.code, "[configuration_invalid]" in refused.err) == (2, True)
