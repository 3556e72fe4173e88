"""A code that went to a number ends with that number, and nothing waits past an appeal."""

from __future__ import annotations

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import OtpExpired
from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.recovery import RecoveryState
from eztong.usecases.access.open_session import Opening
from eztong.usecases.contact.keep_number import keep_by_link
from eztong.usecases.freezing.freeze_without_sign_in import FreezeWithoutSignIn, freeze_without_sign_in
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.access.ways import NEW as BROWSER
from tests.unit.usecases.access.ways import claim, typed
from tests.unit.usecases.contact.acts import change, known, link_token, phone_of, wait
from tests.unit.usecases.contact.test_appeal_number import WAIT, appeal
from tests.unit.usecases.recovery.acts import newest
from tests.unit.usecases.recovery.acts import wait as wait_for_recovery
from tests.unit.usecases.stage import LI, Stage


def recovering(stage: Stage) -> RecoverAccount:
    claim(stage, OtpPurpose.RECOVER)
    opening = Opening(session_hash=BROWSER, fresh_hash=b"fresh", device_label="x")
    return RecoverAccount(opening=opening, code=typed(stage, OtpPurpose.RECOVER), typed=known())


def freezing(stage: Stage) -> FreezeWithoutSignIn:
    claim(stage, OtpPurpose.FREEZE)
    return FreezeWithoutSignIn(code=typed(stage, OtpPurpose.FREEZE), reason=FreezeReason.PAUSE)


def check_void(stage: Stage, recover: RecoverAccount, freeze: FreezeWithoutSignIn) -> None:
    with pytest.raises(OtpExpired):
        recover_account(recover, services=stage.services)
    with pytest.raises(OtpExpired):
        stage.act(freeze_without_sign_in, freeze)
    assert stage.holder().state is HolderState.ACTIVE


def test_codes_of_a_number_that_was_undone_by_the_link(stage: Stage) -> None:
    change(stage)
    token = link_token(stage)
    recover, freeze = recovering(stage), freezing(stage)
    stage.clock.pass_by(minutes=1)
    stage.act(keep_by_link, token)
    assert phone_of(stage) == LI.phone
    check_void(stage, recover, freeze)
    # What is sent from now on serves.
    stage.clock.pass_by(minutes=2)
    assert recover_account(recovering(stage), services=stage.services) is not None


def test_codes_of_a_number_that_was_lost_when_the_new_one_takes_effect(stage: Stage) -> None:
    until = wait(stage).until
    assert until is not None
    stage.clock.pass_by(seconds=(until - stage.clock.now()).total_seconds() - 60)
    recover, freeze = recovering(stage), freezing(stage)
    stage.clock.pass_by(minutes=2)
    settle_due_phone_changes(services=stage.services)
    check_void(stage, recover, freeze)


def test_codes_of_before_a_change_by_both_numbers_serve_since_the_number_of_before_does(stage: Stage) -> None:
    freeze = freezing(stage)
    stage.clock.pass_by(minutes=1)
    change(stage)
    stage.act(freeze_without_sign_in, freeze)
    assert stage.holder().state is HolderState.FROZEN


def test_a_number_appeal_that_takes_effect_stops_the_recovery_that_the_old_number_began(stage: Stage) -> None:
    appeal(stage)
    stage.clock.pass_by(seconds=WAIT.total_seconds() - 60)
    wait_for_recovery(stage)
    stage.clock.pass_by(minutes=2)
    settle_due_phone_changes(services=stage.services)
    assert newest(stage).state is RecoveryState.STOPPED
