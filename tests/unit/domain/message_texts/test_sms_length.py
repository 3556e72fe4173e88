"""Segments are counted as gateways charge them (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

import pytest

from eztong.domain.message_texts.sms_length import SmsLength, sms_length


@pytest.mark.parametrize(
    ("text", "letters", "segments", "is_wide"),
    [
        ("", 0, 1, False),
        ("a" * 160, 160, 1, False),
        ("a" * 161, 161, 2, False),
        ("a" * 306, 306, 2, False),
        ("a" * 307, 307, 3, False),
        ("[" * 80, 160, 1, False),
        ("[" * 81, 162, 2, False),
        ("验" * 70, 70, 1, True),
        ("验" * 71, 71, 2, True),
        ("验" * 134, 134, 2, True),
        ("验" * 135, 135, 3, True),
        ("“a”", 3, 1, True),
        ("😀", 2, 1, True),
    ],
)
def test_segments(text: str, letters: int, segments: int, is_wide: bool) -> None:
    assert sms_length(text) == SmsLength(letters=letters, segments=segments, is_wide=is_wide)
