"""Axe, the accessibility checker, inside a page: run past the page's content policy, as a browser extension would."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SCRIPT = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
WCAG_2_2_AA = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@lru_cache
def _source() -> str:
    return SCRIPT.read_text(encoding="utf-8")


CONTRAST = ("color-contrast",)
"""The rule about colours."""


def violations(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what breaks WCAG 2.2 AA on the page, or those ``rules``: rule, words and the elements concerned."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": list(WCAG_2_2_AA)}
    found: dict[str, Any] = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})", only
    )
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
