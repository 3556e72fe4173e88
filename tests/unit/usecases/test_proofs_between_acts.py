"""What was proven between two acts is read again in the second: what was taken away meanwhile opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose, PasskeyRefused
from eztong.domain.access.pin import PinWrong
from eztong.domain.desks.staff import SignInWrong, Staff
from eztong.domain.errors import EztongError, OtpExpired, SessionMissing, StateConflict
from eztong.domain.holder import FreezeReason, HolderState
from eztong.ports.act import SYSTEM
from eztong.usecases.access.end_access import remove_passkey, unbind_device
from eztong.usecases.access.open_session import Opening
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_passkey, sign_in_by_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.access.unlock_by_passkey import unlock_by_passkey
from eztong.usecases.desks.manage_staff import disable_staff, reset_password
from eztong.usecases.desks.sign_in_staff import find_on_duty
from eztong.usecases.freezing.freeze_by_passkey import freeze_by_passkey
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from eztong.usecases.recovery.waiting_recovery import complete_recovery
from eztong.usecases.refusal import accepted
from tests.unit.usecases.access.ways import (
    FRESH,
    OPENING,
    PIN,
    ask_sign_in,
    by_passkey,
    claim,
    give_passkey,
    give_pin,
    passkeys_of,
    typed,
)
from tests.unit.usecases.desks.duty import HOTEL, TOKEN, hire, sign_in
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.fakes import Meanwhile
from tests.unit.usecases.recovery.acts import RECOVER, command, freeze, known
from tests.unit.usecases.stage import LI, Stage, asker

CREDENTIAL: Final = b"credential-1"
AT_HOME: Final = b"the holder's other browser"
RESCUER: Final = b"a browser that waits for a recovery"
RESCUE: Final = Opening(session_hash=RESCUER, fresh_hash=b"waiting", device_label="Tablet")


# --- the ways that take two acts ----------------------------------------------------------------------------------


def sign_in_with_pin(stage: Stage, _authenticator: Authenticator) -> Callable[[], object]:
    ask_sign_in(stage)
    asked = SignInByPin(opening=OPENING, code=typed(stage, OtpPurpose.SIGN_IN), pin=PIN, last_four="")
    return partial(sign_in_by_pin, asked, services=stage.services)


def sign_in_with_passkey(stage: Stage, authenticator: Authenticator) -> Callable[[], object]:
    answer = by_passkey(stage, PasskeyPurpose.SIGN_IN, authenticator)
    return partial(sign_in_by_passkey, answer, OPENING, services=stage.services)


def unlock_with_pin(stage: Stage, _authenticator: Authenticator) -> Callable[[], object]:
    return partial(unlock_by_pin, UnlockByPin(session_hash=LI.session, pin=PIN), services=stage.services)


def unlock_with_passkey(stage: Stage, authenticator: Authenticator) -> Callable[[], object]:
    answer = by_passkey(stage, PasskeyPurpose.UNLOCK, authenticator, LI.session)
    return partial(unlock_by_passkey, answer, services=stage.services)


def recover_with_pin(stage: Stage, _authenticator: Authenticator) -> Callable[[], object]:
    claim(stage, RECOVER)
    return partial(recover_account, replace(command(stage), pin=PIN), services=stage.services)


def recover_with_passkey(stage: Stage, authenticator: Authenticator) -> Callable[[], object]:
    claim(stage, RECOVER)
    answer = by_passkey(stage, PasskeyPurpose.RECOVER, authenticator)
    return partial(recover_account, replace(command(stage), passkey=answer), services=stage.services)


def recover_with_data(stage: Stage, _authenticator: Authenticator) -> Callable[[], object]:
    claim(stage, RECOVER)
    return partial(recover_account, replace(command(stage), typed=known()), services=stage.services)


def freeze_with_passkey(stage: Stage, authenticator: Authenticator) -> Callable[[], object]:
    answer = by_passkey(stage, PasskeyPurpose.FREEZE, authenticator)
    return partial(freeze_by_passkey, answer, FreezeReason.PAUSE, services=stage.services)


def is_signed_in(stage: Stage) -> bool:
    return stage.read(lambda stored: stored.sessions.get(FRESH)) is not None


def is_unlocked(stage: Stage) -> bool:
    return stage.session().unlocked_until is not None


def waits(stage: Stage) -> bool:
    return stage.read(lambda stored: stored.recoveries.of_session(FRESH)) is not None


def is_frozen(stage: Stage) -> bool:
    return stage.holder().state is HolderState.FROZEN


@dataclass(frozen=True)
class Way:
    """``begin`` does what comes before the proof; what it returns checks the proof and opens."""

    begin: Callable[[Stage, Authenticator], Callable[[], object]]
    has_opened: Callable[[Stage], bool]
    between: Callable[[Stage], Meanwhile]


def hashing(stage: Stage) -> Meanwhile:
    return stage.hasher.meanwhile


def verifying(stage: Stage) -> Meanwhile:
    return stage.passkeys.meanwhile


def asking(stage: Stage) -> Meanwhile:
    return stage.authority.meanwhile


WAYS: Final = {
    "sign in by PIN": Way(sign_in_with_pin, is_signed_in, hashing),
    "sign in by passkey": Way(sign_in_with_passkey, is_signed_in, verifying),
    "unlock by PIN": Way(unlock_with_pin, is_unlocked, hashing),
    "unlock by passkey": Way(unlock_with_passkey, is_unlocked, verifying),
    "recover by PIN": Way(recover_with_pin, is_signed_in, hashing),
    "recover by passkey": Way(recover_with_passkey, is_signed_in, verifying),
    "recover by data": Way(recover_with_data, waits, asking),
    "freeze by passkey": Way(freeze_with_passkey, is_frozen, verifying),
}


# --- what happens in between --------------------------------------------------------------------------------------


def change_pin(stage: Stage) -> None:
    give_pin(stage, replace(LI, session=AT_HOME), "246801")


def set_the_same_pin_again(stage: Stage) -> None:
    give_pin(stage, replace(LI, session=AT_HOME))


def forget_pin(stage: Stage) -> None:
    holder_id = stage.holder_id()
    stage.write(lambda uow: uow.pins.remove(holder_id))


def take_passkey_away(stage: Stage) -> None:
    stage.act(remove_passkey, AT_HOME, CREDENTIAL)


def replace_passkey(stage: Stage) -> None:
    take_passkey_away(stage)
    give_passkey(stage, replace(LI, session=AT_HOME), Authenticator(CREDENTIAL, "key-2"))


def use_passkey_elsewhere(stage: Stage) -> None:
    (used,) = passkeys_of(stage)
    now = stage.clock.now()
    stage.write(lambda uow: uow.passkeys.note_use(used, sign_count=7, now=now))


def unbind(stage: Stage) -> None:
    stage.act(unbind_device, AT_HOME, stage.device().device_id)


def freeze_account(stage: Stage) -> None:
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)


def end_account(stage: Stage) -> None:
    stage.change(state=HolderState.DEREGISTERED)


def complete_the_recovery(stage: Stage) -> None:
    stage.act(complete_recovery, Opening(session_hash=b"waiting", fresh_hash=b"rescued", device_label="Tablet"))


def ask_for_a_newer_code(stage: Stage) -> None:
    stage.clock.pass_by(minutes=2)
    ask_sign_in(stage)
    claim(stage, RECOVER)


REFUSED: Final[dict[str, dict[Callable[[Stage], None], type[EztongError]]]] = {
    "sign in by PIN": {
        change_pin: PinWrong,
        set_the_same_pin_again: PinWrong,
        forget_pin: PinWrong,
        complete_the_recovery: PinWrong,
        freeze_account: StateConflict,
        end_account: SessionMissing,
        ask_for_a_newer_code: OtpExpired,
    },
    "sign in by passkey": {
        take_passkey_away: PasskeyRefused,
        replace_passkey: PasskeyRefused,
        use_passkey_elsewhere: PasskeyRefused,
        unbind: PasskeyRefused,
        complete_the_recovery: PasskeyRefused,
        freeze_account: StateConflict,
        end_account: PasskeyRefused,
    },
    "unlock by PIN": {
        change_pin: PinWrong,
        set_the_same_pin_again: PinWrong,
        forget_pin: PinWrong,
        unbind: SessionMissing,
        complete_the_recovery: SessionMissing,
        freeze_account: SessionMissing,
    },
    "unlock by passkey": {
        take_passkey_away: PasskeyRefused,
        replace_passkey: PasskeyRefused,
        use_passkey_elsewhere: PasskeyRefused,
        unbind: SessionMissing,
        complete_the_recovery: SessionMissing,
        freeze_account: SessionMissing,
    },
    "recover by PIN": {
        change_pin: PinWrong,
        set_the_same_pin_again: PinWrong,
        forget_pin: PinWrong,
        complete_the_recovery: PinWrong,
        freeze_account: StateConflict,
        end_account: OtpExpired,
        ask_for_a_newer_code: OtpExpired,
    },
    "recover by passkey": {
        take_passkey_away: PasskeyRefused,
        replace_passkey: PasskeyRefused,
        use_passkey_elsewhere: PasskeyRefused,
        unbind: PasskeyRefused,
        complete_the_recovery: PasskeyRefused,
        freeze_account: StateConflict,
        end_account: OtpExpired,
        ask_for_a_newer_code: OtpExpired,
    },
    "recover by data": {
        freeze_account: StateConflict,
        end_account: OtpExpired,
        ask_for_a_newer_code: OtpExpired,
    },
    # A freeze meanwhile is no reason to refuse: to freeze twice is the same as once.
    "freeze by passkey": {
        take_passkey_away: PasskeyRefused,
        replace_passkey: PasskeyRefused,
        use_passkey_elsewhere: PasskeyRefused,
        unbind: PasskeyRefused,
        complete_the_recovery: PasskeyRefused,
    },
}
ROWS: Final = [(way, change, error) for way, changes in REFUSED.items() for change, error in changes.items()]


def set_scene(stage: Stage) -> Authenticator:
    """Give LI a PIN, a passkey, a second browser that is unlocked, and a recovery that is due."""
    claim(stage, RECOVER, who=asker(RESCUER))
    waiting = RecoverAccount(opening=RESCUE, code=typed(stage, RECOVER, session=RESCUER), typed=known())
    recover_account(waiting, services=stage.services)
    stage.clock.pass_by(days=1)
    stage.unlock()
    give_pin(stage)
    authenticator = give_passkey(stage)
    at_home = replace(stage.session(), session_hash=AT_HOME)
    stage.write(lambda uow: uow.sessions.add(at_home))
    stage.lock()
    return authenticator


def standing(stage: Stage) -> tuple[object, ...]:
    holder_id = stage.holder_id()
    return stage.read(
        lambda stored: (
            stored.holders.get(holder_id),
            stored.holders.events(holder_id),
            stored.sessions.list(holder_id),
            stored.devices.list(holder_id),
            stored.pins.get(holder_id),
            stored.passkeys.list(holder_id),
            stored.recoveries.list(holder_id),
        )
    )


@pytest.mark.parametrize("name", WAYS)
def test_each_way_opens_where_nothing_happens_in_between(stage: Stage, name: str) -> None:
    way = WAYS[name]
    go_on = way.begin(stage, set_scene(stage))
    assert not way.has_opened(stage)
    go_on()
    assert way.has_opened(stage)


@pytest.mark.parametrize(("name", "change", "error"), ROWS, ids=[f"{way}-{change.__name__}" for way, change, _ in ROWS])
def test_what_changes_in_between_keeps_it_shut(
    stage: Stage, name: str, change: Callable[[Stage], None], error: type[EztongError]
) -> None:
    way, left = WAYS[name], list[tuple[object, ...]]()
    go_on = way.begin(stage, set_scene(stage))

    def happen() -> None:
        change(stage)
        left.append(standing(stage))

    way.between(stage).happens = happen
    with pytest.raises(error):
        go_on()
    assert left == [standing(stage)]
    assert not way.has_opened(stage)


def reset(stage: Stage, staff: Staff) -> None:
    stage.act(reset_password, HOTEL, login=staff.login, password_hash="another", by=SYSTEM)


def disable(stage: Stage, staff: Staff) -> None:
    stage.act(disable_staff, HOTEL, login=staff.login, by=SYSTEM)


@pytest.mark.parametrize("change", [reset, disable])
def test_a_password_that_was_compared_signs_nobody_in_once_it_was_taken_away(
    stage: Stage, change: Callable[[Stage, Staff], None]
) -> None:
    compared = hire(stage)
    change(stage, compared)
    with pytest.raises(SignInWrong):
        accepted(sign_in(stage, compared))
    with pytest.raises(SessionMissing):
        stage.act(find_on_duty, TOKEN)
