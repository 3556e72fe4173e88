"""The walks on the page of the architecture are those that a call takes, and none goes back into a door."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from tests.docs.pages import ROOT
from tests.docs.walks import shown

TAKES = 5


@pytest.fixture(scope="module")
def walks() -> Mapping[str, Any]:
    """Walks of now; where they are others, they are taken again: a busy machine sends a plain call the ordinary way."""
    taken = take()
    for _ in range(TAKES - 1):
        if taken["page"].splitlines() == shown().splitlines():
            break
        taken = take()
    return taken


def take() -> Mapping[str, Any]:
    """Take them in a process of their own: a profiler stays for good."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.docs.walks", "--json"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    taken: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return taken


@pytest.mark.timeout(420)
def test_the_page_shows_the_walks_that_are_taken(walks: Mapping[str, Any]) -> None:
    assert shown().splitlines() == walks["page"].splitlines(), "run: make docs"


@pytest.mark.timeout(420)
def test_no_use_case_and_no_job_leads_back_into_a_door(walks: Mapping[str, Any]) -> None:
    assert walks["doors_again"] == {}


@pytest.mark.timeout(420)
def test_every_walk_ends_with_its_line_in_the_log(walks: Mapping[str, Any]) -> None:
    assert walks["page"].count("`logs.log_request") == walks["page"].count("### ") > 0
