"""Real names: how one is taken in and how two spellings of it are compared.

About ten million people have a dot in their name, and many have a character that older systems
wrote with a private-use code point, a box or a question mark. A spelling that differs only in such
things is the same name; a name a system could not write is a question for a human, never a
mismatch. Never folded: simplified and traditional, homophones, pinyin; those are other names.

``parse_real_name`` keeps three forms: as entered, for the record; the display form; and the match
key, for comparing only. The recipe of the key is ``_fold``:

1. Unicode NFC; drop zero-width characters and variation selectors.
2. Private use to standard (``name_codepoints``, versioned); radicals and strokes to their
   ideographs (``name_radicals``); NFKC for Kangxi radicals, compatibility ideographs and full-width
   forms only.
3. Drop spaces, save a single one between two Latin (or other non-Han) letters.
4. The separator family to U+00B7, full stops only between Han characters; trim the ends.
5. Upper case: Latin names are in capitals on some cards and not on others. Between two Latin
   letters the apostrophes and hyphens that phones type become ``'`` and ``-``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from typing_extensions import override

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.name_codepoints import (
    APOSTROPHES,
    BRACKETS,
    COMPATIBILITY,
    DESCRIPTION_CHARACTERS,
    FULL_STOPS,
    HAN,
    HYPHENS,
    INVISIBLE_LETTERS,
    SEPARATOR,
    SEPARATOR_FAMILY,
    STAND_INS,
    STANDARD_OF_PRIVATE_USE,
    VARIATION_SELECTORS,
    CodePointRanges,
)
from eztong.domain.identity.name_radicals import IDEOGRAPH_OF_RADICAL

MAX_LENGTH: Final = 50
"""Characters of a name, one beyond the basic plane counting as one (民委发〔2016〕33号)."""

# Zero-width characters and spaces come on top, but not without end.
_MAX_ENTERED = 4 * MAX_LENGTH
_DOTS = re.compile(f"[{re.escape(''.join(sorted(SEPARATOR_FAMILY | FULL_STOPS)))}]+")
_TYPED_MARKS = re.compile(f"[{''.join(sorted(APOSTROPHES | HYPHENS))}]")
_LATIN_MARKS = frozenset("'.-") | APOSTROPHES | HYPHENS
_ASCII_DIGITS = frozenset("0123456789")
_LETTER_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc"})
_PRIVATE_USE = "Co"


class NameInvalid(InputInvalid):
    """The text is no name this service can take; the subclass says why."""

    code = "name_invalid"
    advice = "Type the name exactly as it is printed on the card."


class NameEmpty(NameInvalid):
    """There is nothing left once spaces and separators are taken away.

    Cause: the field was left empty, or holds a blank or a dot only.
    What to do: type the name as printed on the card.
    """

    code = "name_empty"
    advice = "Type the name as it is printed on the card."


class NameTooLong(NameInvalid):
    """The name has more than 50 characters.

    Cause: something else was pasted along; no name on a card is that long.
    What to do: type the name only. If the card shows more, ask for a check by a human.
    """

    code = "name_too_long"
    advice = "Type the name only, at most 50 characters."


class NameCharacter(NameInvalid):
    """There is a character that no name has: a digit, an emoji, a control character or such.

    Cause: a slip, or an input method that put a symbol for a rare character.
    What to do: find the rare character by its parts, or ask for a check by a human.
    """

    code = "name_character"
    advice = "Type letters and the separator dot only; a rare character can be found by its parts."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RealName:
    """A name, as ``parse_real_name`` took it in. Printing it shows nothing."""

    as_entered: str
    """What was typed or received, untouched: the record."""

    display: str
    """For screens: tidied spaces, the official separator, standard code points."""

    match_key: str
    """For comparing and blind indexes only, never shown. Depends on ``name_codepoints.VERSION``."""

    @property
    def is_readable(self) -> bool:
        """Whether every character is known: no ``?``, box, bracket or unknown private use."""
        return not any(_is_unreadable(char) for char in self.match_key)

    @property
    def same_name_key(self) -> str:
        """What is equal for exactly the names that ``compare_names`` takes for one. For keyed hashes only."""
        return _undotted(self.match_key)

    @override
    def __repr__(self) -> str:
        """Hide the name: it must not reach a log."""
        return "RealName(***)"


class NameOutcome(StrEnum):
    """What comparing two spellings says."""

    MATCH = "match"
    MATCH_WITH_NOTE = "match_with_note"
    MISMATCH = "mismatch"
    NEEDS_HUMAN = "needs_human"


class NameNote(StrEnum):
    """In what the spellings of one name differ."""

    SEPARATOR = "separator"
    """Another separator, or one more or less."""

    CODEPOINT = "codepoint"
    """A private-use code point, radical or compatibility form for the standard character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMatch:
    """The answer of ``compare_names``; holds no part of a name."""

    outcome: NameOutcome

    notes: tuple[NameNote, ...] = ()
    """One or both with ``MATCH_WITH_NOTE``, separator first; otherwise empty."""


def parse_real_name(text: str) -> RealName:
    """Return the name in ``text``, from a person or from the authority.

    A name with a stand-in (``测?``), a bracket (``测(yíng)``) or an unknown private-use character
    is taken in, because people have such cards; it compares as ``NEEDS_HUMAN``.

    Raises:
        NameEmpty: nothing is left once spaces and separators are gone.
        NameTooLong: more than 50 characters.
        NameCharacter: a character that no name has.
    """
    if len(text) > _MAX_ENTERED:
        raise NameTooLong
    display = _display_of(text)
    if len(display) > MAX_LENGTH:
        raise NameTooLong
    match_key = _fold(text)
    if not match_key:
        raise NameEmpty
    _check_characters(match_key)
    return RealName(as_entered=text, display=display, match_key=match_key)


