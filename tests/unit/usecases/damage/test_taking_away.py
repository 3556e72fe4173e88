"""What only takes away is done though something beside it cannot be read: the account's own, or somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from eztong.domain.damage import RowDamaged
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.restrictions.change_marks import change_marks
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from tests.unit.usecases.assistance.helping import helping
from tests.unit.usecases.contact.acts import change, wait
from tests.unit.usecases.deregistration.leaving import ask
from tests.unit.usecases.guardianship.family import registered_child
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.recovery import acts as recovery
from tests.unit.usecases.stage import LI, WANG, Stage

SEALED = b"x" * 40


def freeze(stage: Stage) -> None:
    reason = FreezeReason.PHONE_LOST
    stage.act(
        freeze_holder, FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="t", reason=reason)
    )


def hotline(stage: Stage) -> None:
    command = FreezeForHolder(number=LI.number, reason=FreezeReason.PHONE_LOST)
    freeze_for_holder(command, by=operator(stage), services=stage.services)


def own_phone(stage: Stage) -> None:
    stage.damage("holders", "sealed_phone", SEALED, of=stage.holder_id())


def own_key(stage: Stage) -> None:
    stage.damage("holders", "data_key", SEALED, of=stage.holder_id())


def helper_phone(stage: Stage) -> None:
    helping(stage)
    stage.damage("holders", "sealed_phone", SEALED, of=stage.holder_id(WANG))


def helper_row(stage: Stage) -> None:
    helping(stage)
    stage.damage("holders", "state", of=stage.holder_id(WANG))


def assistance_row(stage: Stage) -> None:
    helping(stage)
    stage.damage("assistances", "state")


def waiting_numbers(stage: Stage) -> None:
    wait(stage)
    stage.damage("phone_changes", "sealed_old", SEALED)
    stage.damage("phone_changes", "sealed_new", SEALED)


def waiting_row(stage: Stage) -> None:
    wait(stage)
    stage.damage("phone_changes", "state")


def changed_number(stage: Stage) -> None:
    change(stage)
    stage.damage("phone_changes", "sealed_old", SEALED)


def waiting_recovery(stage: Stage) -> None:
    recovery.wait(stage)
    stage.damage("recoveries", "state")


DAMAGE = [
    own_phone,
    own_key,
    helper_phone,
    helper_row,
    assistance_row,
    waiting_numbers,
    waiting_row,
    changed_number,
    waiting_recovery,
]


@pytest.fixture(autouse=True)
def taken(stage: Stage) -> Iterator[None]:
    """Every part that was left out met something damaged, and nothing else."""
    yield
    assert {kind for _, kind in stage.take_left_out()} <= {"RowDamaged", "SealedDataDamaged"}


@pytest.mark.parametrize("freezes", [freeze, hotline])
@pytest.mark.parametrize("damage", DAMAGE)
def test_an_account_is_frozen_all_the_same(
    stage: Stage, damage: Callable[[Stage], None], freezes: Callable[[Stage], None]
) -> None:
    damage(stage)
    freezes(stage)
    assert stage.holder().state is HolderState.FROZEN
    assert stage.left_out


@pytest.mark.parametrize("damage", [waiting_row, waiting_recovery])
def test_what_waits_and_cannot_be_read_is_ended_unread(stage: Stage, damage: Callable[[Stage], None]) -> None:
    damage(stage)
    freeze(stage)
    table = "phone_changes" if damage is waiting_row else "recoveries"
    assert stage.select(f"SELECT state, ended_by FROM {table}") == [("stopped", "freeze")]  # noqa: S608 - ours
    assert {"phone_change_stopped", "recovery_stopped"} & {event.kind for event in stage.events()}


@pytest.mark.parametrize("damage", [own_phone, helper_row, waiting_row])
def test_it_is_limited_and_given_up_all_the_same(stage: Stage, damage: Callable[[Stage], None]) -> None:
    damage(stage)
    stage.unlock()
    stage.act(pause_use, LI.session)
    assert stage.holder().ceiling is Ceiling.NONE
    assert stage.act(withdraw_authorisation, LI.session) is not None
    ask(stage)
    assert stage.holder().state is HolderState.DEREGISTERING


def test_a_mark_is_set_on_one_that_cannot_be_read_and_none_is_lifted(stage: Stage) -> None:
    stage.mark(ceiling=Ceiling.NONE)
    stage.damage("restrictions", "cause")
    stage.mark(cause=Cause.OPERATOR, ceiling=Ceiling.LOW)
    assert stage.holder().ceiling is Ceiling.NONE
    with pytest.raises(RowDamaged):
        stage.act(change_marks, stage.holder(), lifts=frozenset({Cause.OPERATOR}))
    stage.unlock()
    with pytest.raises(RowDamaged):
        stage.act(resume_use, LI.session)


def test_codes_of_a_ward_whose_row_cannot_be_read_end_with_the_guardians(stage: Stage) -> None:
    care = registered_child(stage)
    stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=care.ward_id))
    stage.damage("holders", "state", of=care.ward_id)
    freeze(stage)
    assert stage.select("SELECT state FROM codes WHERE holder_id = ?", care.ward_id) == [("cancelled",)]
