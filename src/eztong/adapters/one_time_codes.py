"""One-time codes by TOTP (RFC 6238) of the cryptography library: SHA-1, six digits, half minutes, as apps speak it."""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from typing_extensions import override

from eztong.ports.clock import Clock
from eztong.ports.one_time_codes import OneTimeCodes

_SECONDS: Final = 30
_DIGITS: Final = 6
_AROUND: Final = (0, -1, 1)
"""The half minutes that are tried: a code is read and typed in some seconds, and clocks differ by as many."""


class TotpCodes(OneTimeCodes):
    """The codes of authenticator apps, by ``clock``."""

    def __init__(self, clock: Clock) -> None:
        """Go by ``clock``, which must show the time of day for real apps."""
        self._clock = clock

    @override
    def step(self) -> int:
        return int(self._clock.now().timestamp()) // _SECONDS

    @override
    def code_of(self, key: bytes, step: int) -> str:
        return _app(key).generate(step * _SECONDS).decode()

    @override
    def step_of(self, key: bytes, code: str) -> int | None:
        now, typed = self.step(), code.encode()
        steps = [now + around for around in _AROUND]
        # Every one is compared, so that the time taken tells nothing.
        fitting = [step for step in steps if hmac.compare_digest(self.code_of(key, step).encode(), typed)]
        return fitting[0] if fitting else None

    @override
    def address(self, key: bytes, *, operator: str, issuer: str) -> str:
        return _app(key).get_provisioning_uri(operator, issuer)


def _app(key: bytes) -> TOTP:
    # SHA-1 within HMAC is what the apps speak; RFC 6238 allows it, and no collision helps against a MAC.
    return TOTP(key, _DIGITS, SHA1(), _SECONDS)  # noqa: S303 - see above
