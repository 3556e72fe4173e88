"""SM4 modes that do NOT protect against alteration: only for the Tencent-compatible contract.

The 增强版人脸核身 / E证通 contract delivers `UserInfo` as SM4-ECB without padding (contract notes,
section 4). ECB shows which 16-byte blocks are equal, and neither ECB nor CBC notices tampering.
Everything of our own uses `eztong.gm.sm4`. The names are long on purpose.
"""

from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.padding import PKCS7

from eztong.gm.errors import DecryptionFailed, EncodingInvalid, KeyInvalid

KEY_SIZE: Final = 16
BLOCK_SIZE: Final = 16


def dangerous_sm4_ecb_encrypt(key: bytes, data: bytes) -> bytes:
    """Encrypt whole 16-byte blocks with SM4-ECB (GB/T 32907-2016), without padding.

    Only for the Tencent-compatible contract.

    Raises:
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The data is not a multiple of 16 bytes.
    """
    _check_blocks(data)
    encryptor = Cipher(_algorithm(key), ECB()).encryptor()  # noqa: S305 - the contract says ECB
    return encryptor.update(data) + encryptor.finalize()


def dangerous_sm4_ecb_decrypt(key: bytes, data: bytes) -> bytes:
    """Decrypt whole 16-byte blocks with SM4-ECB; the result is NOT authenticated.

    Only for the Tencent-compatible contract.

    Raises:
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The data is not a multiple of 16 bytes.
    """
    _check_blocks(data)
    decryptor = Cipher(_algorithm(key), ECB()).decryptor()  # noqa: S305 - the contract says ECB
    return decryptor.update(data) + decryptor.finalize()


def dangerous_sm4_cbc_encrypt(key: bytes, iv: bytes, plaintext: bytes) -> bytes:
    """Encrypt with SM4-CBC and PKCS#7 padding (RFC 5652 section 6.3).

    Only for the Tencent-compatible contract.

    Args:
        key: 16 secret bytes.
        iv: 16 unpredictable bytes, fresh for each message; not part of the result.
        plaintext: Any length, may be empty.

    Raises:
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The iv is not 16 bytes.
    """
    padder = PKCS7(BLOCK_SIZE * 8).padder()
    padded = padder.update(plaintext) + padder.finalize()
    encryptor = Cipher(_algorithm(key), _cbc(iv)).encryptor()
    return encryptor.update(padded) + encryptor.finalize()


def dangerous_sm4_cbc_decrypt(key: bytes, iv: bytes, ciphertext: bytes) -> bytes:
    """Decrypt SM4-CBC and strip PKCS#7 padding; the result is NOT authenticated.

    Only for the Tencent-compatible contract. Never tell a stranger whether this failed: an answer
    that depends on the padding lets them decrypt the message (padding oracle).

    Raises:
        DecryptionFailed: The padding is wrong or the ciphertext is not whole blocks.
        KeyInvalid: The key is not 16 bytes.
        EncodingInvalid: The iv is not 16 bytes.
    """
    decryptor = Cipher(_algorithm(key), _cbc(iv)).decryptor()
    unpadder = PKCS7(BLOCK_SIZE * 8).unpadder()
    try:
        padded = decryptor.update(ciphertext) + decryptor.finalize()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError as error:
        raise DecryptionFailed("the SM4-CBC ciphertext or its padding is wrong") from error


def _algorithm(key: bytes) -> SM4:
    if len(key) != KEY_SIZE:
        raise KeyInvalid(f"an SM4 key has {KEY_SIZE} bytes")
    return SM4(key)


def _cbc(iv: bytes) -> CBC:
    if len(iv) != BLOCK_SIZE:
        raise EncodingInvalid(f"an SM4-CBC iv has {BLOCK_SIZE} bytes")
    return CBC(iv)


def _check_blocks(data: bytes) -> None:
    if len(data) % BLOCK_SIZE:
        raise EncodingInvalid(f"SM4-ECB without padding needs a multiple of {BLOCK_SIZE} bytes")
