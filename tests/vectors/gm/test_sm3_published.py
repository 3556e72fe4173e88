"""SM3 agrees with GB/T 32905-2016 appendix A, and HMAC-SM3 with draft-guo-ipsecme-ikev2."""

import pytest

from eztong.gm.sm3 import HmacSm3Key, hmac_sm3, sm3


@pytest.mark.parametrize(
    ("message", "digest"),
    [
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
    ],
)
def test_sm3_gives_published_digest(message: bytes, digest: str) -> None:
    """SM3 of the standard's two examples, and of nothing (tjfoc/gmsm)."""
    assert sm3(message).hex() == digest


def test_hmac_sm3_gives_published_digest() -> None:
    """HMAC-SM3 of draft-guo-ipsecme-ikev2-using-shangmi-03 appendix A.5."""
    key = bytes.fromhex("00112233445566778899aabbccddeeff")
    data = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    expected = "dc813339153491ad81477754eb3df00dbb3cc3e6a69f9cacce737db7e61342ff"
    assert hmac_sm3(key, data).hex() == expected
    assert HmacSm3Key(key).digest(data).hex() == expected
