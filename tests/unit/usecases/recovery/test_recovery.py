"""The way back into an account: at once with PIN or passkey, after waiting with known data, and never past a veto."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.access.passkey import PasskeyPurpose, PasskeyRefused
from eztong.domain.access.pin import PinWrong
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import (
    AuthorityUnavailable,
    EztongError,
    InputInvalid,
    OtpExpired,
    OtpWrong,
)
from eztong.domain.holder import FreezeCause, FreezeNotOwn, FreezeReason, HolderState
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.recovery import (
    RecoveryNotDue,
    RecoveryOver,
    RecoveryRefused,
    RecoveryState,
)
from eztong.usecases.recovery.recover_account import recover_account
from eztong.usecases.recovery.waiting_recovery import (
    complete_recovery,
)
from tests.unit.usecases.access.ways import (
    FRESH,
    NEW,
    OPENING,
    PIN,
    by_passkey,
    claim,
    fresh_session,
    give_passkey,
    give_pin,
    newest_digits,
    open_code,
    passkeys_of,
    pin_of,
    wrong,
)
from tests.unit.usecases.codes.asking import show, state_of
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.fakes import START
from tests.unit.usecases.recovery.acts import LATER, RECOVER, command, freeze, known, newest, recover, wait
from tests.unit.usecases.stage import LI, WANG, Stage

# --- at once ------------------------------------------------------------------------------------------------------


def test_the_pin_opens_the_account_and_ends_all_from_before(stage: Stage) -> None:
    give_pin(stage)
    give_passkey(stage)
    shown, before = show(stage), stage.device()
    assert recover(stage, pin=PIN) is None
    assert fresh_session(stage).holder_id == stage.holder_id()
    assert stage.device().device_id != before.device_id
    assert stage.session().revoked_at == START
    assert state_of(stage, shown) is CodeState.CANCELLED
    assert passkeys_of(stage) == []
    assert pin_of(stage).wrong_tries == 0
    happened = [(one.kind, one.detail) for one in stage.events() if one.kind in {"recovered", "signed_in"}]
    assert happened == [("recovered", "how=pin"), ("signed_in", "recovery")]
    assert sorted(stage.topics()) == ["account_recovered", "device_bound", "otp", "passkey_added"]


def test_a_passkey_opens_the_account_and_alone_stays(stage: Stage) -> None:
    kept = give_passkey(stage)
    give_passkey(stage, authenticator=Authenticator(b"other", "other"))
    recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, kept))
    assert fresh_session(stage).holder_id == stage.holder_id()
    assert [one.credential_id for one in passkeys_of(stage)] == [b"credential-1"]
    assert "how=passkey" in [one.detail for one in stage.events()]


def test_a_recovery_lifts_the_holders_own_freeze(stage: Stage) -> None:
    give_pin(stage)
    freeze(stage, FreezeReason.PHONE_LOST)
    recover(stage, pin=PIN)
    assert (stage.holder().state, stage.holder().freeze_cause) == (HolderState.ACTIVE, None)
    assert ("unfrozen", "to=active") in [(one.kind, one.detail) for one in stage.events()]


@pytest.mark.parametrize("cause", [FreezeCause.OPERATOR, FreezeCause.RISK])
def test_nobody_elses_freeze_is_lifted(stage: Stage, cause: FreezeCause) -> None:
    give_pin(stage)
    freeze(stage, cause=cause)
    with pytest.raises(FreezeNotOwn):
        recover(stage, pin=PIN)
    with pytest.raises(FreezeNotOwn):
        recover(stage, typed=known())
    assert stage.holder().state is HolderState.FROZEN
    assert pin_of(stage).wrong_tries == 0


def test_a_wrong_pin_is_counted_and_opens_nothing(stage: Stage) -> None:
    give_pin(stage)
    with pytest.raises(PinWrong):
        recover(stage, pin="135791")
    assert pin_of(stage).wrong_tries == 1
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_a_wrong_code_is_counted_and_asks_for_no_pin(stage: Stage) -> None:
    give_pin(stage)
    claim(stage, RECOVER)
    with pytest.raises(OtpWrong):
        recover_account(replace(command(stage, wrong(newest_digits(stage))), pin=PIN), services=stage.services)
    assert (open_code(stage, RECOVER).tries, pin_of(stage).wrong_tries) == (1, 0)


def test_somebody_elses_passkey_opens_nothing(stage: Stage) -> None:
    other = give_passkey(stage, WANG, Authenticator(b"wang", "key-w"))
    with pytest.raises(PasskeyRefused):
        recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, other))
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_a_message_code_alone_opens_nothing(stage: Stage) -> None:
    with pytest.raises(InputInvalid):
        recover(stage)
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_an_account_that_ended_after_the_message_was_sent_is_not_recovered(stage: Stage) -> None:
    claim(stage, RECOVER)
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(OtpExpired):
        recover_account(replace(command(stage), typed=known()), services=stage.services)


# --- after waiting ------------------------------------------------------------------------------------------------


def test_known_data_wait_a_day_and_the_holder_gets_the_link_that_stops_it(stage: Stage) -> None:
    recovery = wait(stage)
    assert recovery == newest(stage)
    assert recovery == replace(
        recovery,
        holder_id=stage.holder_id(),
        state=RecoveryState.WAITING,
        session_hash=FRESH,
        device_label="Chrome on Android",
        started_at=START,
        due_at=START + timedelta(days=1),
    )
    (message,) = [one for one in stage.messages() if one.topic.value == "recovery_waiting"]
    assert message.params["until"] == "2026-03-03 09:00"
    assert message.params["link"].startswith("https://eztong.example/recover/stop/")
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None
    assert stage.session().revoked_at is None
    assert [(one.kind, one.detail) for one in stage.events()] == [("recovery_started", "how=authority")]
    assert stage.authority.asked[-1] == (LI.name, LI.number, stage.holder_id())


def test_data_of_somebody_else_are_refused_before_the_authority_is_asked(stage: Stage) -> None:
    asked = len(stage.authority.asked)
    with pytest.raises(RecoveryRefused):
        recover(stage, typed=known(WANG.number))
    assert len(stage.authority.asked) == asked
    assert stage.read(lambda stored: stored.recoveries.newest(stage.holder_id())) is None


@pytest.mark.parametrize(
    ("verdict", "error"),
    [
        (AuthorityVerdict.PENDING, AuthorityUnavailable),
        (AuthorityVerdict.MISMATCH, RecoveryRefused),
        (AuthorityVerdict.DECEASED, RecoveryRefused),
    ],
)
def test_what_the_authority_does_not_confirm_does_not_wait(
    stage: Stage, verdict: AuthorityVerdict, error: type[EztongError]
) -> None:
    stage.authority.answer = AuthorityAnswer(verdict=verdict, reference="r", detail_code="A")
    with pytest.raises(error):
        recover(stage, typed=known())
    assert stage.read(lambda stored: stored.recoveries.newest(stage.holder_id())) is None
    assert open_code(stage, RECOVER).used_at is None


def test_after_the_wait_the_account_opens_without_its_pin(stage: Stage) -> None:
    give_pin(stage)
    give_passkey(stage)
    wait(stage)
    stage.clock.pass_by(hours=24)
    holder = stage.act(complete_recovery, LATER)
    assert holder == stage.holder()
    assert stage.session(LATER.fresh_hash).holder_id == stage.holder_id()
    assert newest(stage).state is RecoveryState.COMPLETED
    assert stage.read(lambda stored: stored.pins.get(stage.holder_id())) is None
    assert passkeys_of(stage) == []
    assert stage.session().revoked_at == stage.clock.now()
    with pytest.raises(RecoveryOver):
        stage.act(complete_recovery, LATER)


@pytest.mark.parametrize(
    ("span", "error"),
    [
        (timedelta(hours=24) - timedelta(milliseconds=1), RecoveryNotDue),
        (timedelta(hours=24, days=7), RecoveryOver),
    ],
)
def test_a_recovery_opens_neither_early_nor_a_week_late(
    stage: Stage, span: timedelta, error: type[EztongError]
) -> None:
    wait(stage)
    stage.clock.pass_by(seconds=span.total_seconds())
    with pytest.raises(error):
        stage.act(complete_recovery, LATER)
    assert stage.read(lambda stored: stored.sessions.get(LATER.fresh_hash)) is None


def test_another_browser_completes_nothing(stage: Stage) -> None:
    wait(stage)
    stage.clock.pass_by(hours=24)
    with pytest.raises(RecoveryOver):
        stage.act(complete_recovery, replace(LATER, session_hash=NEW))


def test_an_account_that_ended_meanwhile_stays_shut(stage: Stage) -> None:
    wait(stage)
    stage.change(state=HolderState.DEREGISTERED)
    stage.clock.pass_by(hours=24)
    with pytest.raises(RecoveryOver):
        stage.act(complete_recovery, LATER)
    assert newest(stage).state is RecoveryState.WAITING


def test_an_operators_freeze_meanwhile_keeps_the_account_shut(stage: Stage) -> None:
    wait(stage)
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    stage.clock.pass_by(hours=24)
    with pytest.raises(FreezeNotOwn):
        stage.act(complete_recovery, LATER)
    assert newest(stage).state is RecoveryState.WAITING


def test_a_later_recovery_replaces_an_earlier_one(stage: Stage) -> None:
    first = wait(stage)
    stage.clock.pass_by(minutes=2)
    claim(stage, RECOVER)
    again = replace(command(stage), typed=known(), opening=replace(OPENING, fresh_hash=b"another"))
    second = recover_account(again, services=stage.services)
    assert newest(stage) == second
    kept = stage.read(lambda stored: stored.recoveries.of_session(first.session_hash))
    assert kept is not None
    assert kept.state is RecoveryState.REPLACED
