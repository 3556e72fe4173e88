"""SM4-GCM authenticated encryption (GB/T 32907-2016, GB/T 36624-2018, RFC 8998 section 3.2.2).

The one SM4 mode for our own data. A nonce must never be used twice with the same key.
"""

from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

from eztong.gm.errors import BackendUnavailable, DecryptionFailed, EncodingInvalid, KeyInvalid

KEY_SIZE: Final = 16
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16


class Sm4Key:
    """An SM4 key made ready, for one that is used again and again. Safe to share between threads."""

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        """Prepare the key.

        Raises:
            KeyInvalid: The key is not 16 bytes.
        """
        if len(key) != KEY_SIZE:
            raise KeyInvalid(f"an SM4 key has {KEY_SIZE} bytes")
        self._algorithm = SM4(key)

    def seal(self, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
        """Encrypt and authenticate, as `seal_gcm` does."""
        encryptor = _cipher(self._algorithm, nonce).encryptor()
        encryptor.authenticate_additional_data(aad)
        return encryptor.update(plaintext) + encryptor.finalize() + encryptor.tag

    def open(self, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        """Check the tag and return the plaintext, as `open_gcm` does."""
        decryptor = _cipher(self._algorithm, nonce).decryptor()
        if len(sealed) < TAG_SIZE:
            raise DecryptionFailed("sealed data is shorter than its tag")
        decryptor.authenticate_additional_data(aad)
        unverified = decryptor.update(sealed[:-TAG_SIZE])
        try:
            decryptor.finalize_with_tag(sealed[-TAG_SIZE:])
        except InvalidTag as error:
            raise DecryptionFailed("the SM4-GCM tag does not match") from error
        return unverified


def seal_gcm(key: bytes, nonce: bytes, plaintext: bytes, aad: bytes) -> bytes:
    """Encrypt and authenticate.

    Args:
        key: 16 secret bytes.
        nonce: 12 bytes, unique under this key; not part of the result.
        plaintext: Any length, may be empty.
        aad: Context that must be the same when opening; may be empty.

    Returns:
        The ciphertext, as long as the plaintext, followed by the 16-byte tag.

    Raises:
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The nonce is not 12 bytes.
        BackendUnavailable: `cryptography` was built without SM4.
    """
    return Sm4Key(key).seal(nonce, plaintext, aad)


def open_gcm(key: bytes, nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
    """Check the tag over ciphertext and context, then return the plaintext.

    Args:
        key: The 16 bytes used to seal.
        nonce: The 12 bytes used to seal.
        sealed: What `seal_gcm` returned.
        aad: The context used to seal.

    Raises:
        DecryptionFailed: Another key, nonce or context was used, or `sealed` was altered.
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The nonce is not 12 bytes.
        BackendUnavailable: `cryptography` was built without SM4.
    """
    return Sm4Key(key).open(nonce, sealed, aad)


def _cipher(algorithm: SM4, nonce: bytes) -> Cipher[GCM]:
    if len(nonce) != NONCE_SIZE:
        raise EncodingInvalid(f"an SM4-GCM nonce has {NONCE_SIZE} bytes")
    try:
        return _Fitting(algorithm, GCM(nonce))
    except UnsupportedAlgorithm as error:
        raise BackendUnavailable("The cryptography package has no SM4-GCM") from error


class _Fitting(Cipher[GCM]):
    """A cipher whose key and nonce are known to fit: to look at their kinds again is a sixth of an opening."""

    def __init__(self, algorithm: SM4, mode: GCM) -> None:
        self.algorithm = algorithm
        self.mode = mode
