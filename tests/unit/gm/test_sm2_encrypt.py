"""SM2 encryption: round trips, layouts and tampering."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eztong.gm._evp import derive_point
from eztong.gm.errors import DecryptionFailed, EncodingInvalid
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm2_curve import N
from eztong.gm.sm2_encrypt import decrypt, der_to_raw, encrypt, raw_to_der
from eztong.gm.sm3 import sm3
from tests.vectors.gm import gbt32918 as published

KEY = PrivateKey.from_scalar(published.SCALAR)
PUBLIC = KEY.public_key()


@settings(max_examples=50, deadline=None)
@given(plaintext=st.binary(min_size=1, max_size=3000))
def test_what_is_encrypted_decrypts(plaintext: bytes) -> None:
    """Any non-empty plaintext."""
    assert decrypt(KEY, encrypt(PUBLIC, plaintext)) == plaintext


@settings(max_examples=50, deadline=None)
@given(plaintext=st.binary(min_size=1, max_size=300), leading_04=st.booleans())
def test_der_survives_raw_layouts(plaintext: bytes, *, leading_04: bool) -> None:
    """DER to raw and back is the identity in both layouts."""
    der = encrypt(PUBLIC, plaintext)
    raw = der_to_raw(der, leading_04=leading_04)
    assert len(raw) == len(plaintext) + (97 if leading_04 else 96)
    assert raw_to_der(raw) == der


@settings(max_examples=200, deadline=None)
@given(bit=st.integers(0, len(published.DER) * 8 - 1))
def test_ciphertext_with_any_bit_flipped_is_refused(bit: int) -> None:
    """C3 and strict DER leave no bit unchecked."""
    forged = bytearray(published.DER)
    forged[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(DecryptionFailed):
        decrypt(KEY, bytes(forged))


@settings(max_examples=50, deadline=None)
@given(forged=st.binary(max_size=200))
def test_garbage_is_refused(forged: bytes) -> None:
    """Arbitrary bytes raise the documented errors and nothing else."""
    with pytest.raises(DecryptionFailed):
        decrypt(KEY, forged)
    with pytest.raises(EncodingInvalid):
        raw_to_der(forged)
    with pytest.raises(EncodingInvalid):
        der_to_raw(forged, leading_04=True)


def test_ciphertext_for_another_is_refused() -> None:
    """Charlie cannot decrypt what was encrypted to Alice."""
    with pytest.raises(DecryptionFailed):
        decrypt(PrivateKey.generate(), published.DER)


def test_ciphertext_with_c1_off_the_curve_is_refused() -> None:
    """Invalid-curve attack on the receiver's scalar."""
    off_curve = published.DER.replace(published.C1[32:], published.C1[32:-1] + b"\x00")
    with pytest.raises(DecryptionFailed):
        decrypt(KEY, off_curve)


def test_ciphertext_with_trailing_byte_is_refused() -> None:
    """A ciphertext has one encoding."""
    with pytest.raises(DecryptionFailed):
        decrypt(KEY, published.DER + b"\x00")


def test_old_order_c1c2c3_is_refused() -> None:
    """The 2010 order C1C2C3 is not read by accident."""
    old_order = published.C1 + published.C2 + published.C3
    with pytest.raises(DecryptionFailed):
        decrypt(KEY, raw_to_der(old_order))


def _encrypt_one_byte(k: int, byte: bytes) -> tuple[bytes, bytes]:
    """Encrypt with a chosen nonce, and return the one-byte key stream too.

    [k]P is [kd mod n]G, so the key derivation can choose the point for us.
    """
    c1 = derive_point(k)
    shared = derive_point(k * published.SCALAR % N)
    x, y = shared[1:33], shared[33:]
    stream = sm3(x + y + b"\x00\x00\x00\x01")[:1]
    c2 = bytes([byte[0] ^ stream[0]])
    return raw_to_der(c1 + sm3(x + byte + y) + c2), stream


def test_ciphertext_with_empty_key_stream_is_refused() -> None:
    """Step B4: a sender who skipped step A5 left the plaintext bare; others open."""
    made = [_encrypt_one_byte(k, b"A") for k in range(2, 800)]
    bare = [ciphertext for ciphertext, stream in made if stream == b"\x00"]
    assert bare
    for ciphertext in bare:
        with pytest.raises(DecryptionFailed):
            decrypt(KEY, ciphertext)
    for ciphertext, stream in made[:20]:
        assert stream == b"\x00" or decrypt(KEY, ciphertext) == b"A"


def test_empty_plaintext_is_refused() -> None:
    """There is no SM2 ciphertext of nothing."""
    with pytest.raises(EncodingInvalid):
        encrypt(PUBLIC, b"")


def test_one_byte_never_travels_bare() -> None:
    """Step A5: the key stream of a one-byte plaintext is zero once in 256 draws; not here."""
    for _ in range(600):
        assert der_to_raw(encrypt(PUBLIC, b"A"), leading_04=False)[-1:] != b"A"


def test_ciphertexts_of_one_plaintext_differ() -> None:
    """Each encryption draws its own ephemeral key."""
    assert len({encrypt(PUBLIC, b"same") for _ in range(20)}) == 20
