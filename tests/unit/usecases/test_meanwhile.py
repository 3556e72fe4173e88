"""What changes while a port is at work, between two units of work, is what counts in the second."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose, PasskeyRefused
from eztong.domain.errors import AuthorityUnavailable, OtpExpired, SessionMissing
from eztong.domain.holder import HolderState
from eztong.usecases.access.sign_in import SignInByPin, sign_in_by_pin
from eztong.usecases.access.unlock import UnlockByPin, unlock_by_pin
from eztong.usecases.access.unlock_by_passkey import unlock_by_passkey
from eztong.usecases.jobs.queue_run import QueueRun
from eztong.usecases.recovery.recover_account import recover_account
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from tests.simulators.due_work import resume_due_registrations
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
from tests.unit.usecases.recovery.acts import RECOVER, command
from tests.unit.usecases.stage import LI, ZHAO, Person, Stage, accepting, confirm


def end(stage: Stage, person: Person = LI) -> None:
    stage.change(person, state=HolderState.DEREGISTERED)


def apply(stage: Stage) -> None:
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    confirm(stage, ZHAO)
    stage.act(register_identity, RegisterIdentity(session_hash=ZHAO.session, name=ZHAO.name, number=ZHAO.number))


def apply_in_vain(stage: Stage) -> None:
    """Leave ZHAO's application in the queue, due."""
    stage.authority.answer = AuthorityUnavailable()
    apply(stage)
    stage.authority.answer = None
    stage.clock.pass_by(minutes=1)


# --- while a PIN is compared --------------------------------------------------------------------------------------


def test_an_account_that_ends_is_not_signed_in_to(stage: Stage) -> None:
    give_pin(stage)
    ask_sign_in(stage)
    stage.hasher.meanwhile.happens = lambda: end(stage)
    code = typed(stage, OtpPurpose.SIGN_IN)
    with pytest.raises(SessionMissing):
        stage.act(sign_in_by_pin, SignInByPin(opening=OPENING, code=code, pin=PIN, last_four=""))
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_an_account_that_ends_is_not_recovered(stage: Stage) -> None:
    give_pin(stage)
    claim(stage, RECOVER)
    stage.hasher.meanwhile.happens = lambda: end(stage)
    with pytest.raises(OtpExpired):
        stage.act(recover_account, replace(command(stage), pin=PIN))
    assert stage.read(lambda stored: stored.sessions.get(FRESH)) is None


def test_a_pin_that_is_removed_does_not_come_back_with_its_counter(stage: Stage) -> None:
    give_pin(stage)
    stage.lock()
    holder_id = stage.holder_id()
    stage.hasher.meanwhile.happens = lambda: stage.write(lambda uow: uow.pins.remove(holder_id))
    stage.act(unlock_by_pin, UnlockByPin(session_hash=LI.session, pin=PIN))
    assert stage.read(lambda stored: stored.pins.get(holder_id)) is None


# --- while a passkey is checked -----------------------------------------------------------------------------------


def test_of_two_answers_that_come_at_once_one_is_refused(stage: Stage) -> None:
    person = give_passkey(stage)
    stage.lock()
    answer = by_passkey(stage, PasskeyPurpose.UNLOCK, person, LI.session)
    (used,) = passkeys_of(stage)
    now = stage.clock.now()
    stage.passkeys.meanwhile.happens = lambda: stage.write(
        lambda uow: uow.passkeys.note_use(used, sign_count=7, now=now)
    )
    with pytest.raises(PasskeyRefused):
        stage.act(unlock_by_passkey, answer)
    assert (stage.session().unlocked_until, passkeys_of(stage)[0].sign_count) == (None, 7)


# --- while the authority is asked ---------------------------------------------------------------------------------


def test_what_is_decided_is_not_decided_again(stage: Stage) -> None:
    stage.authority.meanwhile.happens = lambda: stage.change(ZHAO, state=HolderState.REFUSED, reason="by_hand")
    apply(stage)
    assert (stage.holder(ZHAO).state, stage.holder(ZHAO).reason) == (HolderState.REFUSED, "by_hand")
    assert stage.applications() == 0
    assert ("registration", "approve") not in stage.observer.seen


def test_an_application_that_is_decided_while_the_authority_is_silent_waits_no_longer(stage: Stage) -> None:
    apply_in_vain(stage)
    stage.authority.answer = AuthorityUnavailable()
    holder_id = stage.holder_id(ZHAO)
    now = stage.clock.now()
    stage.authority.meanwhile.happens = lambda: stage.write(lambda uow: uow.jobs.withdraw(holder_id, now=now))
    assert stage.act(resume_due_registrations).failures == {"LeaseLost": 1}
    assert stage.applications() == 0


def test_a_worker_that_comes_in_the_middle_of_a_run_leaves_it_to_the_first(stage: Stage) -> None:
    apply_in_vain(stage)
    second = replace(ZHAO, phone="13900000008", session=b"second")
    stage.authority.answer = AuthorityUnavailable()
    stage.act(accept_agreements, accepting(stage, second.session))
    stage.empty_outbox()
    confirm(stage, second)
    stage.act(register_identity, RegisterIdentity(session_hash=second.session, name=LI.name, number=ZHAO.number))
    stage.clock.pass_by(minutes=1)
    asked, beside = len(stage.authority.asked), list[QueueRun]()
    stage.authority.meanwhile.happens = lambda: beside.append(stage.act(resume_due_registrations))
    stage.act(resume_due_registrations)
    assert (beside, len(stage.authority.asked)) == ([QueueRun()], asked + 2)
