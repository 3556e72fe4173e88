"""Ways to the pages of cases of misuse: at the console, and of whoever is concerned."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.window import Window

_WORDS = "有人投诉这个账户借用他人的身份码。"


def to_cases(window: Window) -> Page:
    """Open the queue of cases while one waits."""
    _opened(window)
    return window.staff("/console/cases")


def to_case(window: Window) -> Page:
    """Open a case."""
    case, _holder = _opened(window)
    return window.staff(f"/console/cases/{case}")


def to_decisions(window: Window) -> Page:
    """Be somebody who was warned, and see that a decision was made."""
    case, holder = _opened(window)
    _run(window, "warn", case)
    window.be(holder)
    return window.open("/me/cases")


def to_decision(window: Window) -> Page:
    """Read the decision, with the form to object."""
    page = to_decisions(window)
    page.locator("a[href^='/me/cases/']").first.click()
    page.wait_for_url("**/me/cases/*")
    return page


def _opened(window: Window) -> tuple[str, str]:
    """Let an operator open a case about somebody; return the ids of both."""
    holder = window.service.somebody()
    return str(_run(window, "open", holder, "--reason", "breach")["case_id"]), holder


def _run(window: Window, *arguments: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "words.txt"
        file.write_text(_WORDS, "utf-8")
        done = window.service.run("cases", *arguments, "--words-file", str(file), "--operator", "demo-li", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found
