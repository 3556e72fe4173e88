"""Signing in: by passkey, or by message code and PIN; a stranger learns nothing from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpIncomplete, OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose, PasskeyRefused
from eztong.domain.access.pin import PinMalformed, PinWrong
from eztong.domain.errors import Busy, OtpExpired, OtpWrong
from eztong.domain.holder import HolderState
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_passkey, sign_in_by_pin
from tests.unit.usecases.access.ways import (
    FRESH,
    NEW,
    OPENING,
    PIN,
    ask_sign_in,
    by_passkey,
    fresh_session,
    give_passkey,
    give_pin,
    newest_digits,
    open_code,
    pin_of,
    typed,
    wrong,
)
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, ZHAO, Stage, asker

SIGN_IN = OtpPurpose.SIGN_IN


def by_pin(stage: Stage, *, pin: str = PIN, digits: str | None = None, last_four: str = "") -> None:
    code = typed(stage, SIGN_IN, digits=digits)
    sign_in_by_pin(SignInByPin(opening=OPENING, code=code, pin=pin, last_four=last_four), services=stage.services)


def nobody_signed_in(stage: Stage) -> bool:
    return stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def share_phone(stage: Stage) -> None:
    """Put WANG's account on LI's phone, as a couple does."""
    stage.change(WANG, phone_index=stage.holder().phone_index)


# --- message code -------------------------------------------------------------------------------------------------


def test_a_phone_that_no_account_carries_gets_no_message(stage: Stage) -> None:
    ask_sign_in(stage, ZHAO)
    assert stage.messages() == []
    assert not open_code(stage, SIGN_IN).is_sent


def test_the_phone_of_an_application_or_an_ended_account_gets_no_message(stage: Stage) -> None:
    stage.change(state=HolderState.DEREGISTERED)
    ask_sign_in(stage)
    assert stage.messages() == []


def test_a_browser_that_was_signed_in_before_is_known(stage: Stage) -> None:
    for number in range(20):
        ask_sign_in(stage, who=asker(f"stranger {number}".encode()))
    ask_sign_in(stage, who=asker(b"known", known_to=frozenset({stage.holder_id()})))
    ask_sign_in(stage, who=asker(b"unknown", known_to=frozenset({stage.holder_id(WANG)})))
    assert open_code(stage, SIGN_IN, b"known").digits == 6
    assert open_code(stage, SIGN_IN, b"unknown").digits == 12


# --- by PIN -------------------------------------------------------------------------------------------------------


def test_message_code_and_pin_make_this_browser_the_accounts_device(stage: Stage) -> None:
    give_pin(stage)
    before = stage.device()
    ask_sign_in(stage)
    by_pin(stage)
    assert fresh_session(stage).holder_id == stage.holder_id()
    assert fresh_session(stage).device_id == stage.device().device_id != before.device_id
    assert pin_of(stage).wrong_tries == 0
    assert stage.session().revoked_at == START
    assert [one.kind for one in stage.events()] == ["pin_set", "signed_in"]
    used = stage.read(lambda stored: stored.sessions.newest_challenge(NEW, SIGN_IN))
    assert used is not None
    assert used.used_at == START


def test_a_wrong_code_counts_no_try_of_the_pin(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    with pytest.raises(OtpWrong):
        by_pin(stage, digits=wrong(newest_digits(stage)))
    assert pin_of(stage).wrong_tries == 0
    assert open_code(stage, SIGN_IN).tries == 1
    assert nobody_signed_in(stage)


def test_a_wrong_pin_is_counted_and_leaves_the_code_open(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    with pytest.raises(PinWrong):
        by_pin(stage, pin="135791")
    assert pin_of(stage).wrong_tries == 1
    assert nobody_signed_in(stage)
    by_pin(stage)
    assert fresh_session(stage).holder_id == stage.holder_id()
    assert pin_of(stage).wrong_tries == 0


def test_an_account_without_a_pin_is_refused_like_one_with_another(stage: Stage) -> None:
    ask_sign_in(stage)
    with pytest.raises(PinWrong):
        by_pin(stage)
    assert nobody_signed_in(stage)


def test_malformed_digits_are_no_try(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    with pytest.raises(OtpIncomplete):
        by_pin(stage, digits="1")
    with pytest.raises(PinMalformed):
        by_pin(stage, pin="1")
    assert (open_code(stage, SIGN_IN).tries, pin_of(stage).wrong_tries) == (0, 0)


def test_a_busy_hasher_costs_whoever_has_the_message_nothing(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    stage.hasher.is_busy = True
    with pytest.raises(Busy):
        by_pin(stage)
    assert (open_code(stage, SIGN_IN).tries, pin_of(stage).wrong_tries) == (0, 0)
    stage.hasher.is_busy = False
    by_pin(stage)
    assert fresh_session(stage).holder_id == stage.holder_id()


def test_two_people_with_one_phone_are_told_apart_by_the_last_four_of_the_number(stage: Stage) -> None:
    give_pin(stage)
    give_pin(stage, WANG, "246801")
    share_phone(stage)
    ask_sign_in(stage)
    for last_four in ("", LI.number[-4:], "0000"):
        with pytest.raises(PinWrong):
            by_pin(stage, pin="246801", last_four=last_four)
    assert (pin_of(stage).wrong_tries, pin_of(stage, WANG).wrong_tries) == (1, 0)
    by_pin(stage, pin="246801", last_four=f" {WANG.number[-4:].lower()} ")
    assert fresh_session(stage).holder_id == stage.holder_id(WANG)


def test_an_account_on_a_shared_phone_without_a_number_on_file_is_not_found_by_four_digits(stage: Stage) -> None:
    give_pin(stage)
    share_phone(stage)
    stage.change(sealed_number=None)
    ask_sign_in(stage)
    with pytest.raises(PinWrong):
        by_pin(stage, last_four=LI.number[-4:])
    assert nobody_signed_in(stage)


def test_a_code_signs_in_once(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    code = typed(stage, SIGN_IN)
    command = SignInByPin(opening=OPENING, code=code, pin=PIN, last_four="")
    sign_in_by_pin(command, services=stage.services)
    with pytest.raises(OtpExpired):
        sign_in_by_pin(replace(command, opening=replace(OPENING, fresh_hash=b"other")), services=stage.services)
    assert stage.read(lambda stored: stored.sessions.get(b"other")) is None


# --- by passkey ---------------------------------------------------------------------------------------------------


def test_a_passkey_signs_in_on_the_device_that_it_was_made_on(stage: Stage) -> None:
    person, device = give_passkey(stage), stage.device()
    sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, person), OPENING, services=stage.services)
    assert fresh_session(stage).device_id == device.device_id == stage.device().device_id
    assert stage.session().revoked_at is None
    assert stage.events()[-1].detail == "passkey"
    assert "device_bound" not in stage.topics()


def test_a_passkey_whose_device_is_bound_no_more_signs_in_on_a_new_one(stage: Stage) -> None:
    person, device = give_passkey(stage), stage.device()
    stage.write(lambda uow: uow.devices.set_state(device.holder_id, device.device_id, DeviceState.LOST))
    sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, person), OPENING, services=stage.services)
    assert fresh_session(stage).device_id == stage.device().device_id != device.device_id


def test_a_passkey_of_an_account_that_ended_is_refused(stage: Stage) -> None:
    person = give_passkey(stage)
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(PasskeyRefused):
        sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, person), OPENING, services=stage.services)
    assert nobody_signed_in(stage)


def test_the_holder_of_a_frozen_account_may_sign_in_to_see_it(stage: Stage) -> None:
    person = give_passkey(stage)
    stage.change(state=HolderState.FROZEN)
    sign_in_by_passkey(by_passkey(stage, PasskeyPurpose.SIGN_IN, person), OPENING, services=stage.services)
    assert fresh_session(stage).holder_id == stage.holder_id()
