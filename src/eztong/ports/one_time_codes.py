"""The port of one-time codes: the second factor that an authenticator app shows (RFC 6238).

It has a clock of its own: an app goes by the time of day, also while a sandbox's clock stands elsewhere.
"""

from __future__ import annotations

from typing import Final, Protocol

KEY_BYTES: Final = 20
"""Bytes of an app's key: as many as RFC 4226 section 4 asks for."""


class OneTimeCodes(Protocol):
    """Makes and compares codes. Safe to call from any thread."""

    def step(self) -> int:
        """Return the number of this half minute, counted from 1970."""
        ...

    def code_of(self, key: bytes, step: int) -> str:
        """Return the digits of a half minute."""
        ...

    def step_of(self, key: bytes, code: str) -> int | None:
        """Return the half minute whose code this is: this one, the one before or the next; None for no such."""
        ...

    def address(self, key: bytes, *, operator: str, issuer: str) -> str:
        """Return the ``otpauth`` address that an app reads from a QR code."""
        ...
