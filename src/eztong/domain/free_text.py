"""Free text that people write, as somebody else will read it: nothing in it hides, turns around or steers a screen."""

from __future__ import annotations

import unicodedata
from typing import Final

BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters and signs that are drawn as nothing."""
_JOINERS: Final = frozenset("\u200c\u200d")
"""Format characters that scripts and emoji need: they change how their neighbours are drawn, and nothing else."""
_LINES: Final = str.maketrans({"\r": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n"})
_KEPT: Final = frozenset("\n\t") | _JOINERS
_STEERING: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_steering(char: str) -> bool:
    """Say whether a character steers the terminal, the direction of writing or the lines, rather than being read."""
    return char not in _JOINERS and unicodedata.category(char) in _STEERING


def parse_free_text(text: str) -> str:
    """Return what was written without white space around it and without what nobody can see; it may be empty.

    Line ends of every kind become one. Bidirectional controls, zero-width spaces, byte order marks and control
    characters are left out: they come along when text is pasted, and would let a text be read as what it does not say.
    A text of which nothing is drawn is empty.
    """
    lines = text.replace("\r\n", "\n").translate(_LINES)
    readable = "".join(char for char in lines if char in _KEPT or not is_steering(char)).strip()
    return readable if any(_is_drawn(char) for char in readable) else ""


def parse_line(text: str) -> str:
    """Return what was written as a name or a heading is shown: on one line, with single spaces; it may be empty.

    A line of its own would let a name speak as if it were the page or the message that it stands in.
    """
    return " ".join(parse_free_text(text).split())


def _is_drawn(char: str) -> bool:
    return char not in BLANKS | _KEPT and not char.isspace()
