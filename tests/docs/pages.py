"""Reading our Markdown as a reader's browser would: links, headings, code blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
NOT_OURS = frozenset({".venv", "node_modules", "var", "dist"})
_MARKDOWN = MarkdownIt("commonmark").enable("table")
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str


def pages() -> list[Path]:
    """Return every Markdown page of the project outside its source code."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    kept = (path for path in found if not NOT_OURS & set(path.parts) and not path.parts[0].startswith("."))
    return sorted(path for path in kept if path.parts[0] not in {"src", "tests", "bench"})


def tokens(text: str) -> Iterator[Token]:
    """Return all tokens, also those within lines."""
    for token in _MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


def links(text: str) -> list[str]:
    """Return the targets of links and pictures."""
    found = (token.attrGet("href") or token.attrGet("src") for token in tokens(text))
    return [str(target) for target in found if target]


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks, in order."""
    return [Block(token.info.strip(), token.content) for token in tokens(text) if token.type == "fence"]


def anchors(text: str) -> set[str]:
    """Return the anchors that headings get where the project is browsed."""
    found: dict[str, int] = {}
    parsed = _MARKDOWN.parse(text)
    for head, inline in pairwise(parsed):
        if head.type != "heading_open":
            continue
        words = "".join(child.content for child in inline.children or ())
        name = _NOT_IN_ANCHOR.sub("", words.lower()).replace(" ", "-")
        seen = found.get(name, 0)
        found[name] = seen + 1
        if seen:
            found[f"{name}-{seen}"] = 1
    return set(found)


def section(text: str, heading: str) -> str:
    """Return what stands under a second-level heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    return named[heading]
