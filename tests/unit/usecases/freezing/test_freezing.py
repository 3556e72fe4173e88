"""A freeze is effective at once by whatever way it comes; twice is the same as once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.access.passkey import PasskeyPurpose, PasskeyRefused
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import NotFound, OtpExpired, OtpWrong, SessionMissing, StateConflict
from eztong.domain.events import Actor
from eztong.domain.holder import FreezeCause, FreezeReason, Holder, HolderState, Stopped
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing
from eztong.ports.act import HOLDER, OPERATOR, RISK, Acting
from eztong.usecases.freezing.freeze_by_passkey import freeze_by_passkey
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, FrozenForHolder, freeze_for_holder
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_without_sign_in import FreezeWithoutSignIn, freeze_without_sign_in
from eztong.usecases.refusal import Refused
from eztong.usecases.told_loss import lost_since
from tests.unit.usecases.access.ways import by_passkey, claim, give_passkey, newest_digits, typed, wrong
from tests.unit.usecases.codes.asking import show, state_of
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.fakes import START
from tests.unit.usecases.guardianship.family import CHILD, registered_child
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, ZHAO, Stage


def freeze(
    stage: Stage,
    cause: FreezeCause = FreezeCause.SELF,
    reason: FreezeReason | None = None,
    *,
    by: Acting = HOLDER,
) -> Holder:
    command = FreezeHolder(holder_id=stage.holder_id(), cause=cause, channel="test", reason=reason)
    return stage.act(freeze_holder, command, by=by)


# --- freeze_holder ------------------------------------------------------------------------------------------------


def test_a_freeze_ends_codes_and_sessions_and_tells_the_holder(stage: Stage) -> None:
    shown, others = show(stage), show(stage, WANG)
    frozen = freeze(stage)
    assert frozen == stage.holder()
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, FreezeCause.SELF)
    assert frozen.stopped == (Stopped(HolderState.ACTIVE),)
    assert state_of(stage, shown) is CodeState.CANCELLED
    assert state_of(stage, others) is CodeState.ISSUED
    assert stage.session().revoked_at == START
    assert stage.session(WANG.session).revoked_at is None
    (message,) = stage.messages()
    assert (message.topic.value, message.phone, message.params) == ("account_frozen", LI.phone, {"cause": "self"})


def test_a_freeze_is_written_down_with_what_it_ended(stage: Stage) -> None:
    show(stage)
    freeze(stage, reason=FreezeReason.PAUSE)
    (event,) = stage.events()
    assert (event.kind, event.actor, event.at) == ("frozen", "holder", START)
    assert event.detail == "channel=test codes_cancelled=1 sessions_ended=1 reason=pause"


def test_the_operators_freeze_names_the_operator(stage: Stage) -> None:
    freeze(stage, by=Acting(Actor.OPERATOR, "ops.7"))
    (event,) = stage.events()
    assert (event.actor, event.fact("operator"), event.fact("reason")) == ("operator", "ops.7", None)


def test_freezing_twice_is_the_same_as_once(stage: Stage) -> None:
    first = freeze(stage)
    before = stage.rows()
    assert freeze(stage) == first
    assert stage.rows() == before


def test_the_risk_rules_freeze_over_the_holders_own_freeze(stage: Stage) -> None:
    freeze(stage)
    again = freeze(stage, FreezeCause.RISK, by=RISK)
    assert (again.freeze_cause, again.stopped[-1]) == (
        FreezeCause.RISK,
        Stopped(HolderState.FROZEN, FreezeCause.SELF),
    )
    assert [one.actor for one in stage.events()] == ["holder", "risk"]
    assert freeze(stage) == again


@pytest.mark.parametrize("reason", [FreezeReason.PHONE_LOST, FreezeReason.ACCOUNT_STOLEN])
def test_a_loss_that_is_told_after_a_pause_is_written_down_once(stage: Stage, reason: FreezeReason) -> None:
    device = stage.device()
    paused = freeze(stage, reason=FreezeReason.PAUSE)
    stage.clock.pass_by(hours=1)
    for _ in range(2):
        assert freeze(stage, reason=reason, by=Acting(Actor.OPERATOR, "li.na")) == paused
    assert [(one.fact("reason"), one.fact("operator"), one.actor) for one in stage.events()] == [
        ("pause", None, "holder"),
        (reason, "li.na", "operator"),
    ]
    expected = DeviceState.LOST if reason is FreezeReason.PHONE_LOST else DeviceState.BOUND
    with stage.store.read() as stored:
        kept = stored.devices.get(device.holder_id, device.device_id)
        assert kept is not None
        assert kept.state is expected
        assert lost_since(stage.holder(), stored=stored) == START + timedelta(hours=1)


def test_a_freeze_over_a_loss_does_not_hide_it(stage: Stage) -> None:
    freeze(stage, reason=FreezeReason.PHONE_LOST)
    stage.clock.pass_by(hours=1)
    freeze(stage, FreezeCause.RISK)
    with stage.store.read() as stored:
        assert lost_since(stage.holder(), stored=stored) == START


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (FreezeReason.PHONE_LOST, DeviceState.LOST),
        (FreezeReason.ACCOUNT_STOLEN, DeviceState.BOUND),
        (None, DeviceState.BOUND),
    ],
)
def test_only_a_lost_phone_marks_the_device_as_lost(
    stage: Stage, reason: FreezeReason | None, state: DeviceState
) -> None:
    device = stage.device()
    freeze(stage, reason=reason)
    kept = stage.read(lambda stored: stored.devices.get(device.holder_id, device.device_id))
    assert kept is not None
    assert kept.state is state


def test_a_lost_phone_of_an_account_without_a_device_marks_none(stage: Stage) -> None:
    holder_id, device_id = stage.holder_id(), stage.device().device_id
    stage.write(lambda uow: uow.devices.set_state(holder_id, device_id, DeviceState.UNBOUND))
    assert freeze(stage, reason=FreezeReason.PHONE_LOST).state is HolderState.FROZEN


@pytest.mark.parametrize("state", [HolderState.APPLIED, HolderState.DEREGISTERED])
def test_what_is_no_account_cannot_be_frozen(stage: Stage, state: HolderState) -> None:
    stage.change(state=state)
    before = stage.rows()
    with pytest.raises(StateConflict):
        freeze(stage)
    assert (stage.rows(), stage.holder().state) == (before, state)


def test_nobody_is_not_found(stage: Stage) -> None:
    command = FreezeHolder(holder_id=HolderId(f"hld_{1:026d}"), cause=FreezeCause.SELF, channel="test")
    with pytest.raises(NotFound):
        stage.act(freeze_holder, command)


# --- by passkey ---------------------------------------------------------------------------------------------------


def test_a_passkey_freezes_its_own_account_from_any_browser(stage: Stage) -> None:
    person = give_passkey(stage)
    answer = by_passkey(stage, PasskeyPurpose.FREEZE, person)
    frozen = freeze_by_passkey(answer, FreezeReason.ACCOUNT_STOLEN, services=stage.services)
    assert frozen == stage.holder()
    assert frozen.state is HolderState.FROZEN
    assert stage.events()[-1].detail == "channel=passkey codes_cancelled=0 sessions_ended=1 reason=account_stolen"
    assert stage.holder(WANG).state is HolderState.ACTIVE


def test_a_passkey_that_nobody_has_freezes_nobody(stage: Stage) -> None:
    answer = by_passkey(stage, PasskeyPurpose.FREEZE, Authenticator(b"unknown"))
    with pytest.raises(PasskeyRefused):
        freeze_by_passkey(answer, FreezeReason.PAUSE, services=stage.services)
    assert stage.holder().state is HolderState.ACTIVE


# --- for a caller -------------------------------------------------------------------------------------------------


def call(stage: Stage, number: str = LI.number, *, by: Acting | None = None) -> FrozenForHolder:
    command = FreezeForHolder(number=number, reason=FreezeReason.PHONE_LOST)
    return freeze_for_holder(command, by=by or operator(stage, "ops.7"), services=stage.services)


def test_the_hotline_freezes_the_account_of_the_number_as_its_holder_would(stage: Stage) -> None:
    done = call(stage)
    assert (done.holder, done.was_frozen) == (stage.holder(), False)
    assert done.holder.freeze_cause is FreezeCause.SELF
    (event,) = stage.events()
    assert event.actor == "operator"
    assert event.detail == "channel=hotline codes_cancelled=0 sessions_ended=1 reason=phone_lost operator=ops.7"


def test_nobody_takes_the_own_call_nor_one_about_an_own_ward(stage: Stage) -> None:
    own = operator(stage, "own", person=stage.holder().number_index)
    child = registered_child(stage)
    for number in (LI.number, CHILD.number):
        with pytest.raises(AboutOneself):
            call(stage, number, by=own)
    assert stage.holder().state is HolderState.ACTIVE
    other = operator(stage, "qian")
    assert call(stage, by=other).holder.state is HolderState.FROZEN
    stage.damage("guardianships", "relation", of=child.guardianship_id)
    assert call(stage, CHILD.number, by=other).holder.state is HolderState.FROZEN
    assert stage.take_left_out() == {("telling", "RowDamaged")}


def test_a_second_call_says_that_the_account_was_frozen(stage: Stage) -> None:
    call(stage)
    assert call(stage).was_frozen
    assert [event.kind.value for event in stage.events()] == ["frozen", "staff_read"]


def test_a_number_without_an_account_freezes_nothing(stage: Stage) -> None:
    with pytest.raises(NotFound, match="Nothing was frozen"):
        call(stage, ZHAO.number)
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(NotFound, match="Nothing was frozen"):
        call(stage)


def test_without_an_operator_of_cases_nothing_is_frozen(stage: Stage) -> None:
    for by, refusal in ((OPERATOR, OperatorNeeded), (operator(stage, "a", OperatorRole.AUDIT), RoleMissing)):
        with pytest.raises(refusal):
            call(stage, by=by)
    assert stage.holder().state is HolderState.ACTIVE


def test_a_number_that_is_nobodys_freezes_nothing(stage: Stage) -> None:
    with pytest.raises(NumberInvalid):
        call(stage, "110101199001010000")


# --- without signing in -------------------------------------------------------------------------------------------


def by_message(stage: Stage, digits: str | None = None) -> Holder | Refused:
    command = FreezeWithoutSignIn(code=typed(stage, OtpPurpose.FREEZE, digits=digits), reason=FreezeReason.PHONE_LOST)
    return stage.act(freeze_without_sign_in, command)


def test_the_message_code_freezes_the_account_that_it_was_sent_for(stage: Stage) -> None:
    claim(stage, OtpPurpose.FREEZE)
    assert by_message(stage) == stage.holder()
    assert stage.holder().state is HolderState.FROZEN
    assert stage.events()[-1].fact("channel") == "without_sign_in"
    assert stage.holder(WANG).state is HolderState.ACTIVE


def test_a_wrong_code_is_counted_and_freezes_nothing(stage: Stage) -> None:
    claim(stage, OtpPurpose.FREEZE)
    refusal = by_message(stage, wrong(newest_digits(stage)))
    assert isinstance(refusal, Refused)
    assert isinstance(refusal.error, OtpWrong)
    assert stage.holder().state is HolderState.ACTIVE
    challenge = stage.read(lambda stored: stored.sessions.newest_challenge(b"a new browser", OtpPurpose.FREEZE))
    assert challenge is not None
    assert challenge.tries == 1


def test_a_message_code_freezes_once(stage: Stage) -> None:
    claim(stage, OtpPurpose.FREEZE)
    command = FreezeWithoutSignIn(code=typed(stage, OtpPurpose.FREEZE), reason=FreezeReason.PAUSE)
    stage.act(freeze_without_sign_in, command)
    with pytest.raises(OtpExpired):
        stage.act(freeze_without_sign_in, command)


# --- freeze_from_session ------------------------------------------------------------------------------------------


def test_one_press_in_a_browser_that_is_signed_in_freezes_without_an_unlock(stage: Stage) -> None:
    stage.lock()
    frozen = stage.act(freeze_from_session, LI.session, FreezeReason.PAUSE)
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, FreezeCause.SELF)
    assert [(one.kind, one.fact("channel"), one.fact("reason")) for one in stage.events()] == [
        ("frozen", "web", "pause")
    ]
    with pytest.raises(SessionMissing):
        stage.act(freeze_from_session, LI.session, FreezeReason.PAUSE)
