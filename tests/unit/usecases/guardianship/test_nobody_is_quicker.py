"""Ten minutes with a guardian's phone, or a guardian who is about to be none: what is done then can be undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.contact.phone_change import ChangeState, ContactCooling
from eztong.domain.errors import OtpExpired, TickMissing
from eztong.domain.guardianship.guardianship import (
    LEFT_LATELY,
    TAKE_BACK_WITHIN,
    AccountClaimed,
    CareEnd,
    Guardianship,
    GuardianshipState,
    HandOverWrong,
    LeaveWaits,
    WardActsAlone,
)
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.notices import Topic
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.contact.cooling import contact_cools_until
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.guardianship.limit_ward import LimitWard, limit_ward
from eztong.usecases.guardianship.settle_relation import settle_answer
from eztong.usecases.guardianship.take_back import TakeBack, take_back
from eztong.usecases.guardianship.take_over import take_over
from eztong.usecases.restrictions.pause_use import pause_use
from eztong.usecases.restrictions.recheck_identity import recheck_identity
from eztong.usecases.vault import phone_index
from tests.simulators.due_work import settle_due_phone_changes
from tests.unit.usecases.access.ways import FRESH
from tests.unit.usecases.death.dying import keep
from tests.unit.usecases.deregistration.leaving import ask as ask_to_leave
from tests.unit.usecases.deregistration.leaving import run as run_leaving
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    applying,
    confirmed_minor,
    guardianship,
    registered_child,
    run_birthdays,
)
from tests.unit.usecases.guardianship.handing import (
    GROWN,
    PHONE,
    ask,
    begin_appeal,
    claim,
    end_account,
    grown,
    leave,
    offer,
    taken,
    typed,
    unlock_later,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import answers
from tests.unit.usecases.stage import LI, WANG, Stage


def tell_loss(stage: Stage) -> None:
    lost = FreezeHolder(
        holder_id=stage.holder(LI).holder_id,
        cause=FreezeCause.SELF,
        channel="hotline",
        reason=FreezeReason.PHONE_LOST,
    )
    stage.act(freeze_holder, lost)


def test_an_account_that_went_over_is_not_ended_before_it_is_settled(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    with pytest.raises(ContactCooling):
        ask_to_leave(stage, session=FRESH)
    stage.clock.moment += TAKE_BACK_WITHIN
    session = replace(stage.session(FRESH), unlocked_until=stage.clock.now() + UNLOCK_LIFE)
    stage.write(lambda uow: uow.sessions.update(session))
    assert ask_to_leave(stage, session=FRESH).is_new


def test_who_is_of_age_at_the_take_over_ends_nothing_in_these_hours_either(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found)
    with pytest.raises(ContactCooling):
        ask_to_leave(stage, session=FRESH)


def test_a_leaving_and_a_pause_that_were_begun_by_whoever_took_it_end_when_it_is_had_back(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    stage.act(pause_use, FRESH)
    ward = account(stage, found.ward_id)
    assert ward.ceiling is Ceiling.NONE
    # As an earlier version let it begin.
    late = replace(guardianship(stage, found.guardianship_id), taken_at=stage.clock.now() - TAKE_BACK_WITHIN)
    now = guardianship(stage, found.guardianship_id)
    stage.write(lambda uow: uow.guardianships.change(now, late))
    ask_to_leave(stage, session=FRESH)
    stage.write(lambda uow: uow.guardianships.change(late, now))
    stage.act(take_back, TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    stage.clock.moment += timedelta(hours=73)
    run_leaving(stage)
    back = account(stage, found.ward_id)
    assert (back.state, back.phone_index, back.ceiling) == (HolderState.ACTIVE, None, None)


def test_a_guardian_who_can_have_the_account_back_stays_its_guardian(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    with pytest.raises(LeaveWaits):
        leave(stage, found)
    tell_loss(stage)
    assert account(stage, found.ward_id).phone_index is None


def test_the_end_of_a_childs_account_is_undone_by_a_loss_whatever_was_pressed_after_it(stage: Stage) -> None:
    found = registered_child(stage)
    end_account(stage, found)
    with pytest.raises(LeaveWaits):
        leave(stage, found)
    tell_loss(stage)
    assert not account(stage, found.ward_id).is_leaving


def test_once_it_is_settled_a_guardian_leaves(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found)
    stage.clock.moment += TAKE_BACK_WITHIN
    stage.unlock(LI)
    with pytest.raises(TickMissing):
        stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=False))
    assert leave(stage, found).ended_by is CareEnd.GUARDIAN


def test_while_somebody_else_claims_the_ward_nothing_is_handed_over(stage: Stage) -> None:
    found = grown(stage)
    digits = offer(stage, found)
    assert claim(stage).state is GuardianshipState.DECLARED
    assert guardianship(stage, found.guardianship_id).offered_at is None
    with pytest.raises(HandOverWrong):
        ask(stage, digits)
    with pytest.raises(AccountClaimed):
        offer(stage, found)


def test_a_claim_that_comes_between_the_digits_and_the_code_stops_the_take_over(stage: Stage) -> None:
    found = grown(stage)
    ask(stage, offer(stage, found), phone=LI.phone)
    press = typed(stage)
    claim(stage)
    with pytest.raises(OtpExpired):
        stage.act(take_over, press)


def test_another_guardian_has_back_what_went_over_a_short_while_before(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found, phone=LI.phone)
    claimed = guardianship_of_claim(stage, found)
    stage.unlock(WANG)
    stage.act(take_back, TakeBack(session_hash=WANG.session, ward_id=found.ward_id, understood=True))
    assert account(stage, found.ward_id).phone_index is None
    assert guardianship(stage, claimed.guardianship_id).taken_at is None


def guardianship_of_claim(stage: Stage, found: Guardianship) -> Guardianship:
    """Let staff confirm another guardian of a ward that took the account over; return the guardianship."""
    declared = replace(
        guardianship(stage, found.guardianship_id),
        guardianship_id="gdn_another",
        guardian_id=stage.holder(WANG).holder_id,
        state=GuardianshipState.DECLARED,
        taken_at=None,
    )
    stage.write(lambda uow: uow.guardianships.add(declared))
    decision = DecideRelation(guardianship_id=declared.guardianship_id, holds=True, words="the court said so")
    return stage.act(decide_relation, decision, by=operator(stage, "li.na"))


def test_while_staff_give_an_adults_account_a_phone_its_guardian_hands_it_to_nobody(stage: Stage) -> None:
    found = grown(stage, years=5)
    digits = offer(stage, found)
    begin_appeal(stage)
    with pytest.raises(HandOverWrong):
        ask(stage, digits, phone=LI.phone)
    with pytest.raises(AccountClaimed):
        offer(stage, found)
    stage.clock.moment += stage.services.deployment.appeal_wait
    settle_due_phone_changes(services=stage.services)
    assert account(stage, found.ward_id).phone_index == phone_index("13900000088", keys=stage.keys)


def test_nobody_stops_limits_or_ends_the_account_of_an_adult(stage: Stage) -> None:
    found = grown(stage, years=5)
    begin_appeal(stage)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    limit = LimitWard(session_hash=LI.session, ward_id=found.ward_id, ceiling=Ceiling.LOW)
    for press in (
        lambda: stage.act(freeze_ward, stop),
        lambda: stage.act(limit_ward, limit),
        lambda: end_account(stage, found),
    ):
        with pytest.raises(WardActsAlone):
            press()
    # To open it is no harm.
    stage.act(release_ward, stop)
    newest = stage.read(lambda stored: stored.phone_changes.newest(found.ward_id))
    assert newest is not None
    assert newest.state is ChangeState.WAITING


def test_a_guardian_who_has_back_an_adults_account_can_only_hand_it_over(stage: Stage) -> None:
    found = grown(stage, years=3)
    stage.clock.moment = datetime(2030, 3, 9, 4, tzinfo=UTC)
    unlock_later(stage, LI)
    taken(stage, found)
    stage.clock.moment += timedelta(days=2)
    run_birthdays(stage)
    stage.unlock(LI)
    stage.act(take_back, TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    with pytest.raises(WardActsAlone):
        stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    assert taken(stage, found, fresh=b"the right one").phone_index == phone_index(PHONE, keys=stage.keys)


def test_a_minor_wrongly_said_to_be_dead_comes_back_frozen_until_somebody_is_guardian(stage: Stage) -> None:
    found = confirmed_minor(stage)
    answers(stage, AuthorityVerdict.DECEASED)
    recheck_identity(MINOR.session, services=stage.services)
    keep(stage)
    dead = account(stage, found.ward_id)
    assert (dead.freeze_cause, dead.is_deceased) == (FreezeCause.DEATH, True)
    stage.authority.answer = matched(found.ward_id)
    stage.clock.moment += timedelta(days=30)
    keep(stage)
    back = account(stage, found.ward_id)
    assert (back.state, back.freeze_cause, back.is_deceased) == (HolderState.FROZEN, FreezeCause.GUARDIAN, False)
    unlock_later(stage, WANG)
    claimed = apply_for_child(applying(stage, WANG, name=MINOR.name, number=MINOR.number), services=stage.services)
    assert claimed.state is GuardianshipState.ACTIVE
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_a_minor_without_guardian_and_without_a_phone_is_claimed_by_another(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(LI)
    leave(stage, found)
    stage.clock.moment += LEFT_LATELY
    unlock_later(stage, WANG)
    claimed = apply_for_child(applying(stage, WANG, name=MINOR.name, number=MINOR.number), services=stage.services)
    assert (claimed.state, claimed.ward_id) == (GuardianshipState.ACTIVE, found.ward_id)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_where_the_authority_does_not_know_staff_decide_about_such_a_claim(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(LI)
    leave(stage, found)
    stage.unlock(WANG)
    stage.authority.related_as = RelationAnswer.UNKNOWN
    claimed = apply_for_child(applying(stage, WANG, name=MINOR.name, number=MINOR.number), services=stage.services)
    assert claimed.state is GuardianshipState.DECLARED
    assert account(stage, found.ward_id).freeze_cause is FreezeCause.GUARDIAN


def test_whoever_left_a_short_while_ago_comes_before_another_whom_the_register_knows(stage: Stage) -> None:
    found = grown(stage)
    leave(stage, found)
    other = apply_for_child(applying(stage, WANG, number=GROWN.number), services=stage.services)
    assert other.state is GuardianshipState.DECLARED
    own = apply_for_child(applying(stage, LI, number=GROWN.number), services=stage.services)
    assert (own.state, own.ward_id) == (GuardianshipState.ACTIVE, found.ward_id)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_whom_a_minor_invites_is_confirmed_at_once_also_after_another_left(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(LI)
    leave(stage, found)
    ended = guardianship(stage, found.guardianship_id)
    assert ended.was_left_lately(now=stage.clock.now())
    asked = replace(
        ended,
        guardianship_id="gdn_invited",
        guardian_id=stage.holder(WANG).holder_id,
        state=GuardianshipState.DECLARED,
        ended_by=None,
        ended_at=None,
    )
    assert asked.ward_relation is not None
    stage.write(lambda uow: uow.guardianships.add(asked))
    settled = stage.act(settle_answer, asked, RelationAnswer.CONFIRMED)
    assert settled.state is GuardianshipState.ACTIVE


def test_while_somebody_claims_a_child_its_account_is_not_ended(stage: Stage) -> None:
    found = registered_child(stage)
    claimed = apply_for_child(applying(stage, WANG), services=stage.services)
    assert claimed.state is GuardianshipState.DECLARED
    with pytest.raises(AccountClaimed):
        end_account(stage, found)
    assert not account(stage, found.ward_id).is_leaving


def test_whose_claim_was_refused_holds_nothing_up_by_another(stage: Stage) -> None:
    found = grown(stage)
    by = operator(stage, "li.na")
    stage.act(
        decide_relation, DecideRelation(guardianship_id=claim(stage).guardianship_id, holds=False, words="no"), by=by
    )
    assert claim(stage).state is GuardianshipState.DECLARED
    taken(stage, found)


def test_staff_help_at_once_whoever_took_an_adults_account_over_and_that_phone_stops_nothing(stage: Stage) -> None:
    found = grown(stage, years=5)
    taken(stage, found, phone="13900000066")
    stage.empty_outbox()
    begin_appeal(stage)
    assert "13900000066" not in {one.phone for one in stage.messages() if one.topic is Topic.PHONE_WAITING}
    with pytest.raises(ContactCooling):
        ask_to_leave(stage, session=FRESH)
    stage.clock.moment += stage.services.deployment.appeal_wait
    settle_due_phone_changes(services=stage.services)
    assert account(stage, found.ward_id).phone_index == phone_index("13900000088", keys=stage.keys)


def test_a_guardian_who_had_back_what_another_handed_over_waits_for_nothing(stage: Stage) -> None:
    found = grown(stage)
    taken(stage, found, phone=LI.phone)
    guardianship_of_claim(stage, found)
    stage.unlock(WANG)
    stage.act(take_back, TakeBack(session_hash=WANG.session, ward_id=found.ward_id, understood=True))
    assert stage.read(lambda stored: contact_cools_until(found.ward_id, stored=stored, now=stage.clock.now())) is None
