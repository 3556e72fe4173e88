"""SM3 and HMAC-SM3 against the standard library, and refusals."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.gm.errors import KeyInvalid, SignatureInvalid
from eztong.gm.sm3 import HmacSm3Key, hmac_sm3, require_equal, sm3


@given(data=st.binary(max_size=300))
def test_sm3_equals_hashlib(data: bytes) -> None:
    """Copying a prepared state changes nothing, however often."""
    assert sm3(data) == sm3(data) == hashlib.new("sm3", data).digest()


@given(key=st.binary(min_size=1, max_size=150), data=st.binary(max_size=300))
def test_hmac_equals_standard_library(key: bytes, data: bytes) -> None:
    """Keys shorter than, equal to and longer than a block."""
    expected = hmac.digest(key, data, "sm3")
    prepared = HmacSm3Key(key)
    assert hmac_sm3(key, data) == expected
    assert prepared.digest(data) == prepared.digest(data) == expected


def test_right_digest_is_accepted() -> None:
    """Verify returns nothing when the digest is right."""
    key = HmacSm3Key(b"k" * 32)
    key.verify(b"data", key.digest(b"data"))


@pytest.mark.parametrize("forged", [b"", bytes(32), hmac_sm3(b"k" * 32, b"data")[:31], hmac_sm3(b"other", b"data")])
def test_forged_digest_is_refused(forged: bytes) -> None:
    """Empty, zero, truncated, and made with another key."""
    with pytest.raises(SignatureInvalid):
        HmacSm3Key(b"k" * 32).verify(b"data", forged)


def test_require_equal() -> None:
    """Equal passes, different raises."""
    require_equal(b"same", b"same")
    with pytest.raises(SignatureInvalid):
        require_equal(b"same", b"Same")


def test_empty_key_is_refused() -> None:
    """An unset secret must not become a key."""
    with pytest.raises(KeyInvalid):
        HmacSm3Key(b"")
    with pytest.raises(KeyInvalid):
        hmac_sm3(b"", b"data")


def test_key_is_not_shown() -> None:
    """The prepared key prints nothing of the key."""
    assert "secret" not in repr(HmacSm3Key(b"secret"))
