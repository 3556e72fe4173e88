"""The walks on the page of the architecture are those that a call takes, and none goes back into a door."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.docs.pages import ROOT
from tests.docs.walks import shown

TAKES = 5


@pytest.fixture(scope="module")
def takes() -> list[Mapping[str, Any]]:
    """Walks of now; while one is another than on the page, they are taken again: a busy machine has ways of its own."""
    taken = [take()]
    while len(taken) < TAKES and set(shown()) - walked(taken):
        taken.append(take())
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


def walked(takes: Sequence[Mapping[str, Any]]) -> set[str]:
    return {walk for taken in takes for walk in taken["walks"]}


@pytest.mark.timeout(420)
def test_the_page_shows_the_walks_that_are_taken(takes: Sequence[Mapping[str, Any]]) -> None:
    assert [walk for walk in shown() if walk not in walked(takes)] == [], "run: make docs"


@pytest.mark.timeout(420)
def test_the_page_shows_every_walk(takes: Sequence[Mapping[str, Any]]) -> None:
    titles = [[walk.splitlines()[0] for walk in walks] for walks in (shown(), takes[0]["walks"])]
    assert titles[0] == titles[1], "run: make docs"


@pytest.mark.timeout(420)
def test_no_use_case_and_no_job_leads_back_into_a_door(takes: Sequence[Mapping[str, Any]]) -> None:
    assert [taken["doors_again"] for taken in takes if taken["doors_again"]] == []


@pytest.mark.timeout(420)
def test_every_walk_ends_with_its_line_in_the_log(takes: Sequence[Mapping[str, Any]]) -> None:
    walks = takes[0]["walks"]
    assert walks
    assert [walk for walk in walks if "`logs.log_request" not in walk] == []
