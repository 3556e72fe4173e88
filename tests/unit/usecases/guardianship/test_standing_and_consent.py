"""What limits the guardian's own account limits what goes by its word; newer texts are agreed to for the child, too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.errors import HolderFrozen
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identity.email_address import parse_email
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.standing import NothingPasses
from eztong.usecases.access.loss import check_not_lost
from eztong.usecases.agreements.check_consent import awaits_acceptance
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.own_notices.add_email import AddEmail, add_email
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from tests.unit.usecases.agreement_sets.publishing import put_in_force
from tests.unit.usecases.guardianship.family import (
    CHILD,
    MINOR,
    account,
    applying,
    confirmed_minor,
    confirming,
    invite,
    registered_child,
    waiting_minor,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage


def test_a_guardian_whose_own_use_is_paused_shows_and_declares_nothing_and_still_freezes(stage: Stage) -> None:
    found = registered_child(stage)
    waiting_minor(stage)
    digits = invite(stage)
    stage.act(pause_use, LI.session)
    shows = ShowWardCode(session_hash=LI.session, ward_id=found.ward_id)
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.act(show_ward_code, shows),
        lambda: apply_for_child(applying(stage), services=stage.services),
        lambda: confirm_ward(confirming(digits), services=stage.services),
    )
    for refused in acts:
        with pytest.raises(NothingPasses):
            refused()
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    assert stage.act(freeze_ward, stop).freeze_cause is FreezeCause.GUARDIAN
    stage.act(resume_use, LI.session)
    confirm_ward(confirming(digits), services=stage.services)


def test_within_a_grace_the_guardian_agrees_for_the_child_and_nothing_is_applied_for_twice(stage: Stage) -> None:
    found = registered_child(stage)
    put_in_force(stage, {"service": "B"})
    stage.unlock(LI)
    assert stage.read(lambda stored: awaits_acceptance(found.ward_id, stored=stored))
    assert apply_for_child(applying(stage), services=stage.services) == found
    assert not stage.read(lambda stored: awaits_acceptance(found.ward_id, stored=stored))
    receipts = stage.read(lambda stored: stored.agreements.acceptances(found.ward_id))
    assert "1.3" in {one.version for one in receipts}


def test_a_theft_that_a_ward_told_stands_when_the_guardian_lifts_the_own_freeze(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    stage.act(freeze_ward, stop)
    call = FreezeForHolder(number=MINOR.number, reason=FreezeReason.ACCOUNT_STOLEN)
    freeze_for_holder(call, by=operator(stage, "qian", OperatorRole.CASES), services=stage.services)
    after = stage.act(release_ward, stop)
    assert (after.state, after.freeze_cause) == (HolderState.FROZEN, FreezeCause.SELF)
    with pytest.raises(HolderFrozen):
        stage.read(lambda stored: check_not_lost(after, stored=stored))


def test_who_calls_about_a_child_freezes_what_the_guardian_can_lift(stage: Stage) -> None:
    found = registered_child(stage)
    call = FreezeForHolder(number=CHILD.number, reason=FreezeReason.PAUSE)
    done = freeze_for_holder(call, by=operator(stage, "qian", OperatorRole.CASES), services=stage.services)
    assert done.holder.freeze_cause is FreezeCause.GUARDIAN
    after = stage.act(release_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    assert after.state is HolderState.ACTIVE


def test_what_a_ward_began_ends_when_the_guardian_leaves(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(MINOR)
    begun = AddEmail(session_hash=MINOR.session, address=parse_email("zhao@example.org"), consents=True)
    stage.act(add_email, begun, public_url="https://eztong.example")
    assert stage.read(lambda stored: stored.emails.get(found.ward_id)) is not None
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    assert account(stage, found.ward_id).freeze_cause is FreezeCause.GUARDIAN
    assert stage.read(lambda stored: stored.emails.get(found.ward_id)) is None
