"""The limits of this door, per client network: against floods, wide enough for a family or an office behind one.

* A browser that is signed in to an account, or was, is counted by the account, not with its network: whoever floods
  from the same network does not keep it out. What goes beyond the account's share is counted with the network.
* Each purpose of a message has a limit of its own: whoever uses up signing in closes neither recovering nor freezing.
* Only what can be meant is counted: a name, number or phone that can be nobody's costs nothing.
* Nothing is counted for what a limit elsewhere bounds, or what tries nothing: a code is typed five times for each that
  was asked for, and a passkey's challenge is a row that is gone after an hour. So no stranger closes a passkey's ways
  to sign in, to recover and to freeze (docs/adr/0050).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from eztong.citizen.browser.asker import account_of
from eztong.citizen.visit import Visit
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import TooMany
from eztong.http.limits import hit_network
from eztong.ports.limiter import Limit

_HOUR = 3600
SENDS: Final[Mapping[OtpPurpose, Limit]] = {
    purpose: Limit(f"citizen_sends_{purpose}", 120 if purpose is OtpPurpose.FREEZE else 30, _HOUR)
    for purpose in OtpPurpose
}
"""Messages with a code; freezing, which people do in an emergency, has the widest."""
REGISTRATIONS = Limit("citizen_registrations", 30, _HOUR)
DATA_EXPORTS = Limit("citizen_data_exports", 10, _HOUR)
FEEDBACK = Limit("citizen_feedback", 20, _HOUR)
IDENTITY_CHECKS = Limit("citizen_identity_checks", 20, _HOUR)
"""Presses that may ask the authority; how often it is asked about an account is a budget of the account's."""
IDENTITY_TRIES = Limit("citizen_identity_tries", 60, _HOUR)
GUARDIAN_TRIES = Limit("citizen_guardian_tries", 60, _HOUR)
"""Children and minors that somebody names as guardian."""
HELPER_TRIES = Limit("citizen_helper_tries", 60, _HOUR)
"""Digits of invitations that somebody types to help; wrong ones are a budget of the account's."""
RECOVERY_QUESTIONS = Limit("citizen_recovery_questions", 60, _HOUR)
"""Names and numbers that are typed again to recover without PIN and passkey: the authority may be asked about each."""
PASSKEY_TRIES = Limit("citizen_passkey_tries", 120, _HOUR)
"""Passkeys that are made, or asked to unlock, in a browser that is signed in."""
PIN_TRIES = Limit("citizen_pin_tries", 60, _HOUR)
"""PINs that are typed to unlock. Those of sign-in and recovery come with a message code."""
_SANDBOX_FACTOR = 200


def count(limit: Limit, visit: Visit) -> None:
    """Count one event of this browser's account, or of its network.

    A sandbox allows far more: load tests come from one address.

    Raises:
        TooMany: with the seconds to wait.
    """
    if visit.services.deployment.is_sandbox:
        limit = Limit(limit.name, limit.amount * _SANDBOX_FACTOR, limit.seconds)
    account = account_of(visit)
    if account is not None:
        # What is used up here may have been used up by somebody with a copy of the note.
        with suppress(TooMany):
            visit.services.limiter.hit(limit, f"account {account}")
            return
    hit_network(visit.services.limiter, limit, visit.address)
