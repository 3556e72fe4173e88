"""The threat model cites tests that exist, and every threat says what shows its countermeasure."""

from __future__ import annotations

import re

import pytest

from tests.docs.pages import ROOT, section

TEXT = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
ROW = re.compile(r"^\| (T\d+) \|.*\| (?P<shown>[^|]*) \|$", re.MULTILINE)
TESTS = {match[1]: match["shown"] for match in ROW.finditer(section(TEXT, "Threats"))}
ACCEPTED = set(re.findall(r"^\| (A\d+) \|", section(TEXT, "Accepted"), re.MULTILINE))


def test_every_threat_has_one_row() -> None:
    numbers = sorted(int(name[1:]) for name in TESTS)
    assert numbers == list(range(1, len(numbers) + 1))
    assert section(TEXT, "Threats").count("\n| T") == len(TESTS)


@pytest.mark.parametrize("threat", TESTS)
def test_what_shows_it_exists(threat: str) -> None:
    cited = re.findall(r"`([^`]+)`", TESTS[threat])
    assert [pattern for pattern in cited if not list((ROOT / "tests").glob(pattern))] == []
    accepted = re.findall(r"\((A\d+)\)", TESTS[threat])
    assert set(accepted) <= ACCEPTED
    assert cited or accepted or TESTS[threat] == "not there"
