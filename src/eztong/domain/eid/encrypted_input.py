"""Parameters that an integrator encrypted under a session key: AES-256-CBC or SM4-GCM, as the contract has them.

CBC carries no tag. That a ciphertext was altered shows, if at all, in the plaintext; integrators who can choose should
choose SM4-GCM.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from typing_extensions import override

from eztong.domain.errors import InputInvalid
from eztong.gm.errors import GmError
from eztong.gm.sm4 import NONCE_SIZE, TAG_SIZE, open_gcm

AES_KEY_BYTES: Final = 32
AES_BLOCK_BYTES: Final = 16
_BLOCK_BITS: Final = 8 * AES_BLOCK_BYTES
_MAX_TEXT: Final = 4096


class InputUnreadable(InputInvalid):
    """The encrypted parameters do not open; every cause is answered alike."""

    code = "input_unreadable"
    advice = "Encrypt to the key under /.well-known/eztong-input-keys.json, with one of the two documented algorithms."


class InputAlgorithm(StrEnum):
    """How the parameters are encrypted."""

    AES_256_CBC = "AES-256-CBC"
    SM4_GCM = "SM4-GCM"


@dataclass(frozen=True, slots=True)
class EncryptedInput:
    """Ciphertexts in order, with one tag each for SM4-GCM. All decoded."""

    algorithm: InputAlgorithm
    iv: bytes
    values: Sequence[bytes]
    tags: Sequence[bytes] = ()

    def open(self, session_key: bytes) -> list[str]:
        """Return the plaintexts.

        Raises:
            InputUnreadable: the key is another, or something was altered.
        """
        if self.algorithm is InputAlgorithm.SM4_GCM:
            return [_open_sm4(session_key, self.iv, *pair) for pair in zip(self.values, self.tags, strict=True)]
        return [_open_aes(session_key, self.iv, value) for value in self.values]

    @override
    def __repr__(self) -> str:
        """Hide everything."""
        return f"EncryptedInput({self.algorithm})"


def parse_encrypted_input(
    algorithm: InputAlgorithm, *, iv: str, values: Sequence[str], tags: Sequence[str]
) -> EncryptedInput:
    """Decode the texts of a call.

    Raises:
        InputUnreadable: no base64, a wrong length, or not one tag for each value.
    """
    is_gcm = algorithm is InputAlgorithm.SM4_GCM
    decoded_tags = [decode_base64(tag) for tag in tags] if is_gcm else []
    if is_gcm and (len(tags) != len(values) or any(len(tag) != TAG_SIZE for tag in decoded_tags)):
        raise InputUnreadable
    decoded_iv = decode_base64(iv) if is_gcm else _parse_aes_iv(iv)
    if len(decoded_iv) != (NONCE_SIZE if is_gcm else AES_BLOCK_BYTES):
        raise InputUnreadable
    return EncryptedInput(algorithm, decoded_iv, [decode_base64(value) for value in values], decoded_tags)


def decode_base64(text: str) -> bytes:
    """Return the bytes of a base64 text.

    Raises:
        InputUnreadable: it is none, or unreasonably long.
    """
    if len(text) > _MAX_TEXT:
        raise InputUnreadable
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputUnreadable from None


def _parse_aes_iv(text: str) -> bytes:
    """Return 16 bytes: as base64, or as the 16 characters that an older form of the contract had."""
    if len(text) == AES_BLOCK_BYTES and text.isascii():
        return text.encode("ascii")
    return decode_base64(text)


def _open_sm4(key: bytes, iv: bytes, value: bytes, tag: bytes) -> str:
    try:
        return _text(open_gcm(key, iv, value + tag, b""))
    except GmError:
        raise InputUnreadable from None


def _open_aes(key: bytes, iv: bytes, value: bytes) -> str:
    if len(key) != AES_KEY_BYTES or not value or len(value) % AES_BLOCK_BYTES:
        raise InputUnreadable
    decryptor = Cipher(AES256(key), CBC(iv)).decryptor()
    padded = decryptor.update(value) + decryptor.finalize()
    unpadder = PKCS7(_BLOCK_BITS).unpadder()
    try:
        return _text(unpadder.update(padded) + unpadder.finalize())
    except ValueError:
        raise InputUnreadable from None


def _text(plaintext: bytes) -> str:
    """Return a text of printable characters: what a wrong key leaves behind is hardly ever one."""
    try:
        text = plaintext.decode()
    except UnicodeDecodeError:
        raise InputUnreadable from None
    if not text.isprintable():
        raise InputUnreadable
    return text
