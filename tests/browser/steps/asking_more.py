"""An application of which staff want to hear more, and what its applicant then does."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.browser import ways
from tests.browser.window import Window

_QUESTION = "您的姓名以前用过别的写法吗？如果用过，请写下来，并说明什么时候改的。"


def objected(window: Window) -> None:
    """A refusal that its applicant objected to: a number of its own, since one at a time waits for a person."""
    ways.apply_as(window, "测某某", ways.new_citizen()[1])
    window.page.locator("#words").fill("我的姓名和号码没有写错，请再查一次。")
    window.page.locator("#appeal button").click()
    window.page.wait_for_selector("[data-state=under_review]")


def asked(window: Window) -> None:
    """Let staff ask."""
    objected(window)
    page = window.page
    (case,) = re.findall(r"hld_[0-9A-Z]{26}", page.content())
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "words.txt"
        words.write_text(_QUESTION, "utf-8")
        done = window.service.run(
            "applications", "supplement", case, "--operator", "demo-li", "--words-file", str(words)
        )
    assert done.returncode == 0, done.stderr
    page.reload()
    page.wait_for_selector("#answer")


def answered(window: Window) -> None:
    """Answer, and open what withdraws."""
    asked(window)
    window.page.locator("#words").fill("以前写作繁体字，2001 年改的。")
    window.page.locator("#answer button").click()
    window.page.wait_for_selector("[data-state=under_review]")
    window.page.locator("#withdraw summary").click()


def withdrawn(window: Window) -> None:
    """Withdraw instead."""
    asked(window)
    window.page.locator("#withdraw summary").click()
    window.page.locator("#withdraw input[name=understood]").check()
    window.page.locator("#withdraw button").click()
    window.page.wait_for_selector("[data-state=refused]")
