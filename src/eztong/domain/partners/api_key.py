"""API keys: ``ezt_sk_<test|live>_<43 url-safe characters>``, 256 random bits, stored as a keyed hash, shown once."""

from __future__ import annotations

import base64
import re

from eztong.domain.errors import KeyUnknown

API_KEY_RANDOM_BYTES = 32
PREFIX_LENGTH = len("ezt_sk_test_") + 4
"""How much of a key is kept to know it by: four of its 43 characters, which leaves 234 bits that nobody knows."""
_API_KEY = re.compile(r"ezt_sk_(test|live)_[A-Za-z0-9_-]{43}")


def make_api_key(random: bytes, *, live: bool) -> str:
    """Return the text of a new key from 32 random bytes.

    Raises:
        ValueError: another number of bytes (programmer's mistake).
    """
    if len(random) != API_KEY_RANDOM_BYTES:
        raise ValueError("an API key needs 32 random bytes")
    body = base64.urlsafe_b64encode(random).rstrip(b"=").decode()
    return f"ezt_sk_{'live' if live else 'test'}_{body}"


def parse_api_key(unverified_text: str) -> bytes:
    """Return the bytes to hash for the look-up.

    Raises:
        KeyUnknown: not in the form of a key.
    """
    if not _API_KEY.fullmatch(unverified_text):
        raise KeyUnknown
    return unverified_text.encode()
