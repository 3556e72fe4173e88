"""Phone lost or account stolen: whoever has the phone gets nowhere, and the holder's own older proofs do (2.9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.errors import HolderFrozen
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.notices import Topic
from eztong.domain.recovery import SETTLED, PasskeyOfLostPhone, ProofTooNew
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_passkey, sign_in_by_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.freezing.freeze_by_passkey import freeze_by_passkey
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from tests.unit.usecases.access.ways import (
    FRESH,
    OPENING,
    PIN,
    ask_sign_in,
    by_passkey,
    give_passkey,
    give_pin,
    pin_of,
    typed,
)
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.recovery.acts import freeze, newest, recover, wait
from tests.unit.usecases.stage import LI, Stage

LOSSES = [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN]
SECOND = Authenticator(b"second", "second")


def pin_signs_in(stage: Stage) -> None:
    ask_sign_in(stage)
    code = typed(stage, OtpPurpose.SIGN_IN)
    sign_in_by_pin(SignInByPin(opening=OPENING, code=code, pin=PIN, last_four=""), services=stage.services)


def passkey_signs_in(stage: Stage) -> None:
    sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, SECOND), OPENING, services=stage.services)


def opened(stage: Stage) -> Session | None:
    return stage.read(lambda stored: stored.sessions.get(FRESH))


def unlock_again(stage: Stage) -> None:
    unlock_by_pin(UnlockByPin(session_hash=LI.session, pin=PIN), services=stage.services)


@pytest.mark.parametrize("sign_in", [pin_signs_in, passkey_signs_in])
@pytest.mark.parametrize("reason", LOSSES)
def test_nobody_signs_in_while_a_loss_stands(
    stage: Stage, reason: FreezeReason, sign_in: Callable[[Stage], None]
) -> None:
    give_pin(stage)
    give_passkey(stage, authenticator=SECOND)
    freeze(stage, reason)
    with pytest.raises(HolderFrozen):
        sign_in(stage)
    assert opened(stage) is None
    assert pin_of(stage).wrong_tries == 0


@pytest.mark.parametrize("sign_in", [pin_signs_in, passkey_signs_in])
def test_a_pause_keeps_its_holder_from_nothing_of_this(stage: Stage, sign_in: Callable[[Stage], None]) -> None:
    give_pin(stage)
    give_passkey(stage, authenticator=SECOND)
    freeze(stage, FreezeReason.PAUSE)
    sign_in(stage)
    assert opened(stage) is not None


def test_each_freeze_ends_what_was_opened_since_the_one_before(stage: Stage) -> None:
    give_pin(stage)
    give_passkey(stage, authenticator=SECOND)
    freeze(stage, FreezeReason.PAUSE)
    passkey_signs_in(stage)
    freeze(stage, FreezeReason.PAUSE)
    session = opened(stage)
    assert session is not None
    assert session.revoked_at is not None
    assert stage.topics().count("account_frozen") == 2
    freeze(stage, FreezeReason.PAUSE)
    assert stage.topics().count("account_frozen") == 2


@pytest.mark.parametrize("before", [FreezeReason.ACCOUNT_STOLEN, FreezeReason.PAUSE, None])
def test_the_lost_phones_passkey_recovers_nothing_in_whatever_order_it_is_told(
    stage: Stage, before: FreezeReason | None
) -> None:
    first = give_passkey(stage)
    if before is not None:
        freeze(stage, before)
    freeze(stage, FreezeReason.PHONE_LOST)
    with pytest.raises(PasskeyOfLostPhone):
        recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, first))
    assert stage.holder().state is HolderState.FROZEN
    assert opened(stage) is None


def test_the_first_passkey_recovers_a_stolen_account_however_young_it_is(stage: Stage) -> None:
    first = give_passkey(stage)
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)
    recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, first))
    assert stage.holder().state is HolderState.ACTIVE


@pytest.mark.parametrize(
    ("before", "vouches"), [(SETTLED - timedelta(seconds=1), False), (SETTLED, True)], ids=["too_new", "settled"]
)
def test_a_passkey_that_was_added_later_must_have_been_there_for_a_while(
    stage: Stage, before: timedelta, *, vouches: bool
) -> None:
    give_pin(stage)
    stage.clock.pass_by(days=20)
    unlock_again(stage)
    give_passkey(stage, authenticator=SECOND)
    stage.clock.pass_by(seconds=before.total_seconds())
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)
    answer = by_passkey(stage, PasskeyPurpose.RECOVER, SECOND)
    if vouches:
        recover(stage, passkey=answer)
    else:
        with pytest.raises(ProofTooNew):
            recover(stage, passkey=answer)
    assert (stage.holder().state is HolderState.ACTIVE) is vouches


def give_pin_before_theft(stage: Stage, *, pin: str) -> None:
    """Change the PIN that was there for weeks, and at once tell a theft."""
    give_pin(stage)
    stage.clock.pass_by(days=20)
    unlock_again(stage)
    give_pin(stage, pin=pin)
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)


def test_a_pin_that_a_thief_may_have_changed_recovers_nothing_at_once(stage: Stage) -> None:
    give_pin_before_theft(stage, pin="864209")
    with pytest.raises(ProofTooNew):
        recover(stage, pin="864209")
    assert stage.holder().state is HolderState.FROZEN


def test_the_way_without_pin_and_passkey_stays_open_after_the_pause(stage: Stage) -> None:
    give_passkey(stage)
    freeze(stage, FreezeReason.PHONE_LOST)
    stage.clock.pass_by(hours=72)
    assert wait(stage) == newest(stage)


def test_the_operators_freeze_is_none_of_this(stage: Stage) -> None:
    give_passkey(stage, authenticator=SECOND)
    freeze(stage, cause=FreezeCause.OPERATOR)
    passkey_signs_in(stage)
    assert opened(stage) is not None


def test_what_can_open_the_account_later_is_told_when_it_is_set(stage: Stage) -> None:
    give_pin(stage)
    assert Topic.PIN_CHANGED not in stage.topics()
    give_pin(stage, pin="864209")
    give_passkey(stage)
    assert sorted(stage.topics()) == [Topic.PASSKEY_ADDED, Topic.PIN_CHANGED]


# --- which phone is lost ------------------------------------------------------------------------------------------


def on_the_phone_again(stage: Stage, _phone: Authenticator) -> None:
    """Sign in by PIN on the same phone: it is bound anew, and its passkey stays one of the device of before."""
    stage.clock.pass_by(days=40)
    pin_signs_in(stage)


def on_a_laptop_and_back(stage: Stage, phone: Authenticator) -> None:
    pin_signs_in(stage)
    opening = replace(OPENING, fresh_hash=b"the phone again")
    sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, phone), opening, services=stage.services)


def by_the_thief(stage: Stage, phone: Authenticator) -> None:
    recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, phone))


@pytest.mark.parametrize("before", [on_the_phone_again, on_a_laptop_and_back, by_the_thief])
def test_the_lost_phones_passkey_recovers_nothing_whatever_was_bound_since(
    stage: Stage, before: Callable[[Stage, Authenticator], None]
) -> None:
    phone = Authenticator()
    give_pin(stage)
    give_passkey(stage, authenticator=phone)
    before(stage, phone)
    freeze(stage, FreezeReason.PHONE_LOST)
    stage.clock.pass_by(minutes=2)
    with pytest.raises(PasskeyOfLostPhone):
        recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, phone))
    assert stage.holder().state is HolderState.FROZEN


def test_the_device_that_tells_is_not_the_lost_one(stage: Stage) -> None:
    phone = Authenticator()
    give_pin(stage)
    give_passkey(stage, authenticator=phone)
    pin_signs_in(stage)
    stage.act(freeze_from_session, FRESH, FreezeReason.PHONE_LOST)
    devices = stage.read(lambda stored: stored.devices.list(stage.holder_id()))
    laptop = stage.read(lambda stored: stored.sessions.get(FRESH))
    assert laptop is not None
    assert [one.device_id for one in devices if one.state is not DeviceState.LOST] == [laptop.device_id]
    with pytest.raises(PasskeyOfLostPhone):
        recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, phone))


def test_who_has_the_lost_phone_stops_no_recovery_with_it(stage: Stage) -> None:
    phone = give_passkey(stage)
    freeze(stage, FreezeReason.PHONE_LOST)
    stage.clock.pass_by(hours=72)
    waiting = wait(stage)
    answer = by_passkey(stage, PasskeyPurpose.FREEZE, phone)
    with pytest.raises(PasskeyOfLostPhone):
        freeze_by_passkey(answer, FreezeReason.PHONE_LOST, services=stage.services)
    assert newest(stage) == waiting


def test_a_right_pin_that_is_too_new_is_no_wrong_try(stage: Stage) -> None:
    give_pin_before_theft(stage, pin="864209")
    with pytest.raises(ProofTooNew):
        recover(stage, pin="864209")
    assert pin_of(stage).wrong_tries == 0
