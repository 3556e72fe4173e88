"""Identifiers: a prefix that says what it names, then a ULID (48 bits of time, 80 of randomness).

They sort by time, so lists page by them; they hold nothing about a person. Holder ids never leave the service except
to the sandbox's test helpers.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import NewType

HolderId = NewType("HolderId", str)
DeviceId = NewType("DeviceId", str)
CodeId = NewType("CodeId", str)
PartnerId = NewType("PartnerId", str)
VerificationId = NewType("VerificationId", str)
RequestId = NewType("RequestId", str)
GrantId = NewType("GrantId", str)
AcceptanceId = NewType("AcceptanceId", str)
BatchId = NewType("BatchId", str)

ULID_RANDOM_BYTES = 10
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
ID_PATTERN = re.compile(r"[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}")


def make_id(prefix: str, *, now: datetime, random: bytes) -> str:
    """Return ``prefix_`` plus a ULID made of ``now`` and ten bytes of randomness.

    Raises:
        ValueError: ``random`` is not ten bytes long (programmer's mistake).
    """
    if len(random) != ULID_RANDOM_BYTES:
        raise ValueError("a ULID needs exactly ten random bytes")
    n, two = int.from_bytes(random), _PAIRS
    # Written out, since every verification makes one: a loop takes twice as long.
    first = f"{two[n >> 70]}{two[n >> 60 & 1023]}{two[n >> 50 & 1023]}{two[n >> 40 & 1023]}"
    return (
        f"{prefix}_{_time_part(now)}{first}"
        f"{two[n >> 30 & 1023]}{two[n >> 20 & 1023]}{two[n >> 10 & 1023]}{two[n & 1023]}"
    )


@lru_cache(maxsize=8)
def _time_part(now: datetime) -> str:
    # Ten characters hold 50 bits, of which the first two stay zero.
    milliseconds = int(now.timestamp() * 1000)
    return "".join([_PAIRS[(milliseconds >> shift) & 1023] for shift in range(40, -1, -10)])
