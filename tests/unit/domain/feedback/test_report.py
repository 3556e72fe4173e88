"""Reports: the holder's own words, as long as they may be."""

from __future__ import annotations

import pytest

from eztong.domain.errors import InputInvalid
from eztong.domain.feedback.report import MAX_NOTE, parse_note


def test_own_words_are_kept_without_white_space_around_them() -> None:
    assert parse_note(" 这不是我\n") == "这不是我"
    assert parse_note("  ") == ""


def test_a_note_may_be_as_long_as_said_and_no_longer() -> None:
    assert parse_note(f" {'字' * MAX_NOTE} ") == "字" * MAX_NOTE
    with pytest.raises(InputInvalid):
        parse_note("字" * (MAX_NOTE + 1))
