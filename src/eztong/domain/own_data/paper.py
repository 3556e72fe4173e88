"""A document to be kept and printed: words and figures in order, without a word about how they look.

The same paper always gives the same file: nothing but what stands in it decides, also no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import TooMany, Unavailable

LONGEST: Final = 20_000
"""Facts that one paper may hold; a longer one takes too long to set, and nobody leafs through it."""


class FontMissing(Unavailable):
    """There is no font to set Chinese with: a file with boxes instead of names would be worse than none."""

    code = "font_missing"
    advice = "Take the file for programs (JSON) instead. The operator installs a font: see EZTONG_FONT_FOLDER."


class PaperTooLong(TooMany):
    """The document would be thousands of pages long."""

    code = "paper_too_long"
    advice = "Take the file for programs (JSON) instead: it holds the same."


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with what it is; a line break in the value stays one."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What belongs together: entries of facts under a heading, after a note where one is needed."""

    heading: str
    note: str = ""
    entries: Sequence[Sequence[Fact]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole document. ``language`` is a tag as in HTML; ``source`` stands at the foot of each page."""

    title: str
    language: str
    source: str
    lead: Sequence[str] = ()
    sections: Sequence[Section] = ()

    def check_length(self) -> None:
        """Refuse what is too long to be set.

        Raises:
            PaperTooLong: it holds more facts than :data:`LONGEST`.
        """
        if sum(len(entry) for section in self.sections for entry in section.entries) > LONGEST:
            raise PaperTooLong
