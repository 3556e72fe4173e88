"""Whoever had an account that was taken back, or taken over by another, gets nowhere by what was sent before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.otp import RESERVE_OTP_DIGITS, SENDS_BY_STRANGERS, OtpPurpose
from eztong.domain.errors import OtpExpired, OtpWrong
from eztong.domain.guardianship.guardianship import Guardianship
from eztong.domain.holder import FreezeReason, HolderState
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.access.open_session import Opening
from eztong.usecases.freezing.freeze_without_sign_in import FreezeWithoutSignIn, freeze_without_sign_in
from eztong.usecases.guardianship.take_back import TakeBack, take_back
from eztong.usecases.recovery.recover_account import RecoverAccount, recover_account
from eztong.usecases.recovery.waiting_recovery import begin_waiting, terms_of
from tests.unit.usecases.access.ways import claim, typed
from tests.unit.usecases.guardianship.family import account
from tests.unit.usecases.guardianship.handing import GROWN, grown, taken
from tests.unit.usecases.stage import LI, Stage, asker

THIEF = b"the browser of whoever had it"
OTHER = "13900000088"
RECOVER, FREEZE = OtpPurpose.RECOVER, OtpPurpose.FREEZE


def code(stage: Stage, purpose: OtpPurpose, session: bytes = THIEF) -> RecoverAccount:
    """Return the press under a code that goes to the account's phone now."""
    claim(stage, purpose, person=GROWN, who=asker(session))
    opening = Opening(session_hash=session, fresh_hash=b"fresh " + session, device_label="x")
    known = TypedIdentity(name=GROWN.name, number=GROWN.number)
    return RecoverAccount(opening=opening, code=typed(stage, purpose, session=session), typed=known)


def back(stage: Stage, found: Guardianship) -> None:
    stage.act(take_back, TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    stage.clock.pass_by(minutes=1)


@pytest.mark.parametrize("is_handed_over_anew", [False, True])
def test_codes_of_before_a_take_back_neither_recover_nor_freeze(stage: Stage, *, is_handed_over_anew: bool) -> None:
    found = grown(stage)
    taken(stage, found)
    recover = code(stage, RECOVER)
    freeze = FreezeWithoutSignIn(code=code(stage, FREEZE).code, reason=FreezeReason.PHONE_LOST)
    back(stage, found)
    if is_handed_over_anew:
        taken(stage, found, phone=OTHER, fresh=b"the real ward")
    with pytest.raises(OtpExpired):
        recover_account(recover, services=stage.services)
    with pytest.raises(OtpExpired):
        stage.act(freeze_without_sign_in, freeze)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    assert stage.read(lambda stored: stored.recoveries.newest(found.ward_id)) is None


def test_a_reserve_code_of_before_is_none_for_the_next_phone(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    for number in range(SENDS_BY_STRANGERS.amount):
        code(stage, RECOVER, b"stranger %d" % number)
    command = code(stage, RECOVER, b"one more")
    digits = command.code.digits
    assert len(digits) == RESERVE_OTP_DIGITS
    back(stage, found)
    taken(stage, found, phone=OTHER, fresh=b"the real ward")
    claim(stage, RECOVER, person=GROWN, who=asker(THIEF))
    again = replace(command, code=typed(stage, RECOVER, session=THIEF, digits=digits))
    with pytest.raises(OtpWrong):
        recover_account(again, services=stage.services)


def test_no_recovery_waits_for_an_account_without_a_phone(stage: Stage) -> None:
    found = grown(stage)
    opening = Opening(session_hash=THIEF, fresh_hash=b"f", device_label="x")
    with pytest.raises(OtpExpired):
        stage.act(begin_waiting, account(stage, found.ward_id), opening, terms=terms_of(stage.services.deployment))
