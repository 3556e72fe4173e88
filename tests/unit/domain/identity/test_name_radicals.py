"""Radicals and strokes are the characters that Unicode says they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.domain.identity.name_radicals import IDEOGRAPH_OF_RADICAL
from eztong.domain.identity.real_name import NameMatch, NameNote, NameOutcome, compare_names, parse_real_name

# Debian's package unicode-data; `make test` and `make check` install it.
UNICODE_FILE = Path("/usr/share/unicode/EquivalentUnifiedIdeograph.txt")
KANGXI = range(0x2F00, 0x2FD6)


def unicodes_pairs() -> Iterator[tuple[int, str]]:
    for line in UNICODE_FILE.read_text(encoding="utf-8").splitlines():
        data = line.partition("#")[0].strip()
        if data:
            span, ideograph = (part.strip() for part in data.split(";"))
            first, _, last = span.partition("..")
            for code_point in range(int(first, 16), int(last or first, 16) + 1):
                yield code_point, chr(int(ideograph, 16))


def test_the_table_is_unicodes() -> None:
    """Every pair outside the Kangxi radicals, which NFKC knows; newer Unicode may only add."""
    theirs = {code_point: ideograph for code_point, ideograph in unicodes_pairs() if code_point not in KANGXI}
    assert len(theirs) > 130
    assert {code_point: theirs.get(code_point) for code_point in IDEOGRAPH_OF_RADICAL} == IDEOGRAPH_OF_RADICAL
    assert {code_point for code_point in theirs if code_point <= 0x31E3} == set(IDEOGRAPH_OF_RADICAL)


def test_every_radical_that_unicode_knows_matches_its_character() -> None:
    """All 348, Kangxi radicals and strokes included, match with a note."""
    for code_point, ideograph in unicodes_pairs():
        radical, character = parse_real_name(f"测{chr(code_point)}"), parse_real_name(f"测{ideograph}")
        assert radical.match_key == character.match_key, hex(code_point)
        assert compare_names(radical, character) == NameMatch(
            outcome=NameOutcome.MATCH_WITH_NOTE, notes=(NameNote.CODEPOINT,)
        )


@pytest.mark.parametrize("surname", list("马黄韦龙齐车贝麦长"))
def test_surnames_with_a_radical_twin(surname: str) -> None:
    """What OCR makes of nine common characters is still the person's name."""
    twins = [chr(code_point) for code_point, ideograph in IDEOGRAPH_OF_RADICAL.items() if ideograph == surname]
    assert twins
    for twin in twins:
        assert unicodedata.normalize("NFKC", twin) == twin, "NFKC alone would not help"
        assert parse_real_name(f"{twin}测").match_key == parse_real_name(f"{surname}测").match_key
