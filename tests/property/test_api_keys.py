"""API keys: what is made is read back; anything else is unknown, and nothing unexpected is raised."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import KeyUnknown
from eztong.domain.partners.api_key import make_api_key, parse_api_key

secrets = st.binary(min_size=32, max_size=32)


@given(random=secrets, live=st.booleans())
def test_round_trip(random: bytes, *, live: bool) -> None:
    text = make_api_key(random, live=live)
    assert re.fullmatch(r"ezt_sk_(test|live)_[A-Za-z0-9_-]{43}", text)
    assert ("_live_" in text[:12]) == live
    assert parse_api_key(text) == text.encode()


@given(st.sets(secrets, min_size=2, max_size=2))
def test_different_secrets_give_different_keys(pair: set[bytes]) -> None:
    first, second = (make_api_key(random, live=False) for random in pair)
    assert first != second


def almost(random: bytes) -> list[str]:
    """Return texts that are nearly a key."""
    key = make_api_key(random, live=False)
    return [key + "\n", " " + key, key[:-1], key + "A", key.upper(), key.replace("_test_", "_prod_"), f"Bearer {key}"]


@given(st.one_of(st.text(), secrets.flatmap(lambda random: st.sampled_from(almost(random)))))
def test_anything_else_is_unknown(text: str) -> None:
    with pytest.raises(KeyUnknown):
        parse_api_key(text)


@given(st.binary().filter(lambda data: len(data) != 32))
def test_a_secret_of_another_length_is_a_mistake_of_the_programmer(random: bytes) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        make_api_key(random, live=False)
