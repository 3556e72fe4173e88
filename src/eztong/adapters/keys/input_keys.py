"""Key pairs that integrators encrypt a session key to: RSA with PKCS#1 v1.5, and SM2 in the raw C1C3C2 layout.

PKCS#1 v1.5 must not tell whether a padding was right (Bleichenbacher). So opening with RSA never fails: whatever is
malformed gives a session key of its own, computed from the private key and the ciphertext (implicit rejection), and
what that opens fails as any wrong key does. Recent OpenSSL does so, too; this holds with every version.
"""

from __future__ import annotations

from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from typing_extensions import override

from eztong.gm.errors import DecryptionFailed, EncodingInvalid, KeyInvalid
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm2_encrypt import decrypt, raw_to_der
from eztong.gm.sm3 import HmacSm3Key, sm3

RSA_BITS: Final = 2048
RSA_SESSION_KEY_BYTES: Final = 32
_EXPONENT: Final = 65537
_MOST_BLOCKS: Final = 4


class InputKeyPair(Protocol):
    """A private key that opens what integrators wrapped."""

    def open(self, wrapped: bytes) -> bytes | None:
        """Return the session key; None if ``wrapped`` is openly not for this key."""
        ...

    def spki(self) -> bytes:
        """Return the public key as DER SubjectPublicKeyInfo."""
        ...


class RsaInputKey(InputKeyPair):
    """RSA with PKCS#1 v1.5; a longer text comes in blocks, one after the other, as one official library sends it.

    Only for keys of :func:`make_rsa_key` that came back whole: their numbers are not proven once more.
    """

    def __init__(self, pkcs8: bytes) -> None:
        """Read the private key.

        Raises:
            KeyInvalid: no RSA key in PKCS#8.
        """
        try:
            # We made the key, and the keyring vouches for each bit: finding its primes again takes half of a start.
            key = load_der_private_key(pkcs8, password=None, unsafe_skip_rsa_key_validation=True)
        except ValueError as error:
            raise KeyInvalid("not a PKCS#8 private key") from error
        if not isinstance(key, RSAPrivateKey):
            raise KeyInvalid("not an RSA key")
        self._key = key
        self._rejection = HmacSm3Key(sm3(b"eztong/input-rejection/v1\x00" + pkcs8))

    @override
    def open(self, wrapped: bytes) -> bytes:
        """Return the session key, or what stands for it where there is none. Never fails."""
        stand_in = self._rejection.digest(wrapped)
        size = self._key.key_size // 8
        blocks = [wrapped[at : at + size] for at in range(0, len(wrapped), size)][:_MOST_BLOCKS]
        opened = b"".join(self._open_block(block) for block in blocks)
        is_right = len(opened) == RSA_SESSION_KEY_BYTES and len(wrapped) == len(blocks) * size
        return opened if is_right else stand_in

    @override
    def spki(self) -> bytes:
        """Return the public key."""
        return self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def _open_block(self, block: bytes) -> bytes:
        try:
            return self._key.decrypt(block, PKCS1v15())
        except ValueError:
            return b""


class Sm2InputKey(InputKeyPair):
    """SM2; the ciphertext may begin with 04 or not. Its tag says by itself whether the key was right."""

    def __init__(self, pkcs8: bytes) -> None:
        """Read the private key.

        Raises:
            GmError: no SM2 key in PKCS#8.
        """
        self._key = PrivateKey.from_pkcs8(pkcs8)

    @override
    def open(self, wrapped: bytes) -> bytes | None:
        """Return the session key, or None."""
        try:
            return decrypt(self._key, raw_to_der(wrapped))
        except (DecryptionFailed, EncodingInvalid):
            return None

    @override
    def spki(self) -> bytes:
        """Return the public key."""
        return self._key.public_key().to_spki()


def make_rsa_key() -> bytes:
    """Return a new RSA key as PKCS#8."""
    key = generate_private_key(_EXPONENT, RSA_BITS)
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
