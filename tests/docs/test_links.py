"""Every link in every page leads somewhere: files exist, anchors are headings."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.pages import ROOT, anchors, links, pages


def broken(page: Path, text: str) -> list[str]:
    """Return the links of a page, given by its path from the root, that lead nowhere in the project."""
    return [link for link in links(text) if not leads_somewhere(link, page, text)]


def leads_somewhere(link: str, page: Path, text: str) -> bool:
    """Say whether a link of a page is to the outside, or to a file and heading that are there."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return True
    if parts.path:
        target = (ROOT / page).parent / unquote(parts.path)
        if not target.exists() or not target.resolve().is_relative_to(ROOT):
            return False
        text = target.read_text("utf-8") if parts.fragment else ""
    return not parts.fragment or parts.fragment in anchors(text)


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page, (ROOT / page).read_text("utf-8")) == []


def test_a_link_to_nothing_is_noticed() -> None:
    text = (
        "# One\n\n[a](nothing.md) [b](#one) [c](#two) ![d](img/none.svg) [e](../README.md#no-such) [f](https://x.org)\n"
    )
    assert broken(Path("docs/page.md"), text) == ["nothing.md", "#two", "img/none.svg", "../README.md#no-such"]


def test_the_pages_of_the_project_are_looked_at() -> None:
    assert {Path("README.md"), Path("README.zh-CN.md"), Path("docs/quickstart.md")} <= set(pages())
