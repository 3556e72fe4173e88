"""A guardian limits what a ward's account is used for, and withdraws what it gave for a child."""

from __future__ import annotations

import pytest

from eztong.domain.agreements import AgreementKind
from eztong.domain.errors import Locked, NotFound, StateConflict, TickMissing
from eztong.domain.events import Actor, EventKind
from eztong.domain.guardianship.guardianship import NEWS_OF_WARD, Guardianship, WardActsAlone, WardMissing
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import PartnerId
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.standing import NothingPasses
from eztong.usecases.agreements.withdraw_authorisation import live_authorisation
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.limit_ward import (
    LimitWard,
    SwitchForWard,
    guardians_limit,
    limit_ward,
    switch_for_ward,
    withdraw_for_ward,
)
from eztong.usecases.restrictions.pause_use import pause_use, resume_use
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    applying,
    confirmed_minor,
    happened,
    registered_child,
    run_birthdays,
    run_registrations,
)
from tests.unit.usecases.stage import LI, WANG, Stage

PARTNER = PartnerId("hotel")


def limit(stage: Stage, of: Guardianship, ceiling: Ceiling | None, by: bytes = LI.session) -> None:
    stage.act(limit_ward, LimitWard(session_hash=by, ward_id=of.ward_id, ceiling=ceiling))


def ceiling_of(stage: Stage, of: Guardianship) -> Ceiling | None:
    return account(stage, of.ward_id).ceiling


def is_on(stage: Stage, of: Guardianship) -> bool:
    return stage.read(lambda stored: stored.grants.switches(of.ward_id)).get(PARTNER, True)


def switch(stage: Stage, of: Guardianship, *, on: bool) -> None:
    command = SwitchForWard(session_hash=LI.session, ward_id=of.ward_id, partner_id=PARTNER, on=on)
    stage.act(switch_for_ward, command)


@pytest.mark.parametrize("ceiling", [Ceiling.LOW, Ceiling.SUBSTANTIAL])
def test_a_limit_holds_until_it_is_lifted_and_names_the_guardianship(stage: Stage, ceiling: Ceiling) -> None:
    found = confirmed_minor(stage)
    limit(stage, found, ceiling)
    assert ceiling_of(stage, found) is ceiling
    (newest, *_) = happened(stage, found.ward_id)
    assert (newest.kind, newest.actor) == (EventKind.RESTRICTED, Actor.GUARDIAN)
    assert newest.fact("guardian") == found.guardianship_id
    limit(stage, found, None)
    assert ceiling_of(stage, found) is None


