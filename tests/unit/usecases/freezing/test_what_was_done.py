"""A call that freezes says what became different by it, no more and no less, whether or not the account was frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields

import pytest

from eztong.cli.holders import words_of
from eztong.domain.holder import FreezeReason
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, FrozenForHolder, freeze_for_holder
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.recovery.acts import wait
from tests.unit.usecases.stage import LI, Stage

PAUSE, STOLEN, LOST = FreezeReason.PAUSE, FreezeReason.ACCOUNT_STOLEN, FreezeReason.PHONE_LOST
NOTHING = "was frozen already. Nothing was changed."


def call(stage: Stage, reason: FreezeReason) -> FrozenForHolder:
    stage.clock.pass_by(minutes=1)
    command = FreezeForHolder(number=LI.number, reason=reason)
    return freeze_for_holder(command, by=operator(stage), services=stage.services)


def has_device(stage: Stage) -> bool:
    return stage.read(lambda stored: stored.devices.primary(stage.holder_id())) is not None


def paused(stage: Stage) -> None:
    call(stage, PAUSE)


def paused_with_a_recovery_that_waits(stage: Stage) -> None:
    call(stage, PAUSE)
    wait(stage)


def stolen(stage: Stage) -> None:
    call(stage, STOLEN)


@pytest.mark.parametrize(
    ("before", "reason", "done"),
    [
        (lambda _stage: None, PAUSE, {"is_written_down", "sessions_ended"}),
        (wait, STOLEN, {"is_written_down", "recovery_stopped", "sessions_ended"}),
        (lambda _stage: None, LOST, {"is_written_down", "phone_lost", "sessions_ended"}),
        (paused, PAUSE, {"was_frozen"}),
        (paused, STOLEN, {"was_frozen", "is_written_down"}),
        (paused, LOST, {"was_frozen", "is_written_down", "phone_lost"}),
        (paused_with_a_recovery_that_waits, PAUSE, {"was_frozen", "recovery_stopped"}),
        (paused_with_a_recovery_that_waits, STOLEN, {"was_frozen", "is_written_down", "recovery_stopped"}),
        (stolen, STOLEN, {"was_frozen"}),
        (stolen, PAUSE, {"was_frozen"}),
    ],
)
def test_what_is_told_is_what_was_done(
    stage: Stage, before: Callable[[Stage], object], reason: FreezeReason, done: set[str]
) -> None:
    before(stage)
    stage.empty_outbox()
    history, had_device = stage.events(), has_device(stage)
    found = call(stage, reason)
    assert {one.name for one in fields(found) if one.name != "holder" and getattr(found, one.name)} == done
    # Told against what is stored, by another way than the answer's own.
    written = [event.kind.value for event in stage.events()[len(history) :]]
    assert ("frozen" in written) is found.is_written_down is ("account_frozen" in stage.topics())
    assert ("recovery_stopped" in written) is found.recovery_stopped is ("recovery_stopped" in stage.topics())
    assert (had_device and not has_device(stage)) is found.phone_lost
    words = words_of(found, reason.value)
    assert words.endswith(NOTHING) is (done == {"was_frozen"})
    assert ("A recovery that waited is stopped." in words) is found.recovery_stopped
    assert ("Its phone counts as lost." in words) is found.phone_lost
    assert ("told by message" in words) is found.is_written_down
