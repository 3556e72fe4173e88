"""SM2 agrees with GB/T 32918.5-2017."""

import pytest

from eztong.gm import sm2_encrypt
from eztong.gm.errors import SignatureInvalid
from eztong.gm.sm2 import DEFAULT_USER_ID, PrivateKey, PublicKey
from eztong.gm.sm2_curve import z_value
from tests.vectors.gm import gbt32918 as published


def test_scalar_gives_published_point() -> None:
    """[d]G is the published public key."""
    assert PrivateKey.from_scalar(published.SCALAR).public_key().point() == published.POINT


def test_z_is_published_z() -> None:
    """Z of the default user id is the published Z_A."""
    assert z_value(published.POINT, DEFAULT_USER_ID) == published.Z
    assert published.USER_ID == DEFAULT_USER_ID


def test_digest_to_sign_is_published_e() -> None:
    """SM3(Z || M) is the published e."""
    key = PublicKey.from_point(published.POINT)
    assert key.digest_to_sign(published.MESSAGE, DEFAULT_USER_ID) == published.E


def test_published_signature_verifies() -> None:
    """The published (r, s) is accepted."""
    PublicKey.from_point(published.POINT).verify(published.SIGNATURE, published.MESSAGE)


def test_published_signature_is_refused_for_another_user_id() -> None:
    """The user id is part of what is signed."""
    key = PublicKey.from_point(published.POINT)
    with pytest.raises(SignatureInvalid):
        key.verify(published.SIGNATURE, published.MESSAGE, user_id=b"ALICE123@YAHOO.COM")


def test_published_ciphertext_decrypts() -> None:
    """The published ciphertext opens to the published plaintext."""
    key = PrivateKey.from_scalar(published.SCALAR)
    assert sm2_encrypt.decrypt(key, published.DER) == published.PLAINTEXT


@pytest.mark.parametrize("raw", [published.RAW_WITH_04, published.RAW_WITHOUT_04])
def test_published_raw_ciphertext_converts_to_der(raw: bytes) -> None:
    """Both raw layouts become the one DER, though this x itself begins with the byte 04."""
    assert sm2_encrypt.raw_to_der(raw) == published.DER


@pytest.mark.parametrize(("leading_04", "raw"), [(True, published.RAW_WITH_04), (False, published.RAW_WITHOUT_04)])
def test_published_der_converts_to_raw(*, leading_04: bool, raw: bytes) -> None:
    """DER becomes C1C3C2 with or without the point format byte."""
    assert sm2_encrypt.der_to_raw(published.DER, leading_04=leading_04) == raw
