"""Passkeys: WebAuthn credentials whose authenticator verified its user (clause 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotPermitted, StateConflict
from eztong.domain.identifiers import DeviceId, HolderId

CHALLENGE_LIFE: Final = timedelta(minutes=5)
CHALLENGE_BYTES: Final = 32
MAX_PASSKEYS: Final = 10
LABEL_CHARACTERS: Final = 40


class PasskeyPurpose(StrEnum):
    """What a challenge is for; an answer for one purpose never serves another."""

    REGISTER = "register"
    UNLOCK = "unlock"
    SIGN_IN = "sign_in"
    RECOVER = "recover"
    FREEZE = "freeze"
    OPERATOR_REGISTER = "operator_register"
    OPERATOR_SIGN_IN = "operator_sign_in"
    OPERATOR_PROOF = "operator_proof"


class PasskeyRefused(NotPermitted):
    """The authenticator's answer does not hold: another challenge, site, key, or an unverified user."""

    code = "passkey_refused"
    advice = "Try the passkey again, or use your PIN. Nothing was done."


class PasskeyCloned(PasskeyRefused):
    """The signature counter went back: two authenticators may hold the same key."""

    code = "passkey_cloned"
    advice = "Use your PIN, then remove this passkey and set a new one."


class PasskeyLimit(StateConflict):
    """The account has as many passkeys as it may."""

    code = "passkey_limit"
    advice = "Remove a passkey that you no longer use, then add this one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A credential of a holder, made on ``device_id``."""

    credential_id: bytes
    holder_id: HolderId
    device_id: DeviceId
    public_key: bytes = field(repr=False)
    sign_count: int
    label: str
    created_at: datetime
    last_used_at: datetime | None = None


def check_count(stored: int, presented: int) -> None:
    """Refuse a counter that did not move on; authenticators without a counter always say zero.

    Raises:
        PasskeyCloned: it went back, or stood still.
    """
    if (stored or presented) and presented <= stored:
        raise PasskeyCloned
