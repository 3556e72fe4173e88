"""The service worker never stands between a person and a page that the service answered, whatever storage does."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from eztong.citizen.visit import STATIC

FOLDER = Path(__file__).parents[2] / "node"
PAGE = "the service's page"


def answer_of(request: str, *, mode: str = "navigate", method: str = "GET", **faults: str) -> str:
    worker = str(STATIC / "shell" / "sw.js")
    asked = {"file": worker, "mode": mode, "method": method, "request": request, "faults": faults}
    done = subprocess.run(
        ["node", "service-worker.js"], cwd=FOLDER, input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    return str(json.loads(done.stdout))


@pytest.mark.parametrize("fault", ["rejects", "hangs"])
@pytest.mark.parametrize("part", ["open", "put", "match"])
def test_storage_that_is_full_blocked_or_stuck_costs_no_page(part: str, fault: str) -> None:
    assert answer_of("/code", **{part: fault}) == PAGE


@pytest.mark.parametrize("part", ["match", "open"])
def test_storage_that_is_blocked_costs_no_style_and_no_script(part: str) -> None:
    assert answer_of("/static/eztong.css", mode="no-cors", **{part: "rejects"}) == PAGE


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_network_the_kept_page_says_so(method: str) -> None:
    assert answer_of("/code", method=method, fetch="rejects") == "offline page"
    assert answer_of("/code", method=method) == PAGE


def test_what_a_script_sends_is_left_to_the_script() -> None:
    assert answer_of("/code", mode="cors", method="POST") == "left to the browser"


def test_without_a_network_and_without_storage_the_browser_says_so() -> None:
    assert answer_of("/code", fetch="rejects", open="rejects") == "the browser's own error page"
