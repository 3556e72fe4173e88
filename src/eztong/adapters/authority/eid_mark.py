"""The eid mark that the sandbox authority makes: 36 bytes that only the holder of its key can compute.

``HMAC-SM3(K_authority, "eztong/eid-mark/v1" || 0x00 || document type || 0x00 || number) || "1000"``: the shape that
eID services show in public (a 32-byte digest and four ASCII version bytes), with a keyed digest of our own. The key
never leaves the authority, so nobody can find a mark by trying numbers.
"""

from __future__ import annotations

from typing import Final

from eztong.domain.identity.citizen_number import CitizenNumber
from eztong.gm.errors import KeyInvalid
from eztong.gm.sm3 import HmacSm3Key

MIN_KEY_BYTES: Final = 32

_LABEL: Final = b"eztong/eid-mark/v1"
_VERSION: Final = b"1000"


class EidMarkKey:
    """The authority's secret, K_authority; it can be used but not read. Safe to share between threads."""

    __slots__ = ("_hmac",)

    def __init__(self, secret: bytes) -> None:
        """Take at least 32 secret bytes.

        Raises:
            KeyInvalid: fewer.
        """
        if len(secret) < MIN_KEY_BYTES:
            raise KeyInvalid(f"the eid mark key needs at least {MIN_KEY_BYTES} bytes")
        self._hmac = HmacSm3Key(secret)

    def mark_of(self, number: CitizenNumber) -> bytes:
        """Return the 36-byte eid mark of the person with this number and kind of document."""
        fields = (_LABEL, number.document_type.encode("ascii"), number.value.encode("ascii"))
        return self._hmac.digest(b"\x00".join(fields)) + _VERSION
