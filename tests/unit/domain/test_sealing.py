"""Sealed fields open only with their key, at their place, unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.sealing import open_field, seal_field
from eztong.gm.errors import DecryptionFailed

KEY, NONCE = b"k" * 16, b"n" * 12
PLACE = ("holders", "hld_1", "sealed_name")
SEALED = seal_field(KEY, "测一一".encode(), nonce=NONCE, place=PLACE)


@given(st.binary(min_size=16, max_size=16), st.binary(max_size=200), st.binary(min_size=12, max_size=12))
def test_round_trip(key: bytes, plaintext: bytes, nonce: bytes) -> None:
    sealed = seal_field(key, plaintext, nonce=nonce, place=PLACE)
    assert open_field(key, sealed, place=PLACE) == plaintext
    assert sealed[:13] == b"\x01" + nonce
    assert len(sealed) == 1 + 12 + len(plaintext) + 16


@pytest.mark.parametrize(
    "place",
    [
        ("holders", "hld_1", "sealed_number"),
        ("holders", "hld_2", "sealed_name"),
        ("verifications", "hld_1", "sealed_name"),
        ("", "", ""),
    ],
)
def test_a_value_that_was_moved_does_not_open(place: tuple[str, str, str]) -> None:
    with pytest.raises(DecryptionFailed):
        open_field(KEY, SEALED, place=place)


def test_another_key_does_not_open() -> None:
    with pytest.raises(DecryptionFailed):
        open_field(b"l" * 16, SEALED, place=PLACE)


@pytest.mark.parametrize("at", range(len(SEALED)))
def test_a_changed_byte_does_not_open(at: int) -> None:
    changed = bytes([*SEALED[:at], SEALED[at] ^ 1, *SEALED[at + 1 :]])
    with pytest.raises(DecryptionFailed):
        open_field(KEY, changed, place=PLACE)


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_a_value_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(DecryptionFailed):
        open_field(KEY, SEALED[:length], place=PLACE)


def test_one_text_sealed_twice_looks_different() -> None:
    assert seal_field(KEY, b"text", nonce=b"m" * 12, place=PLACE) != seal_field(KEY, b"text", nonce=NONCE, place=PLACE)
