"""The bill of materials has what runs and nothing else; known weaknesses are found, and not knowing is never green."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eztong import __version__
from quality.advisories import DatabaseUnusable, read_advisories
from quality.bill_of_materials import NotAsLocked, narrowed, needed_by, pins
from quality.vulnerabilities import FOUND, NOT_CHECKED, check

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LOCK = """# made
httpx==0.28.1 \\
    --hash=sha256:00
    # via eztong==9
uvloop==0.23.0 ; sys_platform == 'win32' \\
    --hash=sha256:00
zxing-cpp==3.1.1 \\
    --hash=sha256:00
"""


def component(name: str, version: str) -> dict[str, Any]:
    return {"bom-ref": f"{name}=={version}", "name": name, "version": version}


def bill() -> dict[str, Any]:
    return {
        "metadata": {"component": {"bom-ref": "root", "name": "eztong"}},
        "components": [component("httpx", "0.28.1"), component("zxing_cpp", "3.1.1"), component("pytest", "9")],
        "dependencies": [{"ref": "root", "dependsOn": ["httpx==0.28.1", "pytest==9"]}, {"ref": "pytest==9"}],
    }


# --- bill of materials ---------------------------------------------------------------------------------------------


def test_what_is_pinned_here_is_kept_and_what_only_builds_is_excluded() -> None:
    made = narrowed(bill(), pins(LOCK), needed={"httpx", "pytest"})
    assert {one["name"]: one["scope"] for one in made["components"]} == {"httpx": "required", "zxing_cpp": "excluded"}
    assert made["dependencies"] == [{"ref": "root", "dependsOn": ["httpx==0.28.1"]}]
    assert made["metadata"]["component"]["version"] == __version__


def test_a_pin_for_another_system_is_checked_for_weaknesses_and_is_not_in_the_bill() -> None:
    assert set(pins(LOCK, here=False)) - set(pins(LOCK)) == {"uvloop"}


def test_what_a_package_needs_is_followed_through_the_extras_that_are_asked_for_and_no_others() -> None:
    assert {"httpx", "httpcore", "anyio"} <= needed_by("eztong")
    assert "hatchling" not in needed_by("eztong")
    assert "socksio" not in needed_by("httpx")


@pytest.mark.parametrize("components", [[], [component("httpx", "0.28.0")]])
def test_what_is_not_installed_as_locked_gives_no_bill(components: list[dict[str, Any]]) -> None:
    with pytest.raises(NotAsLocked, match=r"httpx 0\.28\.1"):
        narrowed(bill() | {"components": [*components, component("zxing_cpp", "3.1.1")]}, pins(LOCK), needed=set())


# --- known weaknesses ----------------------------------------------------------------------------------------------


def advisory(*events: dict[str, str], name: str = "httpx", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of OSV
    affected = {
        "package": {"ecosystem": "PyPI", "name": name},
        "ranges": [{"type": "GIT", "events": [{"introduced": "abc"}]}, {"type": "ECOSYSTEM", "events": [*events]}],
    }
    return {"id": "PYSEC-1", "modified": "2026-11-29T00:00:00Z", "affected": [affected]} | more


def database(folder: Path, *entries: dict[str, Any]) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, entry in enumerate(entries):
            archive.writestr(f"{number}.json", json.dumps(entry))
    return path


def found(folder: Path, *entries: dict[str, Any], version: str = "1.5") -> list[str]:
    return [one.fixed for one in read_advisories(database(folder, *entries)).about({"httpx": version})]


@pytest.mark.parametrize(
    ("events", "hits"),
    [
        ([{"introduced": "0"}], True),
        ([{"introduced": "0"}, {"fixed": "1.5"}], False),
        ([{"introduced": "0"}, {"fixed": "1.5.1"}], True),
        ([{"introduced": "1.6"}], False),
        ([{"introduced": "1.5"}, {"last_affected": "1.5"}], True),
        ([{"introduced": "1.0"}, {"last_affected": "1.4"}], False),
        ([{"fixed": "1.2"}, {"introduced": "1.4"}, {"introduced": "0"}, {"fixed": "1.10"}], True),
        ([{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "1.10"}], False),
    ],
)
def test_the_last_event_at_or_before_a_version_decides(
    events: list[dict[str, str]], hits: bool, tmp_path: Path
) -> None:
    assert bool(found(tmp_path, advisory(*events))) is hits


def test_a_version_that_is_listed_is_affected_whatever_ranges_say(tmp_path: Path) -> None:
    entry = advisory({"introduced": "9"})
    entry["affected"][0]["versions"] = ["1.5"]
    assert found(tmp_path, entry) == [""]


def test_the_least_version_that_is_fixed_is_said(tmp_path: Path) -> None:
    assert found(tmp_path, advisory({"introduced": "0"}, {"fixed": "1.9"}, {"introduced": "1.3"}, {"fixed": "1.10"}))


def test_names_are_compared_as_indexes_do_and_withdrawn_or_foreign_ones_are_left_out(tmp_path: Path) -> None:
    path = database(tmp_path, advisory({"introduced": "0"}, name="Zxing_CPP"))
    assert [one.package for one in read_advisories(path).about({"zxing-cpp": "3"})] == ["zxing-cpp"]
    other = advisory({"introduced": "0"})
    other["affected"][0]["package"]["ecosystem"] = "npm"
    withdrawn = advisory({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")
    assert found(tmp_path, advisory({"introduced": "0"}, name="other"), other, withdrawn) == []


def test_without_a_file_nothing_is_checked_and_nothing_is_green() -> None:
    code, (line,) = check(None, now=NOW)
    assert code == NOT_CHECKED
    assert line.startswith("not checked: ")


@pytest.mark.parametrize(
    "entries",
    [
        [],
        [{"id": "PYSEC-1"}],
        [advisory({"introduced": "0"}, modified="2026-11-29T00:00:00")],
        [advisory({"introduced": "0"}) | {"affected": []}],
        [advisory({"introduced": "no version"})],
    ],
    ids=["empty", "no advisory", "no zone", "nothing for Python", "cannot be compared"],
)
def test_a_file_by_which_nothing_is_known_is_not_green(entries: list[dict[str, Any]], tmp_path: Path) -> None:
    assert check(database(tmp_path, *entries), now=NOW)[0] == NOT_CHECKED


def test_what_is_no_file_of_advisories_is_not_green(tmp_path: Path) -> None:
    assert check(tmp_path / "none.zip", now=NOW)[0] == NOT_CHECKED
    (tmp_path / "page.zip").write_text("<html>")
    with pytest.raises(DatabaseUnusable):
        read_advisories(tmp_path / "page.zip")


def test_an_old_file_finds_and_never_clears(tmp_path: Path) -> None:
    clear = database(tmp_path, advisory({"introduced": "0"}, name="nobody-runs-this"))
    assert check(clear, now=NOW)[0] == 0
    assert check(clear, now=NOW + timedelta(days=30))[0] == NOT_CHECKED
    code, lines = check(database(tmp_path, advisory({"introduced": "0"})), now=NOW + timedelta(days=30))
    assert code == FOUND
    assert lines[0].startswith("httpx ")
