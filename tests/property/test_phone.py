"""Phones: every mobile number parses however it is grouped; nothing unexpected is raised."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import EztongError
from eztong.domain.identity.phone import parse_phone

mobiles = st.from_regex(r"\A1[3-9][0-9]{9}\Z", alphabet=st.characters(codec="ascii"))


@given(
    mobiles,
    st.sampled_from(["", "+86", "0086", "86", "+86-", "(+86) "]),
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(" -\u3000\u200b")), max_size=6),
)
def test_round_trip(number: str, country: str, fillings: list[tuple[int, str]]) -> None:
    """Country code and grouping are dropped, the digits stay."""
    typed = number
    for place, filling in fillings:
        typed = typed[:place] + filling + typed[place:]
    assert parse_phone(country + typed).value == number


@given(st.one_of(st.text(), st.text("0123456789+-() ０１", max_size=18)))
def test_arbitrary_text_raises_expected_errors_only(text: str) -> None:
    """Whatever is typed, the answer is eleven digits or one of our errors."""
    with contextlib.suppress(EztongError):
        assert len(parse_phone(text).value) == 11
