"""The limits of this door, per client network: against floods, wide enough for a family or an office behind one.

A browser that was signed in to an account before is counted by itself, not with its network: whoever floods from the
same network does not keep it out.
"""

from __future__ import annotations

from contextlib import suppress

from eztong.citizen.browser.asker import known_mark
from eztong.citizen.visit import Visit
from eztong.domain.errors import TooMany
from eztong.http.limits import hit_network
from eztong.ports.limiter import Limit

_HOUR = 3600
OTP_SENDS = Limit("citizen_otp_sends", 30, _HOUR)
REGISTRATIONS = Limit("citizen_registrations", 30, _HOUR)
DATA_EXPORTS = Limit("citizen_data_exports", 10, _HOUR)
IDENTITY_TRIES = Limit("citizen_identity_tries", 60, _HOUR)
PASSKEY_TRIES = Limit("citizen_passkey_tries", 120, _HOUR)
PIN_TRIES = Limit("citizen_pin_tries", 60, _HOUR)
_SANDBOX_FACTOR = 200


def count(limit: Limit, visit: Visit) -> None:
    """Count one event of this browser or its network; a sandbox allows far more: load tests come from one address.

    Raises:
        TooMany: with the seconds to wait.
    """
    if visit.services.deployment.is_sandbox:
        limit = Limit(limit.name, limit.amount * _SANDBOX_FACTOR, limit.seconds)
    mark = known_mark(visit)
    if mark is not None:
        # What is used up here may have been used up by somebody with a copy of the note.
        with suppress(TooMany):
            visit.services.limiter.hit(limit, f"browser {mark}")
            return
    hit_network(visit.services.limiter, limit, visit.address)
