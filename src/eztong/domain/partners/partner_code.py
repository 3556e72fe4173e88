"""Partner codes: the pseudonym of one holder at one sector (clause 2.2, design.md section 5).

``base64( HMAC-SM3(K, "eztong/partner-code/v1" 0x00 sector 0x00 generation 0x00 eid_mark) || "1000" )``: 48 characters.
Two partners of different sectors cannot link a person by it; the same sector always sees the same code. The generation
is ``1`` for accounts of before it was drawn and 16 random bytes for newer ones: whoever comes back after leaving freely
gets other codes, and after a termination it stays.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import NewType

PartnerCode = NewType("PartnerCode", str)

_LABEL = b"eztong/partner-code/v1"
_VERSION = b"1000"


def derive_partner_code(
    *, mac: Callable[[bytes], bytes], sector_id: str, generation: bytes, eid_mark: bytes
) -> PartnerCode:
    """Return the partner code; ``mac`` is HMAC-SM3 under the partner-code key, ``eid_mark`` has 36 bytes."""
    message = b"\x00".join((_LABEL, sector_id.encode(), generation, eid_mark))
    return PartnerCode(base64.b64encode(mac(message) + _VERSION).decode())