def compare_names(entered: RealName, on_file: RealName) -> NameMatch:
    """Compare what a person entered with what the authority has on file.

    Raises nothing: both sides were parsed. An authority's name that does not parse (an emoji for a
    rare character, say) is ``NEEDS_HUMAN`` too; that is for the caller to say.
    """
    if not (entered.is_readable and on_file.is_readable):
        return NameMatch(outcome=NameOutcome.NEEDS_HUMAN)
    if entered.same_name_key != on_file.same_name_key:
        return NameMatch(outcome=NameOutcome.MISMATCH)
    notes = _differences(entered.as_entered, on_file.as_entered)
    outcome = NameOutcome.MATCH_WITH_NOTE if notes else NameOutcome.MATCH
    return NameMatch(outcome=outcome, notes=notes)


def _differences(one: str, other: str) -> tuple[NameNote, ...]:
    """Name what had to be folded to make the two equal."""
    notes = []
    if _fold(one, separators=False) != _fold(other, separators=False):
        notes.append(NameNote.SEPARATOR)
    if _undotted(_fold(one, codepoints=False)) != _undotted(_fold(other, codepoints=False)):
        notes.append(NameNote.CODEPOINT)
    return tuple(notes)


def _undotted(key: str) -> str:
    return key.replace(SEPARATOR, "")


def _fold(text: str, *, codepoints: bool = True, separators: bool = True) -> str:
    """Make the match key, or leave one kind of difference standing to see whether it matters."""
    name = _visible(unicodedata.normalize("NFC", text))
    if codepoints:
        name = _standard_code_points(name)
    name = _spaces_tidied(name)
    if separators:
        name = _separators_folded(name)
    name = name.upper()
    if codepoints:
        # After the capitals: those of U+0149 begin with an apostrophe of that kind.
        name = _TYPED_MARKS.sub(_plain_mark, name)
    return unicodedata.normalize("NFC", name)


def _display_of(text: str) -> str:
    """Tidy for screens. No NFC or NFKC here: they would change the glyphs the person chose."""
    standard = _visible(text).translate(STANDARD_OF_PRIVATE_USE)
    return _separators_folded(_spaces_tidied(standard))


def _visible(text: str) -> str:
    return "".join(char for char in text if not _is_invisible(char))


def _standard_code_points(name: str) -> str:
    ideographs = name.translate(STANDARD_OF_PRIVATE_USE).translate(IDEOGRAPH_OF_RADICAL)
    return unicodedata.normalize("NFC", "".join(_compatibility_folded(c) for c in ideographs))


def _plain_mark(mark: re.Match[str]) -> str:
    before = mark.string[mark.start() - 1 : mark.start()]
    after = mark.string[mark.end() : mark.end() + 1]
    if not (_is_latin(before) and _is_latin(after)):
        return mark.group()
    return "'" if mark.group() in APOSTROPHES else "-"


def _compatibility_folded(char: str) -> str:
    return unicodedata.normalize("NFKC", char) if _is_in(COMPATIBILITY, char) else char


def _spaces_tidied(name: str) -> str:
    """Keep one space between Latin words and none elsewhere: Han names have none."""
    tidied = ""
    for word in name.split():
        between_latin = tidied and _takes_space(tidied[-1]) and _takes_space(word[0])
        tidied += f" {word}" if between_latin else word
    return tidied


def _separators_folded(name: str) -> str:
    folded = _DOTS.sub(_official_separator, name)
    return folded.strip("".join(FULL_STOPS) + SEPARATOR + " ")


def _official_separator(run: re.Match[str]) -> str:
    before = run.string[run.start() - 1 : run.start()]
    after = run.string[run.end() : run.end() + 1]
    between_han = _is_han(before) and _is_han(after)
    if between_han or not SEPARATOR_FAMILY.isdisjoint(run.group()):
        return SEPARATOR
    return run.group()


def _check_characters(key: str) -> None:
    """Raise unless a name can consist of these characters and at least one carries meaning."""
    allowed_marks = _LATIN_MARKS | FULL_STOPS | {SEPARATOR, " "}
    if not BRACKETS.isdisjoint(key):
        # Pinyin in brackets may number its tones: ``(ying2)``.
        allowed_marks |= _ASCII_DIGITS
    meaningful = [char for char in key if char not in allowed_marks]
    if not meaningful or not all(_is_letter(c) or _is_unreadable(c) for c in meaningful):
        raise NameCharacter


def _is_letter(char: str) -> bool:
    return _is_han(char) or unicodedata.category(char) in _LETTER_CATEGORIES


def _is_han(char: str) -> bool:
    """Whether ``char`` (possibly empty, at an end) is Han; unknown private use is taken for it."""
    return bool(char) and (_is_in(HAN, char) or unicodedata.category(char) == _PRIVATE_USE)


def _takes_space(char: str) -> bool:
    return char in _LATIN_MARKS or _is_latin(char)


def _is_latin(char: str) -> bool:
    """Whether ``char`` (possibly empty, at an end) is a letter of a script with spaces and apostrophes."""
    return bool(char) and _is_letter(char) and not _is_han(char)


def _is_unreadable(char: str) -> bool:
    if char in STAND_INS or char in BRACKETS or _is_in(DESCRIPTION_CHARACTERS, char):
        return True
    return unicodedata.category(char) == _PRIVATE_USE


def _is_invisible(char: str) -> bool:
    if char in INVISIBLE_LETTERS or _is_in(VARIATION_SELECTORS, char):
        return True
    return unicodedata.category(char) == "Cf"


def _is_in(ranges: CodePointRanges, char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in ranges)
