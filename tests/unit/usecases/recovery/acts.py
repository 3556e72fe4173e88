"""How LI comes back into the account, and what may stop it."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.holder import FreezeCause, FreezeReason
from eztong.domain.recovery import (
    Recovery,
)
from eztong.usecases.access.challenge_passkey import PasskeyAnswer
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.access.open_session import Opening
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from tests.unit.usecases.access.ways import (
    FRESH,
    OPENING,
    claim,
    typed,
)
from tests.unit.usecases.stage import LI, Stage

RECOVER = OtpPurpose.RECOVER
LATER = Opening(session_hash=FRESH, fresh_hash=b"session after waiting", device_label="Chrome on Android")


def command(stage: Stage, digits: str | None = None, opening: Opening = OPENING) -> RecoverAccount:
    return RecoverAccount(opening=opening, code=typed(stage, RECOVER, digits=digits))


def recover(
    stage: Stage,
    *,
    pin: str | None = None,
    passkey: PasskeyAnswer | None = None,
    typed: TypedIdentity | None = None,
) -> Recovery | None:
    """Claim LI's account and recover it by one of PIN, passkey or typed data."""
    claim(stage, RECOVER)
    return recover_account(replace(command(stage), pin=pin, passkey=passkey, typed=typed), services=stage.services)


def known(number: str = LI.number) -> TypedIdentity:
    return TypedIdentity(name=LI.name, number=number)


def wait(stage: Stage) -> Recovery:
    """Begin a recovery that waits, as its browser does."""
    recovery = recover(stage, typed=known())
    assert recovery is not None
    return recovery


def newest(stage: Stage) -> Recovery:
    found = stage.read(lambda stored: stored.recoveries.newest(stage.holder_id()))
    assert found is not None
    return found


def link_token(stage: Stage) -> str:
    (message,) = [one for one in stage.messages() if one.topic.value == "recovery_waiting"]
    return message.params["link"].rpartition("/")[2]


def freeze(stage: Stage, reason: FreezeReason | None = None, cause: FreezeCause = FreezeCause.SELF) -> None:
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(), cause=cause, channel="test", reason=reason))
