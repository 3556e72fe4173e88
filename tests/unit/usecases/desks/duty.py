"""Staff of the hotel at its first desk."""

from __future__ import annotations

import dataclasses

from msgspec.structs import replace

from eztong.domain.desks.staff import Staff
from eztong.domain.identifiers import PartnerId
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import SYSTEM
from eztong.ports.one_time_codes import KEY_BYTES
from eztong.usecases.codes.verify_code import VerifyCode
from eztong.usecases.desks.check_at_desk import CheckedAtDesk, check_at_desk
from eztong.usecases.desks.manage_staff import create_staff
from eztong.usecases.desks.prove_staff import factor_place
from eztong.usecases.desks.sign_in_staff import OnDuty, SignInStaff, find_on_duty, sign_in_staff, take_place
from eztong.usecases.refusal import Refused
from tests.unit.usecases.codes.asking import asking
from tests.unit.usecases.stage import Stage

HOTEL = PartnerId("hotel")
TOKEN = "cookie"


def hire(stage: Stage, login: str = "shift-1") -> Staff:
    return stage.act(create_staff, HOTEL, login=login, label="Day shift", password_hash="hash", by=SYSTEM)


def hire_with_app(stage: Stage) -> Staff:
    """Make an account that has an authenticator app."""
    staff = hire(stage)
    sealed = stage.keys.seal(b"k" * KEY_BYTES, nonce=b"n" * NONCE_BYTES, place=factor_place(staff))
    made = dataclasses.replace(staff, second_factor=sealed, used_step=0)
    assert stage.write(lambda uow: uow.staff.set_up(made, seen=staff.password_hash))
    return made


def sign_in(stage: Stage, staff: Staff, *, fits: bool = True) -> object:
    return stage.act(sign_in_staff, SignInStaff(staff=staff, password_fits=fits, token=TOKEN))


def on_duty(stage: Stage) -> OnDuty:
    """Sign somebody in who stands at the first desk."""
    sign_in(stage, hire(stage))
    found = stage.act(find_on_duty, TOKEN)
    stage.act(take_place, found.session.session_hash, desk="front-1", scene="hotel_check_in")
    return stage.act(find_on_duty, TOKEN)


def at_desk(stage: Stage, duty: OnDuty, digits: str) -> VerifyCode:
    return replace(asking(stage, digits, caller=duty.caller(now=stage.clock.now())), asker="desk session")


def checked(stage: Stage, duty: OnDuty, command: VerifyCode) -> CheckedAtDesk:
    """Check at the duty's desk; the code is usable."""
    done = stage.act(check_at_desk, command, duty.session.session_hash)
    assert not isinstance(done, Refused)
    return done
