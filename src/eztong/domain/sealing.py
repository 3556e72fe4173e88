"""Sealed fields: SM4-GCM under a data key, bound to table, row and column (design.md section 5).

Layout: ``0x01 || nonce(12) || ciphertext || tag(16)``. A value copied to another row or column does not open.
Deregistration destroys the data key, which erases every field sealed with it at once.
"""

from __future__ import annotations

from eztong.gm.errors import DecryptionFailed
from eztong.gm.sm4 import TAG_SIZE, Sm4Key, seal_gcm

DATA_KEY_BYTES = 16
NONCE_BYTES = 12
_VERSION = b"\x01"
_LEAST_BYTES = 1 + NONCE_BYTES + TAG_SIZE


def seal_field(key: bytes, plaintext: bytes, *, nonce: bytes, place: tuple[str, str, str]) -> bytes:
    """Seal ``plaintext`` for ``place`` (table, row id, column). ``nonce`` is 12 fresh random bytes."""
    return _VERSION + nonce + seal_gcm(key, nonce, plaintext, _aad(place))


def open_field(key: bytes | Sm4Key, sealed: bytes, *, place: tuple[str, str, str]) -> bytes:
    """Open what :func:`seal_field` made for the same place. A ``key`` that opens much may be made ready before.

    Raises:
        DecryptionFailed: another key, another place, another layout, or changed bytes.
    """
    if sealed[:1] != _VERSION or len(sealed) < _LEAST_BYTES:
        raise DecryptionFailed("not a sealed field")
    ready = Sm4Key(key) if isinstance(key, bytes) else key
    return ready.open(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], _aad(place))


def _aad(place: tuple[str, str, str]) -> bytes:
    return "\x00".join(place).encode()
