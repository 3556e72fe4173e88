"""Agreements as HTML: Markdown without raw HTML, with every emphasis kept as ``<strong>`` (clause P-2).

CommonMark decides whether ``**`` opens or closes by spaces and punctuation around it, which Chinese text does not
have in the places it expects (``**《协议》**与``). An invisible joiner beside each mark makes it decide by order
instead; it is taken out again, so the reader's text is the author's. Everything else in the text is escaped here, so
templates may mark the result as safe.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Final, TypeAlias

from markdown_it import MarkdownIt

from eztong.domain.agreement_sets.clauses import clause_anchor, clause_number

_JOINER: Final = "\u2060"
_MARK: Final = re.compile(r"\*\*")
# Some texts underline on top of bold. Raw HTML is never let through, and the stylesheet underlines every emphasis.
_UNDERLINE: Final = re.compile(r"</?u>")


# A clause is found by its number: its heading is for reading only (clause 5.4).
_NUMBERED: Final = re.compile(r"<h([2-6])>(?=((?:\d+\.)*\d+|[一二三四五六七八九])[.、\s<])")
_WHOLE_HEADING: Final = re.compile(
    r"<h(?P<level>[2-6])[^>]*>(?P<number>(?:\d+\.)*\d+|[一二三四五六七八九])(?=[.、\s<]).*?</h(?P=level)>"
)
Notes: TypeAlias = tuple[tuple[str, str], ...]
"""Words to stand at a clause, by its number."""
_TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEAD: Final = re.compile(r"<th>(.*?)</th>", re.DOTALL)
_ROW: Final = re.compile(r"<tr>\n(?=<td>).*?</tr>", re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")
# A narrow page sets cells below each other, and a table is one to a screen reader all the same.
_ROLES: Final = (("<table", "table"), ("<tr", "row"), ("<th", "columnheader"), ("<td", "cell"))
_SECTION: Final = re.compile(r"^## ", re.MULTILINE)
_SECTIONS_AROUND_POINTS: Final = 3


def render_key_points(text: str) -> str:
    """Return the HTML of the text's first section, which holds the key points; nothing if it has no sections."""
    found = _points_and_rest(text)
    return "" if found is None else render_agreement(found[0])


@lru_cache(maxsize=64)
def render_agreement(text: str) -> str:
    """Return the HTML of an agreement's text."""
    paragraphs = _UNDERLINE.sub("", text.replace(_JOINER, "")).split("\n\n")
    source = "\n\n".join(_with_decided_marks(paragraph) for paragraph in paragraphs)
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    return _TABLE.sub(_with_columns, html.replace(_JOINER, ""))


@lru_cache(maxsize=64)
def render_with_anchors(text: str, notes: Notes = ()) -> str:
    """Return the HTML of an agreement's text that stands alone on its page, each clause with an anchor.

    The anchor is the clause's number, `clause-2.11`, the same in every language and whatever the heading says.
    ``notes`` stand below the headings of their clauses.
    """
    return _with_notes(_NUMBERED.sub(_with_anchor, render_agreement(text)), notes)


def render_below_points(text: str, notes: Notes) -> str:
    """Return the HTML of a text whose key points stand above it already, on a page beside another one.

    It has notes and no anchors. A text without key points is whole.
    """
    found = _points_and_rest(text)
    return _with_notes(render_agreement(text if found is None else found[1]), notes)


def _points_and_rest(text: str) -> tuple[str, str] | None:
    sections = _SECTION.split(text, maxsplit=2)
    if len(sections) < _SECTIONS_AROUND_POINTS or sections[0].strip():
        return None
    _title, _, points = sections[1].partition("\n")
    return points, f"## {sections[2]}"


def _with_columns(table: re.Match[str]) -> str:
    """Return the table with each cell knowing the name of its column."""
    columns = [_TAG.sub("", one) for one in _HEAD.findall(table[0])]

    def named(row: re.Match[str]) -> str:
        cells = iter(columns)
        return re.sub("<td>", lambda _: f'<td data-column="{next(cells, "")}">', row[0])

    html = _ROW.sub(named, table[0])
    for tag, role in _ROLES:
        html = re.sub(rf"{tag}(?=[ >])", f'{tag} role="{role}"', html)
    return html


def _with_anchor(heading: re.Match[str]) -> str:
    level, number = heading.groups()
    return f'<h{level} id="{clause_anchor(clause_number(number))}">'


def _with_notes(html: str, notes: Notes) -> str:
    if not notes:
        return html

    def noted(heading: re.Match[str]) -> str:
        said = [words for number, words in notes if number == clause_number(heading["number"])]
        return heading[0] + "".join(f'<p class="clause-mark" role="note">{escape(words)}</p>' for words in said)

    return _WHOLE_HEADING.sub(noted, html)


def _with_decided_marks(paragraph: str) -> str:
    pieces = _MARK.split(paragraph)
    if len(pieces) % 2 == 0:
        return paragraph
    decided = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        opens = number % 2 == 0
        decided += f"**{_JOINER}{piece}" if opens else f"{_JOINER}**{piece}"
    return decided
