"""A PIN and passkeys: set, compared, locked, used up; what unlocks a session and what does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from json import loads

import pytest

from eztong.domain.access.passkey import Passkey, PasskeyCloned, PasskeyLimit, PasskeyPurpose, PasskeyRefused
from eztong.domain.access.pin import PinLocked, PinMalformed, PinUnequal, PinWeak, PinWrong
from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.errors import Busy, DeviceNotBound, HolderFrozen, Locked, SessionMissing
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identity.masking import mask_name
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.add_passkey import add_passkey
from eztong.usecases.access.challenge_passkey import (
    PasskeyAnswer,
    check_passkey,
    offer_new_passkey,
    offer_recovery,
    offer_sign_in,
    offer_unlock,
)
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.access.unlock_by_passkey import unlock_by_passkey
from eztong.usecases.vault import open_vault
from tests.unit.usecases.access.ways import PIN, by_passkey, give_passkey, give_pin, passkeys_of, pin_of
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage


def unlock(stage: Stage, pin: str = PIN, session: bytes = LI.session) -> None:
    unlock_by_pin(UnlockByPin(session_hash=session, pin=pin), services=stage.services)


# --- setting a PIN ------------------------------------------------------------------------------------------------


def test_the_first_pin_takes_the_bound_device_alone_and_unlocks_it(stage: Stage) -> None:
    stage.lock()
    give_pin(stage)
    pin = pin_of(stage)
    assert (pin.wrong_tries, pin.locked_until, pin.changed_at) == (0, None, START)
    vault = open_vault(stage.holder(), keys=stage.keys)
    assert stage.hasher.is_right(PIN, vault.open("sealed_hash", pin.sealed_hash, table="pins").decode())
    assert stage.session().unlocked_until == START + UNLOCK_LIFE
    assert [one.kind for one in stage.events()] == ["pin_set"]


def test_another_pin_takes_an_unlocked_session(stage: Stage) -> None:
    give_pin(stage)
    stage.lock()
    with pytest.raises(Locked):
        give_pin(stage, pin="246801")
    stage.unlock()
    give_pin(stage, pin="246801")
    assert [one.kind for one in stage.events()] == ["pin_set", "pin_changed"]
    unlock(stage, "246801")
    with pytest.raises(PinWrong):
        unlock(stage)


def test_the_first_pin_beside_a_passkey_takes_an_unlocked_session_too(stage: Stage) -> None:
    give_passkey(stage)
    stage.lock()
    with pytest.raises(Locked):
        give_pin(stage)


def test_a_pin_that_strangers_try_first_or_know_is_weak(stage: Stage) -> None:
    born = LI.number[6:14]
    for weak in ("111111", "123456", LI.phone[:6], LI.phone[-6:], LI.number[:6], LI.number[-6:], born[2:], born[:6]):
        with pytest.raises(PinWeak):
            give_pin(stage, pin=weak)
    assert stage.read(lambda stored: stored.pins.get(stage.holder_id())) is None


def test_an_account_without_phone_and_number_on_file_has_nothing_to_avoid(stage: Stage) -> None:
    stage.change(sealed_phone=None, sealed_number=None)
    give_pin(stage, pin=LI.phone[-6:].replace("000001", "000731"))
    assert pin_of(stage).wrong_tries == 0


def test_a_pin_is_typed_twice_in_six_digits(stage: Stage) -> None:
    for pin, again, error in ((PIN, "135791", PinUnequal), ("1357", "1357", PinMalformed), (PIN, "", PinMalformed)):
        with pytest.raises(error):
            set_pin(SetPin(session_hash=LI.session, pin=pin, again=again), services=stage.services)
    set_pin(SetPin(session_hash=LI.session, pin=PIN, again=" １３５７９０ "), services=stage.services)
    unlock(stage)


def test_a_frozen_holder_sets_neither_pin_nor_passkey(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)
    with pytest.raises(HolderFrozen):
        give_pin(stage)
    with pytest.raises(HolderFrozen):
        give_passkey(stage)


# --- unlocking by PIN ---------------------------------------------------------------------------------------------


def test_the_right_pin_unlocks_for_three_minutes_and_forgets_wrong_tries(stage: Stage) -> None:
    give_pin(stage)
    with pytest.raises(PinWrong):
        unlock(stage, "135791")
    assert pin_of(stage).wrong_tries == 1
    stage.lock()
    now = stage.clock.pass_by(seconds=7)
    unlock(stage)
    assert stage.session().unlocked_until == now + timedelta(seconds=180)
    assert pin_of(stage).wrong_tries == 0


def test_the_fifth_wrong_pin_locks_for_a_minute_and_is_written_down(stage: Stage) -> None:
    give_pin(stage)
    for _ in range(4):
        with pytest.raises(PinWrong):
            unlock(stage, "135791")
    with pytest.raises(PinLocked) as refusal:
        unlock(stage, "135791")
    assert refusal.value.retry_after == 61
    assert pin_of(stage).locked_until == START + timedelta(minutes=1)
    assert [one.kind for one in stage.events()] == ["pin_set", "pin_locked"]
    with pytest.raises(PinLocked):
        unlock(stage)
    assert pin_of(stage).wrong_tries == 5
    stage.clock.pass_by(seconds=60)
    unlock(stage)
    assert (pin_of(stage).wrong_tries, pin_of(stage).locked_until) == (0, None)


def test_the_lock_belongs_to_the_account_and_not_to_the_browser(stage: Stage) -> None:
    give_pin(stage)
    other = replace(stage.session(), session_hash=b"second")
    stage.write(lambda uow: uow.sessions.add(other))
    for _ in range(4):
        with pytest.raises(PinWrong):
            unlock(stage, "135791", b"second")
    with pytest.raises(PinLocked):
        unlock(stage, "135791")


def test_an_account_without_a_pin_is_refused_like_one_with_another(stage: Stage) -> None:
    stage.lock()
    with pytest.raises(PinWrong):
        unlock(stage)
    assert stage.hasher.compared == [None]
    assert stage.session().unlocked_until is None


def test_a_busy_hasher_costs_nobody_a_try(stage: Stage) -> None:
    give_pin(stage)
    stage.hasher.is_busy = True
    with pytest.raises(Busy):
        unlock(stage)
    assert pin_of(stage).wrong_tries == 0


def test_a_malformed_pin_is_no_try(stage: Stage) -> None:
    give_pin(stage)
    with pytest.raises(PinMalformed):
        unlock(stage, "12")
    assert pin_of(stage).wrong_tries == 0


def test_a_browser_that_is_not_signed_in_or_not_bound_counts_no_try(stage: Stage) -> None:
    give_pin(stage)
    with pytest.raises(SessionMissing):
        unlock(stage, PIN, b"nobody")
    without_device = replace(stage.session(), device_id=None)
    stage.write(lambda uow: uow.sessions.update(without_device))
    with pytest.raises(DeviceNotBound):
        unlock(stage)
    assert pin_of(stage).wrong_tries == 0


# --- adding a passkey ---------------------------------------------------------------------------------------------


def test_a_new_passkey_is_stored_with_its_device_and_unlocks(stage: Stage) -> None:
    stage.lock()
    give_passkey(stage, authenticator=Authenticator(b"one", "key-of-one", 4), label="My phone" + "x" * 60)
    (made,) = passkeys_of(stage)
    assert (made.credential_id, made.public_key, made.sign_count) == (b"one", b"key-of-one", 4)
    assert (made.device_id, made.label) == (stage.device().device_id, ("My phone" + "x" * 60)[:40])
    assert (made.created_at, made.last_used_at) == (START, None)
    assert stage.session().unlocked_until == START + UNLOCK_LIFE
    assert [one.kind for one in stage.events()] == ["passkey_added"]


def test_a_browser_is_asked_for_a_passkey_under_a_masked_name_and_no_id(stage: Stage) -> None:
    give_passkey(stage)
    options = loads(offer_new_passkey(LI.session, services=stage.services))
    assert options["name"] == mask_name(LI.name)
    assert options["known"] == [b"credential-1".hex()]
    assert stage.holder_id() not in bytes.fromhex(options["user"]).decode("latin-1")
    assert options["user"] == loads(offer_new_passkey(LI.session, services=stage.services))["user"]
    stage.change(sealed_name=None)
    assert loads(offer_new_passkey(LI.session, services=stage.services))["name"] == ""


def test_a_second_passkey_takes_an_unlocked_session(stage: Stage) -> None:
    give_passkey(stage)
    options = offer_new_passkey(LI.session, services=stage.services)
    stage.lock()
    with pytest.raises(Locked):
        offer_new_passkey(LI.session, services=stage.services)
    answer = PasskeyAnswer(
        session_hash=LI.session,
        purpose=PasskeyPurpose.REGISTER,
        response=Authenticator(b"two", "key-2").make(options),
    )
    with pytest.raises(Locked):
        add_passkey(answer, label="Two", services=stage.services)
    assert [one.label for one in passkeys_of(stage)] == ["Phone"]


def test_an_account_has_ten_passkeys_and_no_more(stage: Stage) -> None:
    give_passkey(stage)
    (first,) = passkeys_of(stage)
    more = [replace(first, credential_id=bytes([number])) for number in range(9)]
    late = offer_new_passkey(LI.session, services=stage.services)
    for one in more:
        stage.write(partial(add, one))
    with pytest.raises(PasskeyLimit):
        offer_new_passkey(LI.session, services=stage.services)
    answer = PasskeyAnswer(
        session_hash=LI.session, purpose=PasskeyPurpose.REGISTER, response=Authenticator(b"late").make(late)
    )
    with pytest.raises(PasskeyLimit):
        add_passkey(answer, label="Late", services=stage.services)
    assert len(passkeys_of(stage)) == 10


# --- using a passkey ----------------------------------------------------------------------------------------------


def test_a_passkey_unlocks_and_its_counter_and_last_use_move_on(stage: Stage) -> None:
    person = give_passkey(stage)
    stage.lock()
    now = stage.clock.pass_by(seconds=9)
    unlock_by_passkey(by_passkey(stage, PasskeyPurpose.UNLOCK, person, LI.session), services=stage.services)
    assert stage.session().unlocked_until == now + UNLOCK_LIFE
    (used,) = passkeys_of(stage)
    assert (used.sign_count, used.last_used_at) == (1, now)


def test_only_the_accounts_own_passkeys_are_asked_for_an_unlock_and_any_for_the_rest(stage: Stage) -> None:
    give_passkey(stage)
    give_passkey(stage, WANG, Authenticator(b"wang"))
    assert loads(offer_unlock(LI.session, services=stage.services))["allowed"] == [b"credential-1".hex()]
    for offer in (offer_sign_in, offer_recovery):
        assert loads(offer(LI.session, services=stage.services))["allowed"] == []


def test_a_passkey_of_another_account_unlocks_nothing(stage: Stage) -> None:
    give_passkey(stage)
    stage.lock()
    other = give_passkey(stage, WANG, Authenticator(b"wang", "key-w"))
    with pytest.raises(PasskeyRefused):
        unlock_by_passkey(by_passkey(stage, PasskeyPurpose.UNLOCK, other, LI.session), services=stage.services)
    assert stage.session().unlocked_until is None


def add(one: Passkey, uow: UnitOfWork) -> None:
    uow.passkeys.add(one)


def used_before(stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    check_passkey(answer, services=stage.services)
    return answer


def too_old(stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    stage.clock.pass_by(seconds=301)
    return answer


def for_something_else(_stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    return replace(answer, purpose=PasskeyPurpose.FREEZE)


def in_another_browser(_stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    return replace(answer, session_hash=WANG.session)


def junk(_stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    return replace(answer, response="junk")


def signed_by_another_key(_stage: Stage, answer: PasskeyAnswer) -> PasskeyAnswer:
    return replace(answer, response=answer.response.replace("key-1", "key-9"))


@pytest.mark.parametrize(
    "spoil", [used_before, too_old, for_something_else, in_another_browser, junk, signed_by_another_key]
)
def test_an_answer_that_does_not_hold_is_refused_and_moves_no_counter(
    stage: Stage, spoil: Callable[[Stage, PasskeyAnswer], PasskeyAnswer]
) -> None:
    person = give_passkey(stage)
    answer = spoil(stage, by_passkey(stage, PasskeyPurpose.UNLOCK, person, LI.session))
    before = passkeys_of(stage)
    with pytest.raises(PasskeyRefused):
        check_passkey(answer, services=stage.services)
    assert passkeys_of(stage) == before


def test_a_counter_that_went_back_is_refused_and_written_down(stage: Stage) -> None:
    person = give_passkey(stage, authenticator=Authenticator(count=5))
    clone = Authenticator(count=2)
    with pytest.raises(PasskeyCloned):
        check_passkey(by_passkey(stage, PasskeyPurpose.UNLOCK, clone, LI.session), services=stage.services)
    assert [one.kind for one in stage.events()] == ["passkey_added", "passkey_cloned"]
    assert passkeys_of(stage)[0].sign_count == 5
    check_passkey(by_passkey(stage, PasskeyPurpose.UNLOCK, person, LI.session), services=stage.services)


def test_a_removed_passkey_is_refused(stage: Stage) -> None:
    person = give_passkey(stage)
    answer = by_passkey(stage, PasskeyPurpose.UNLOCK, person, LI.session)
    holder_id = stage.holder_id()
    stage.write(lambda uow: uow.passkeys.remove(holder_id, b"credential-1"))
    with pytest.raises(PasskeyRefused):
        check_passkey(answer, services=stage.services)
