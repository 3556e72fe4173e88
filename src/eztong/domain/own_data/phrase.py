"""The holder's own phrase: what a page of the service shows and a copied page cannot know (clause 4.2.4).

It proves the page to its holder, never the holder to anybody: knowing it opens nothing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import BLANKS
from eztong.domain.identifiers import HolderId

SHORTEST: Final = 2
_MARKS: Final = 2
"""Marks that may follow one another: a heap of them runs over what stands around it."""
_MARKS_OF_SCRIPT: Final = 4
"""The same of marks that belong to a script: a Tibetan syllable stacks two letters and a vowel under a third."""
LONGEST: Final = 20
"""Characters of a phrase: what one recognises at a glance."""


class PhraseInvalid(InputInvalid):
    """The text cannot be a phrase: too short, too long, digits alone, or of characters that cannot be seen.

    Digits alone are refused because people would choose their PIN, or a birthday.
    """

    code = "phrase_invalid"
    advice = f"Choose {SHORTEST} to {LONGEST} characters that are more than digits: words that only you would choose."


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPhrase:
    """The phrase as it is kept: sealed under its holder's key."""

    holder_id: HolderId
    sealed: bytes = field(repr=False)
    set_at: datetime


def parse_phrase(text: str) -> str:
    """Return the phrase as it will be shown: in composed form, with single spaces.

    Raises:
        PhraseInvalid: it cannot be one.
    """
    phrase = " ".join(unicodedata.normalize("NFC", text[: LONGEST * 8]).split())
    is_seen = all(unicodedata.category(one)[0] != "C" and one not in BLANKS for one in phrase) and not _is_heap(phrase)
    is_word = not all(one.isdigit() or not one.isalnum() for one in phrase)
    if not (SHORTEST <= len(phrase) <= LONGEST and is_seen and is_word):
        raise PhraseInvalid
    return phrase


def _is_heap(phrase: str) -> bool:
    loose = marks = 0
    for one in phrase:
        is_mark = unicodedata.category(one)[0] == "M"
        marks = marks + 1 if is_mark else 0
        loose = loose + unicodedata.name(one, "COMBINING").startswith("COMBINING") if is_mark else 0
        if loose > _MARKS or marks > _MARKS_OF_SCRIPT:
            return True
    return False
