"""A recovery that waits is stopped by an earlier session, the link, a freeze or another recovery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.errors import (
    SessionMissing,
)
from eztong.domain.holder import FreezeReason, Holder, HolderState
from eztong.domain.recovery import (
    RecoveryOver,
    RecoveryPaused,
    RecoveryState,
    StoppedBy,
)
from eztong.ports.act import Act
from eztong.usecases.freezing.freeze_by_link import freeze_by_link
from eztong.usecases.recovery.recover_account import recover_account
from eztong.usecases.recovery.waiting_recovery import (
    find_by_link,
    stop_by_link,
    stop_from_session,
    waiting_for_account,
    withdraw,
)
from tests.unit.usecases.access.ways import (
    FRESH,
    NEW,
    OPENING,
    PIN,
    claim,
    give_pin,
)
from tests.unit.usecases.recovery.acts import RECOVER, command, freeze, link_token, newest, wait
from tests.unit.usecases.stage import LI, WANG, Stage

# --- stopped ------------------------------------------------------------------------------------------------------


def test_an_earlier_session_stops_it_without_an_unlock(stage: Stage) -> None:
    wait(stage)
    stage.lock()
    assert stage.act(waiting_for_account, LI.session) == newest(stage)
    stage.act(stop_from_session, LI.session)
    assert (newest(stage).state, newest(stage).ended_by) == (RecoveryState.STOPPED, StoppedBy.SESSION)
    assert stage.events()[-1].detail == "by=session"
    assert "recovery_stopped" in stage.topics()
    assert stage.act(waiting_for_account, LI.session) is None
    before = stage.rows()
    stage.act(stop_from_session, LI.session)
    assert stage.rows() == before


def test_a_browser_that_is_not_signed_in_sees_and_stops_nothing(stage: Stage) -> None:
    wait(stage)
    assert stage.act(waiting_for_account, NEW) is None
    with pytest.raises(SessionMissing):
        stage.act(stop_from_session, NEW)
    assert stage.act(waiting_for_account, WANG.session) is None
    stage.act(stop_from_session, WANG.session)
    assert newest(stage).state is RecoveryState.WAITING


@pytest.mark.parametrize(
    ("follow", "state"), [(stop_by_link, HolderState.ACTIVE), (freeze_by_link, HolderState.FROZEN)]
)
def test_the_link_stops_it_once_and_freezes_if_that_was_chosen(
    stage: Stage, follow: Callable[[Act, str], Holder], state: HolderState
) -> None:
    recovery = wait(stage)
    token = link_token(stage)
    assert stage.act(find_by_link, token) == recovery
    stage.act(follow, token)
    assert (newest(stage).ended_by, stage.holder().state) == (StoppedBy.LINK, state)
    with pytest.raises(RecoveryOver):
        stage.act(follow, token)
    with pytest.raises(RecoveryOver):
        stage.act(find_by_link, "no such link")


def test_a_freeze_stops_it_and_so_does_a_recovery_by_pin(stage: Stage) -> None:
    give_pin(stage)
    wait(stage)
    freeze(stage)
    assert newest(stage).ended_by is StoppedBy.FREEZE
    stage.clock.pass_by(hours=72)
    wait(stage)
    stage.clock.pass_by(minutes=2)
    claim(stage, RECOVER)
    recover_account(
        replace(command(stage), pin=PIN, opening=replace(OPENING, fresh_hash=b"pin")), services=stage.services
    )
    assert newest(stage).ended_by is StoppedBy.RECOVERY


def test_the_browser_that_began_may_withdraw_which_is_no_veto(stage: Stage) -> None:
    wait(stage)
    stage.act(withdraw, FRESH)
    assert (newest(stage).state, newest(stage).ended_by) == (RecoveryState.WITHDRAWN, None)
    for browser in (FRESH, NEW):
        with pytest.raises(RecoveryOver):
            stage.act(withdraw, browser)
    stage.clock.pass_by(minutes=2)
    assert wait(stage).state is RecoveryState.WAITING


def stopped(stage: Stage) -> None:
    wait(stage)
    stage.act(stop_from_session, LI.session)


def lost(stage: Stage) -> None:
    freeze(stage, FreezeReason.PHONE_LOST)


def stolen(stage: Stage) -> None:
    freeze(stage, FreezeReason.ACCOUNT_STOLEN)


@pytest.mark.parametrize("happened", [stopped, lost, stolen])
def test_after_a_veto_or_a_loss_nothing_waits_for_three_days(stage: Stage, happened: Callable[[Stage], None]) -> None:
    happened(stage)
    stage.clock.pass_by(hours=72, milliseconds=-1)
    with pytest.raises(RecoveryPaused) as paused:
        wait(stage)
    assert paused.value.retry_after == 1
    stage.clock.pass_by(minutes=2)
    assert wait(stage).state is RecoveryState.WAITING


def test_a_freeze_for_a_pause_keeps_no_recovery_from_waiting(stage: Stage) -> None:
    freeze(stage, FreezeReason.PAUSE)
    assert wait(stage).state is RecoveryState.WAITING
    assert stage.device().state is DeviceState.BOUND
