"""Versioned data about the characters of names: what was once private use, separators, stand-ins.

Nothing here decides; ``eztong.domain.identity.real_name`` does. Change the data together with
``VERSION``, because stored match keys were made with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

VERSION: Final = "gb18030-2022/2"
"""Version of everything here and in ``name_radicals``. Match keys made under another version must be made again."""

# First private-use code point of a run, then the standard characters of the run in order.
#
# Sources: GB 18030-2000, -2005 and -2022 appendices as compared in whatwg/encoding issue 27 and
# eisoch/irg issue 27; Unicode L2/06-394 (24 characters still private in 2005). The tests compare
# every row with an independent table, Python's gb18030 codec.
_RUNS: Final = (
    # A6D9-A6F3, vertical punctuation: 10 of the 18 that were swapped in 2022.
    (0xE78D, "FE10 FE12 FE11 FE13 FE14 FE15 FE16 FE17 FE18 FE19"),
    # A8BC and A8BF, Latin letters of pinyin: changed in 2005 and 2000.
    (0xE7C7, "1E3F 01F9"),
    # FE50-FEA0, the 80 Han characters and components that GBK had and Unicode had not yet. 9FB4 to
    # 9FBB were swapped in 2022, the six outside the basic plane treated separately.
    (
        0xE815,
        (
            "2E81 20087 20089 200CC 2E84 3473 3447 2E88 2E8B 9FB4 "
            "359E 361A 360E 2E8C 2E97 396E 3918 9FB5 39CF 39DF "
            "3A73 39D0 9FB6 9FB7 3B4E 3C6E 3CE0 2EA7 215D7 9FB8 "
            "2EAA 4056 415F 2EAE 4337 2EB3 2EB6 2EB7 2298F 43B1 "
            "43AC 2EBB 43DD 44D6 4661 464C 9FB9 4723 4729 477C "
            "478D 2ECA 4947 497A 497D 4982 4983 4985 4986 499F "
            "499B 49B7 49B6 9FBA 241FE 4CA3 4C9F 4CA0 4CA1 4C77 "
            "4CA2 4D13 4D14 4D15 4D16 4D17 4D18 4D19 4DAE 9FBB"
        ),
    ),
)


def _private_use_pairs() -> Iterator[tuple[int, str]]:
    for start, characters in _RUNS:
        for offset, code_point in enumerate(characters.split()):
            yield start + offset, chr(int(code_point, 16))


STANDARD_OF_PRIVATE_USE: Final[Mapping[int, str]] = MappingProxyType(dict(_private_use_pairs()))
"""Private-use code point to its standard character; fit for ``str.translate``."""

SEPARATOR: Final = "\N{MIDDLE DOT}"
"""The one official separator of name parts, GB 18030 A1A4 (民委发〔2016〕33号)."""

SEPARATOR_FAMILY: Final = frozenset(
    "\N{MIDDLE DOT}"
    "\N{GREEK ANO TELEIA}"
    "\N{BULLET}"
    "\N{HYPHENATION POINT}"
    "\N{KATAKANA MIDDLE DOT}"  # what Python's gb2312 codec wrongly makes of A1A4
    "\N{HALFWIDTH KATAKANA MIDDLE DOT}"
    "\N{DOT OPERATOR}"
    "\N{BULLET OPERATOR}"
    "\N{BLACK CIRCLE}"
    "\N{RUNIC SINGLE PUNCTUATION}"
    "\N{WORD SEPARATOR MIDDLE DOT}"
    "\N{RAISED DOT}"
    "\N{WHITE BULLET}"
    "\N{CANADIAN SYLLABICS FINAL MIDDLE DOT}"
    "\N{LATIN LETTER SINOLOGICAL DOT}"
    "\N{HANGUL SINGLE DOT TONE MARK}"
    "\N{HANGUL LETTER ARAEA}"
)
"""Everything people and machines put where the official separator belongs."""

FULL_STOPS: Final = frozenset(".．。｡\N{SMALL FULL STOP}")
"""Separators too, but only between two Han characters: ``J. Smith`` keeps its stop."""

APOSTROPHES: Final = frozenset("’\N{MODIFIER LETTER APOSTROPHE}")
"""What phones type for ``'``; folded between Latin letters, as in O'Test."""

HYPHENS: Final = frozenset("\N{HYPHEN}\N{NON-BREAKING HYPHEN}")
"""What word processors write for ``-``; folded between Latin letters."""

STAND_INS: Final = frozenset(
    "?？"
    "\N{REPLACEMENT CHARACTER}"
    "\N{WHITE SQUARE}\N{BLACK SQUARE}\N{WHITE VERTICAL RECTANGLE}\N{BALLOT BOX}"
    "\N{WHITE LARGE SQUARE}\N{BLACK LARGE SQUARE}"
    "\N{WHITE CIRCLE}\N{LARGE CIRCLE}"  # not the Han character U+3007, which looks like them
    "\N{GETA MARK}"
    "\N{IDEOGRAPHIC VARIATION INDICATOR}"
    "*＊"
)
"""What systems write for a character they cannot: a name with one of these is not readable."""

BRACKETS: Final = frozenset("()（）[]【】〔〕")
"""Around pinyin or a description, on cards whose printer lacked the character: ``测(yíng)``."""

INVISIBLE_LETTERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Hangul fillers: letters by category, nothing to the eye."""

CodePointRanges = tuple[tuple[int, int], ...]
"""Pairs of first and last code point, both included."""

VARIATION_SELECTORS: Final[CodePointRanges] = (
    (0x180B, 0x180D),
    (0xFE00, 0xFE0F),
    (0xE0100, 0xE01EF),
)
"""They choose a glyph; the character stays the same."""

DESCRIPTION_CHARACTERS: Final[CodePointRanges] = ((0x2FF0, 0x2FFF), (0x31EF, 0x31EF))
"""«Left-right of these two»: how people describe a character they cannot type (GB 18030 A98A)."""

# By block, not by what this Python's Unicode calls a letter: extensions come faster than releases,
# and their characters are people's names from the first day. Planes 2 and 3 are Han throughout.
HAN: Final[CodePointRanges] = (
    (0x2E80, 0x2FD5),  # radicals, from input methods and OCR
    (0x3005, 0x3005),  # iteration mark
    (0x3007, 0x3007),  # ideographic zero
    (0x31C0, 0x31E5),  # strokes
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0x20000, 0x2FFFD),
    (0x30000, 0x3FFFD),
)
"""Han characters, including those not assigned yet."""

COMPATIBILITY: Final[CodePointRanges] = (
    (0x2F00, 0x2FD5),  # Kangxi radicals; the others are in ``name_radicals``
    (0xF900, 0xFAFF),
    (0xFF01, 0xFF64),  # full-width forms; U+FF65 is a separator and stays one
    (0xFF66, 0xFFDC),
    (0x2F800, 0x2FA1F),
)
"""The only blocks to which NFKC is applied: elsewhere it would rewrite names."""
