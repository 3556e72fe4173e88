"""SM4-GCM sealing, and the dangerous modes kept for compatibility."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eztong.gm.dangerous import (
    dangerous_sm4_cbc_decrypt,
    dangerous_sm4_cbc_encrypt,
    dangerous_sm4_ecb_decrypt,
    dangerous_sm4_ecb_encrypt,
)
from eztong.gm.errors import DecryptionFailed, EncodingInvalid, KeyInvalid
from eztong.gm.sm4 import open_gcm, seal_gcm

KEY, NONCE, AAD = b"k" * 16, b"n" * 12, b"holders|42|phone"
SEALED = seal_gcm(KEY, NONCE, b"13800000000", AAD)

keys = st.binary(min_size=16, max_size=16)


@settings(deadline=None)
@given(keys, st.binary(min_size=12, max_size=12), st.binary(max_size=500), st.binary(max_size=80))
def test_what_is_sealed_opens(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> None:
    """Any plaintext and context, with 16 bytes added."""
    sealed = seal_gcm(key, nonce, plaintext, aad)
    assert len(sealed) == len(plaintext) + 16
    assert open_gcm(key, nonce, sealed, aad) == plaintext


@given(bit=st.integers(0, len(SEALED) * 8 - 1))
def test_sealed_with_any_bit_flipped_is_refused(bit: int) -> None:
    """Ciphertext and tag are both covered."""
    forged = bytearray(SEALED)
    forged[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(DecryptionFailed):
        open_gcm(KEY, NONCE, bytes(forged), AAD)


def test_sealed_moved_to_another_row_is_refused() -> None:
    """The context binds a field to its place."""
    with pytest.raises(DecryptionFailed):
        open_gcm(KEY, NONCE, SEALED, b"holders|43|phone")


def test_sealed_under_another_key_or_nonce_is_refused() -> None:
    """Key and nonce are covered too."""
    with pytest.raises(DecryptionFailed):
        open_gcm(b"K" * 16, NONCE, SEALED, AAD)
    with pytest.raises(DecryptionFailed):
        open_gcm(KEY, b"N" * 12, SEALED, AAD)


@pytest.mark.parametrize("size", [0, 1, 15, 16, 26])
def test_truncated_sealed_is_refused(size: int) -> None:
    """A shortened tag is not a weaker tag; it is none."""
    with pytest.raises(DecryptionFailed):
        open_gcm(KEY, NONCE, SEALED[:size], AAD)


@pytest.mark.parametrize("size", [0, 15, 17, 24, 32])
def test_key_of_wrong_size_is_refused(size: int) -> None:
    """An SM4 key has 16 bytes in every mode."""
    key = b"k" * size
    with pytest.raises(KeyInvalid):
        seal_gcm(key, NONCE, b"", b"")
    with pytest.raises(KeyInvalid):
        dangerous_sm4_ecb_encrypt(key, b"")
    with pytest.raises(KeyInvalid):
        dangerous_sm4_cbc_encrypt(key, b"i" * 16, b"")


@pytest.mark.parametrize("size", [0, 8, 11, 13, 16])
def test_nonce_of_wrong_size_is_refused(size: int) -> None:
    """A GCM nonce has 12 bytes; other sizes invite collisions."""
    with pytest.raises(EncodingInvalid):
        seal_gcm(KEY, b"n" * size, b"", b"")
    with pytest.raises(EncodingInvalid):
        open_gcm(KEY, b"n" * size, SEALED, b"")


@given(key=keys, blocks=st.lists(st.binary(min_size=16, max_size=16), max_size=5))
def test_ecb_round_trip(key: bytes, blocks: list[bytes]) -> None:
    """Whole blocks survive and keep their length: nothing is padded."""
    data = b"".join(blocks)
    encrypted = dangerous_sm4_ecb_encrypt(key, data)
    assert len(encrypted) == len(data)
    assert dangerous_sm4_ecb_decrypt(key, encrypted) == data


@pytest.mark.parametrize("size", [1, 15, 17])
def test_ecb_of_partial_block_is_refused(size: int) -> None:
    """Padding is the caller's decision."""
    with pytest.raises(EncodingInvalid):
        dangerous_sm4_ecb_encrypt(KEY, b"x" * size)
    with pytest.raises(EncodingInvalid):
        dangerous_sm4_ecb_decrypt(KEY, b"x" * size)


@given(keys, st.binary(min_size=16, max_size=16), st.binary(max_size=100))
def test_cbc_round_trip(key: bytes, iv: bytes, plaintext: bytes) -> None:
    """Any length survives; at least one byte of padding is added."""
    encrypted = dangerous_sm4_cbc_encrypt(key, iv, plaintext)
    assert len(encrypted) == len(plaintext) // 16 * 16 + 16
    assert dangerous_sm4_cbc_decrypt(key, iv, encrypted) == plaintext


@pytest.mark.parametrize("ciphertext", [b"", b"x", b"x" * 15, b"x" * 17])
def test_cbc_of_partial_block_is_refused(ciphertext: bytes) -> None:
    """A CBC ciphertext is whole blocks, at least one."""
    with pytest.raises(DecryptionFailed):
        dangerous_sm4_cbc_decrypt(KEY, b"i" * 16, ciphertext)


def test_cbc_with_wrong_padding_is_refused() -> None:
    """A block that ends in a zero byte is no PKCS#7."""
    iv = b"i" * 16
    block = dangerous_sm4_ecb_encrypt(KEY, iv)  # decrypts to iv ^ iv: sixteen zeros
    with pytest.raises(DecryptionFailed):
        dangerous_sm4_cbc_decrypt(KEY, iv, block)


def test_cbc_iv_of_wrong_size_is_refused() -> None:
    """A CBC iv is one block."""
    with pytest.raises(EncodingInvalid):
        dangerous_sm4_cbc_encrypt(KEY, b"i" * 12, b"")
