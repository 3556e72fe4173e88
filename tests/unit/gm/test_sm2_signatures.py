"""SM2 signatures: what an attacker may try, and that each signature has one encoding."""

import ctypes
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eztong.gm import _libcrypto
from eztong.gm.errors import DecryptionFailed, EncodingInvalid, KeyInvalid, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.gm.sm2_curve import N
from tests.vectors.gm import gbt32918 as published

KEY = PrivateKey.from_scalar(published.SCALAR)
PUBLIC = KEY.public_key()
R, S = f"{published.R:064x}", f"{published.S:064x}"

ENCODINGS = {
    "empty": "",
    "no sequence": f"022100{R}022100{S}",
    "long-form length": f"308146022100{R}022100{S}",
    "long-form integer length": f"304702812100{R}022100{S}",
    "indefinite length": f"3080022100{R}022100{S}0000",
    "trailing byte": f"3046022100{R}022100{S}00",
    "trailing byte inside": f"3047022100{R}022100{S}00",
    "third integer": f"3049022100{R}022100{S}020101",
    "needless zero": f"304702220000{R}022100{S}",
    "negative r": f"30450220{R}022100{S}",
    "negative s": f"3045022100{R}0220{S}",
    "r + n": f"3046022101{published.R + N - 2**256:064x}022100{S}",
    "s + n": f"3046022100{R}022101{published.S + N - 2**256:064x}",
    "empty integer": f"3025022100{R}0200",
    "cut short": f"3046022100{R}022100{S}"[:-2],
    "raw r and s": R + S,
    "wrong integer tag": f"3046042100{R}022100{S}",
}


def _der(r: int, s: int) -> bytes:
    """Encode numbers as DER by another way than the code under test."""

    def integer(value: int) -> bytes:
        octets = value.to_bytes(value.bit_length() // 8 + 1, "big")
        return bytes([2, len(octets)]) + octets

    content = integer(r) + integer(s)
    return bytes([0x30, len(content)]) + content


@settings(max_examples=50, deadline=None)
@given(message=st.binary(max_size=5000), user_id=st.binary(max_size=64))
def test_what_is_signed_verifies(message: bytes, user_id: bytes) -> None:
    """Any message under any user id."""
    PUBLIC.verify(KEY.sign(message, user_id=user_id), message, user_id=user_id)


@settings(max_examples=100, deadline=None)
@given(bit=st.integers(0, len(published.SIGNATURE) * 8 - 1))
def test_signature_with_any_bit_flipped_is_refused(bit: int) -> None:
    """No single-bit neighbour of a signature is a signature."""
    forged = bytearray(published.SIGNATURE)
    forged[bit // 8] ^= 1 << (bit % 8)
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(bytes(forged), published.MESSAGE)


@settings(max_examples=50, deadline=None)
@given(forged=st.binary(max_size=80))
def test_garbage_is_refused(forged: bytes) -> None:
    """Arbitrary bytes raise SignatureInvalid and nothing else."""
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(forged, published.MESSAGE)


def test_signature_moved_to_another_message_is_refused() -> None:
    """A signature does not carry over."""
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(KEY.sign(b"pay 1"), b"pay 1000")


def test_signature_by_charlie_is_refused() -> None:
    """Another key's signature is not this key's."""
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(PrivateKey.generate().sign(b"message"), b"message")


def test_signature_under_another_user_id_is_refused() -> None:
    """The user id is bound into the signature."""
    signature = KEY.sign(b"message", user_id=b"partner-a")
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(signature, b"message", user_id=b"partner-b")


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_rewritten_signature_is_refused(encoding: str) -> None:
    """Malleability: the numbers are right or nearly so, the encoding is not the one."""
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(bytes.fromhex(encoding), published.MESSAGE)


@pytest.mark.parametrize(
    ("r", "s"),
    [
        (0, 0),
        (0, published.S),
        (published.R, 0),
        (N, published.S),
        (published.R, N),
        (published.R, N - published.S),
        (1, N - 1),
        (published.S, published.R),
    ],
)
def test_forged_numbers_are_refused(r: int, s: int) -> None:
    """Zero, the group order, r + s = n, the ECDSA-style twin n - s, and swapped numbers."""
    with pytest.raises(SignatureInvalid):
        PUBLIC.verify(_der(r, s), published.MESSAGE)


def test_signatures_of_one_message_differ() -> None:
    """Each signature draws its own nonce; a repeated one would give the key away."""
    assert len({KEY.sign(b"same") for _ in range(20)}) == 20


def test_overlong_user_id_is_refused() -> None:
    """The length of the user id in bits must fit 16 bits."""
    KEY.sign(b"message", user_id=b"x" * 8191)
    with pytest.raises(EncodingInvalid):
        KEY.sign(b"message", user_id=b"x" * 8192)


@pytest.mark.parametrize(
    ("refused", "call"),
    [
        (SignatureInvalid, lambda: PUBLIC.verify(published.SIGNATURE, b"another")),
        (SignatureInvalid, lambda: PUBLIC.evp().verify_digest(b"garbage", bytes(32))),
        (DecryptionFailed, lambda: KEY.evp().decrypt(b"garbage")),
        (KeyInvalid, lambda: PublicKey.from_point(b"\x04" + bytes(64))),
        (KeyInvalid, lambda: PUBLIC.evp().scalar()),
    ],
    ids=["signature", "encoding", "ciphertext", "point", "scalar"],
)
def test_refusal_leaves_no_error_behind_for_ssl(refused: type[Exception], call: Callable[[], object]) -> None:
    """Python's ssl module reads the same OpenSSL error queue."""
    with pytest.raises(refused):
        call()
    peek = _libcrypto.libcrypto().ERR_peek_error
    peek.restype = ctypes.c_ulong
    assert peek() == 0