def test_a_limit_takes_the_place_of_the_one_before_and_leaves_other_marks(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.mark(MINOR, cause=Cause.RISK, ceiling=Ceiling.SUBSTANTIAL)
    limit(stage, found, Ceiling.SUBSTANTIAL)
    limit(stage, found, Ceiling.LOW)
    limit(stage, found, Ceiling.LOW)
    open_ones = [mark.cause for mark in stage.marks(MINOR) if mark.is_open]
    assert sorted(open_ones) == [Cause.MINOR_LIMITS, Cause.RISK]
    limit(stage, found, None)
    assert ceiling_of(stage, found) is Ceiling.SUBSTANTIAL


def test_somebody_elses_ward_is_not_limited(stage: Stage) -> None:
    found = confirmed_minor(stage)
    with pytest.raises(WardMissing):
        limit(stage, found, Ceiling.LOW, by=WANG.session)


def test_a_limit_takes_an_unlock(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.clock.pass_by(seconds=181)
    with pytest.raises(Locked):
        limit(stage, found, Ceiling.LOW)


def test_who_passes_nowhere_may_tighten_and_not_loosen(stage: Stage) -> None:
    found = registered_child(stage)
    limit(stage, found, Ceiling.SUBSTANTIAL)
    switch(stage, found, on=False)
    stage.mark(ceiling=Ceiling.NONE)
    limit(stage, found, Ceiling.LOW)
    for looser in (Ceiling.SUBSTANTIAL, None):
        with pytest.raises(NothingPasses):
            limit(stage, found, looser)
    with pytest.raises(NothingPasses):
        switch(stage, found, on=True)
    assert ceiling_of(stage, found) is Ceiling.LOW
    assert not is_on(stage, found)


def test_an_application_has_nothing_to_limit(stage: Stage) -> None:
    found = apply_for_child(applying(stage), services=stage.services)
    with pytest.raises(StateConflict):
        limit(stage, found, Ceiling.LOW)
    run_registrations(stage)
    limit(stage, found, Ceiling.LOW)


def test_a_limit_ends_with_the_guardianship(stage: Stage) -> None:
    found = confirmed_minor(stage)
    limit(stage, found, Ceiling.LOW)
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    ward = account(stage, found.ward_id)
    assert (ward.state, ward.freeze_cause, ward.ceiling) == (HolderState.FROZEN, FreezeCause.GUARDIAN, None)


def test_a_limit_ends_at_eighteen(stage: Stage) -> None:
    found = confirmed_minor(stage)
    limit(stage, found, Ceiling.LOW)
    stage.clock.pass_by(days=5 * 365)
    run_birthdays(stage)
    ward = account(stage, found.ward_id)
    assert (ward.state, ward.ceiling) == (HolderState.ACTIVE, None)


def test_a_guardian_moves_the_switches_of_a_child_alone(stage: Stage) -> None:
    child = registered_child(stage)
    switch(stage, child, on=False)
    assert not is_on(stage, child)
    assert happened(stage, child.ward_id)[0].actor is Actor.GUARDIAN
    switch(stage, child, on=True)
    assert is_on(stage, child)
    minor = confirmed_minor(stage)
    with pytest.raises(WardActsAlone):
        switch(stage, minor, on=False)
    stage.unlock(MINOR)
    stage.act(switch_partner, SwitchPartner(session_hash=MINOR.session, partner_id=PARTNER, on=False))
    assert not is_on(stage, minor)


def test_a_switch_for_nobody_is_refused(stage: Stage) -> None:
    child = registered_child(stage)
    command = SwitchForWard(
        session_hash=LI.session, ward_id=child.ward_id, partner_id=PartnerId("ptn_nobody"), on=False
    )
    with pytest.raises(NotFound):
        stage.act(switch_for_ward, command)


def test_a_guardian_withdraws_what_it_gave_for_a_child_and_gives_it_again(stage: Stage) -> None:
    child = registered_child(stage)
    with pytest.raises(TickMissing):
        stage.act(withdraw_for_ward, LI.session, child.ward_id, understood=False)
    assert stage.read(lambda stored: live_authorisation(child.ward_id, stored=stored)) is not None
    assert stage.act(withdraw_for_ward, LI.session, child.ward_id, understood=True) is not None
    assert stage.read(lambda stored: live_authorisation(child.ward_id, stored=stored)) is None
    assert EventKind.AUTHORISATION_WITHDRAWN in {one.kind for one in happened(stage, child.ward_id)}
    assert stage.act(withdraw_for_ward, LI.session, child.ward_id, understood=True) is None
    own = stage.read(
        lambda stored: stored.agreements.newest_acceptance(stage.holder_id(LI), AgreementKind.AUTHORISATION)
    )
    assert own is None or own.withdrawn_at is None
    apply_for_child(applying(stage), services=stage.services)
    assert stage.read(lambda stored: live_authorisation(child.ward_id, stored=stored)) is not None


def test_a_minor_withdraws_alone(stage: Stage) -> None:
    minor = confirmed_minor(stage)
    with pytest.raises(WardActsAlone):
        stage.act(withdraw_for_ward, LI.session, minor.ward_id, understood=True)


def test_what_the_guardian_sees_is_its_own_limit(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.mark(MINOR, cause=Cause.RISK, ceiling=Ceiling.LOW)
    limit(stage, found, Ceiling.SUBSTANTIAL)
    ward = account(stage, found.ward_id)
    assert stage.read(lambda stored: guardians_limit(ward, stored=stored)) is Ceiling.SUBSTANTIAL
    assert ward.ceiling is Ceiling.LOW


def test_a_freeze_over_a_limit_leaves_it(stage: Stage) -> None:
    found = confirmed_minor(stage)
    limit(stage, found, Ceiling.LOW)
    command = FreezeHolder(holder_id=found.ward_id, cause=FreezeCause.OPERATOR, channel="staff")
    stage.act(freeze_holder, command)
    assert ceiling_of(stage, found) is Ceiling.LOW


def test_a_ward_cannot_flood_its_guardian_but_each_topic_is_told(stage: Stage) -> None:
    confirmed_minor(stage)
    stage.unlock(MINOR)
    for _ in range(NEWS_OF_WARD.amount + 2):
        stage.act(pause_use, MINOR.session)
        stage.act(resume_use, MINOR.session)
    told = [one for one in stage.topics() if one == "ward_news"]
    assert len(told) == 2 * NEWS_OF_WARD.amount
