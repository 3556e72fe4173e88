"""The holder's own phrase: what a page of the service shows and a copied page cannot know (clause 4.2.4).

It proves the page to its holder, never the holder to anybody: knowing it opens nothing.
"""

from __future__ import annotations

import re
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
_MOST_DIGITS: Final = 3
"""Digits in a row, however they are written: more may be a PIN, or what is left of one."""
_WORDS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_WORD: Final = re.compile("|".join(_WORDS))
_PAIR: Final = "两"
"""Two, in Chinese, which Unicode does not count among the numerals."""


class PhraseInvalid(InputInvalid):
    """The text cannot be a phrase: too short, too long, of digits, or of characters that cannot be seen.

    Digits alone, and more than a few in a row, are refused because people would choose their PIN, or a birthday: also
    in Chinese numerals, or in English words.
    """

    code = "phrase_invalid"
    advice = (
        f"Choose {SHORTEST} to {LONGEST} characters, with at most {_MOST_DIGITS} digits in a row in whatever script: "
        "words that only you would choose."
    )


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
    if not (SHORTEST <= len(phrase) <= LONGEST and is_seen and is_word) or _has_number(phrase):
        raise PhraseInvalid
    return phrase


def _has_number(phrase: str) -> bool:
    """Say whether more than a few digits follow one another, whatever stands between them that is no letter."""
    in_a_row = 0
    for one in _WORD.sub(lambda found: str(_WORDS.index(found[0])), phrase.casefold()):
        if one.isalnum():
            in_a_row = in_a_row + 1 if _is_digit(one) else 0
        if in_a_row > _MOST_DIGITS:
            return True
    return False


def _is_digit(char: str) -> bool:
    return char == _PAIR or unicodedata.numeric(char, -1) in range(10)


def _is_heap(phrase: str) -> bool:
    loose = marks = 0
    for one in phrase:
        is_mark = unicodedata.category(one)[0] == "M"
        marks = marks + 1 if is_mark else 0
        loose = loose + unicodedata.name(one, "COMBINING").startswith("COMBINING") if is_mark else 0
        if loose > _MARKS or marks > _MARKS_OF_SCRIPT:
            return True
    return False
