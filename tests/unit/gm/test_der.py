"""The strict DER reader and writer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.gm import _der
from eztong.gm.errors import EncodingInvalid


@given(value=st.integers(0, 2**256 - 1))
def test_integer_round_trip(value: int) -> None:
    """Every 256-bit number has one encoding."""
    reader = _der.DerReader(_der.encode_integer(value))
    assert reader.unsigned_integer(max_octets=32) == value
    reader.finish()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_length_round_trip(size: int) -> None:
    """Short and long lengths are minimal and readable."""
    encoded = _der.encode(_der.OCTET_STRING, b"x" * size)
    assert _der.DerReader(encoded).content(_der.OCTET_STRING) == b"x" * size


@pytest.mark.parametrize(
    "encoded",
    [
        "04",
        "0480",
        "048101",
        "04810100",
        "048200800000",
        "0484ffffffff",
        "0485000000000100",
        "0402ff",
    ],
)
def test_bad_length_is_refused(encoded: str) -> None:
    """Missing, indefinite, non-minimal, oversize and overrunning lengths."""
    with pytest.raises(EncodingInvalid):
        _der.DerReader(bytes.fromhex(encoded)).content(_der.OCTET_STRING)


@pytest.mark.parametrize("encoded", ["0200", "0280", "020180", "02020001", "0203010000"])
def test_bad_integer_is_refused(encoded: str) -> None:
    """Empty, indefinite, negative, padded and too large for two octets."""
    with pytest.raises(EncodingInvalid):
        _der.DerReader(bytes.fromhex(encoded)).unsigned_integer(max_octets=2)


@pytest.mark.parametrize("encoded", ["0300", "030101", "03020780"])
def test_bad_bit_string_is_refused(encoded: str) -> None:
    """Bit strings here are whole octets."""
    with pytest.raises(EncodingInvalid):
        _der.DerReader(bytes.fromhex(encoded)).bit_string()


@given(data=st.binary(max_size=40))
def test_garbage_raises_only_encoding_invalid(data: bytes) -> None:
    """The reader either reads or raises its own error."""
    reader = _der.DerReader(data)
    try:
        reader.nested(_der.SEQUENCE).unsigned_integer(max_octets=32)
        reader.finish()
    except EncodingInvalid:
        pass
