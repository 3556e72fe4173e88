"""A minor of 14 to 17 applies, invites, and is confirmed by a guardian; nobody else's proof does it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import AuthorityUnavailable, HolderNotActive, Locked, StateConflict, TickMissing, TooMany
from eztong.domain.guardianship.guardianship import (
    INVITATION_LIFE,
    INVITATIONS,
    MOST_WARDS,
    WRONG_BY_GUARDIAN,
    WRONG_BY_WARD,
    CareEnd,
    DecidedBy,
    GuardianNotEligible,
    Guardianship,
    GuardianshipState,
    InvitationDigitsInvalid,
    InvitationNotPossible,
    InvitationWrong,
    RelationDiffers,
    WardMissing,
    WardsFull,
)
from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.holder import FreezeCause, FrozenByGuardian, Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.standing import check_may_show_code
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.invite_guardian import InviteGuardian, invite_guardian, open_digits
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_all, leave_ward
from eztong.usecases.spend_budget import count
from tests.unit.usecases.guardianship.family import (
    MINOR,
    account,
    confirmed_minor,
    confirming,
    guardianship,
    happened,
    invite,
    kinds,
    run_registrations,
    waiting_minor,
)
from tests.unit.usecases.stage import LI, WANG, Stage

S = GuardianshipState


def add(one: Guardianship, uow: UnitOfWork) -> None:
    uow.guardianships.add(one)


def put(one: Holder, uow: UnitOfWork) -> None:
    uow.holders.update(one)


def test_until_a_guardian_confirms_nothing_is_asked_and_nothing_passes(stage: Stage) -> None:
    holder = waiting_minor(stage)
    invite(stage)
    assert (holder.state, holder.reason) == (HolderState.SUPPLEMENT_NEEDED, "guardian_must_confirm")
    assert stage.authority.asked == []
    with pytest.raises(HolderNotActive):
        stage.act(issue_code, IssueCode(session_hash=MINOR.session))


def test_a_guardian_confirms_and_the_application_goes_on_by_itself(stage: Stage) -> None:
    found = confirmed_minor(stage)
    ward = account(stage, found.ward_id)
    assert (found.state, found.decided_by, found.guardian_id) == (S.ACTIVE, DecidedBy.AUTHORITY, stage.holder_id(LI))
    assert (ward.state, ward.rules, ward.reason) == (HolderState.ACTIVE, "R00", None)
    (asked,) = stage.authority.related
    assert (asked.ward.number.value, asked.guardian.number.value) == (MINOR.number, LI.number)
    assert asked.reference == found.guardianship_id
    stage.unlock(MINOR)
    assert stage.act(issue_code, IssueCode(session_hash=MINOR.session)).number


def test_both_histories_and_the_evidence_name_the_guardianship_and_no_account(stage: Stage) -> None:
    found = confirmed_minor(stage)
    for holder_id, role in ((found.ward_id, "ward"), (stage.holder_id(LI), "guardian")):
        events = [one for one in happened(stage, holder_id) if "guardian" in one.kind]
        declared = next(one for one in events if one.kind == "guardian_declared")
        assert declared.fact("role") == role
        assert declared.fact("guardianship") == found.guardianship_id
        assert declared.actor.value == "guardian"
        assert not any(stage.holder_id(LI) in one.detail or found.ward_id in one.detail for one in events)
    acts = stage.read(lambda stored: stored.acts.of_holder(found.ward_id))
    assert {one.kind.value for one in acts} == {"guardian_declared", "guardian_confirmed"}
    own = stage.read(lambda stored: stored.acts.of_holder(stage.holder_id(LI)))
    assert {one.kind for one in own} == {one.kind for one in acts}
    assert {one.subject for one in (*acts, *own)} == {found.guardianship_id}


def test_both_are_told(stage: Stage) -> None:
    waiting_minor(stage)
    confirm_ward(confirming(invite(stage)), services=stage.services)
    told = [(one.topic.value, one.phone) for one in stage.messages()]
    assert ("guardian_decided", MINOR.phone) in told
    assert ("guardian_decided", LI.phone) in told
    stage.empty_outbox()
    run_registrations(stage)
    told = [(one.topic.value, one.phone) for one in stage.messages()]
    assert told == [("ward_news", LI.phone), ("registration_decided", MINOR.phone)]


# --- the digits -----------------------------------------------------------------------------------------------------


def test_digits_without_the_number_and_another_number_open_nothing(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    with pytest.raises(InvitationWrong):
        confirm_ward(confirming(digits, number=WANG.number), services=stage.services)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    with pytest.raises(InvitationWrong):
        confirm_ward(confirming(wrong), services=stage.services)
    assert stage.authority.related == []
    spaced = f" {digits[:3]} {digits[3:]} "
    assert confirm_ward(confirming(spaced), services=stage.services).state is S.ACTIVE


def test_what_cannot_be_digits_and_a_missing_tick_are_no_try(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    with pytest.raises(InvitationDigitsInvalid):
        confirm_ward(confirming("12345"), services=stage.services)
    with pytest.raises(TickMissing):
        confirm_ward(confirming(digits, understood=False), services=stage.services)
    assert stage.select("SELECT count(*) FROM budgets WHERE budget = ?", WRONG_BY_GUARDIAN.name) == [(0,)]


def test_an_invitation_ends_after_a_day_and_with_a_newer_one(stage: Stage) -> None:
    waiting_minor(stage)
    first = invite(stage)
    second = invite(stage)
    stage.unlock(LI)
    with pytest.raises(InvitationWrong):
        confirm_ward(confirming(first), services=stage.services)
    stage.clock.moment += INVITATION_LIFE
    stage.unlock(LI)
    with pytest.raises(InvitationWrong):
        confirm_ward(confirming(second), services=stage.services)


def test_after_five_wrong_tries_the_right_digits_of_this_account_are_not_taken_and_anothers_are(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(WRONG_BY_GUARDIAN.amount):
        with pytest.raises(InvitationWrong):
            confirm_ward(confirming(wrong), services=stage.services)
    for tried in (wrong, digits):
        with pytest.raises(TooMany):
            confirm_ward(confirming(tried), services=stage.services)
    assert confirm_ward(confirming(digits, WANG), services=stage.services).state is S.ACTIVE


def test_all_accounts_together_try_one_number_so_often_only(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    index = stage.holder(MINOR).number_index or b""
    for _ in range(WRONG_BY_WARD.amount):
        stage.act(count, WRONG_BY_WARD, index)
    with pytest.raises(TooMany):
        confirm_ward(confirming(digits), services=stage.services)


def test_ten_invitations_a_day(stage: Stage) -> None:
    waiting_minor(stage)
    for _ in range(INVITATIONS.amount):
        invite(stage)
    with pytest.raises(TooMany):
        invite(stage)


# --- who may --------------------------------------------------------------------------------------------------------


def test_a_guardian_who_is_not_unlocked_confirms_nobody(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    stage.lock(LI)
    with pytest.raises(Locked):
        confirm_ward(confirming(digits), services=stage.services)


def test_neither_the_minor_nor_a_stopped_account_is_a_guardian(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    with pytest.raises(HolderNotActive):
        confirm_ward(confirming(digits, MINOR), services=stage.services)
    stage.change(LI, state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    with pytest.raises(GuardianNotEligible):
        confirm_ward(confirming(digits), services=stage.services)


def test_whoever_has_the_same_number_is_not_their_own_guardian(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    stage.change(LI, number_index=stage.holder(MINOR).number_index)
    with pytest.raises(GuardianNotEligible):
        confirm_ward(confirming(digits), services=stage.services)


def test_an_adult_and_a_decided_application_invite_nobody(stage: Stage) -> None:
    for person in (LI, MINOR):
        if person is MINOR:
            confirmed_minor(stage)
            stage.unlock(MINOR)
        with pytest.raises(InvitationNotPossible):
            stage.act(invite_guardian, InviteGuardian(session_hash=person.session, relation=Relation.PARENT))


def test_both_must_declare_the_same(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    with pytest.raises(RelationDiffers):
        confirm_ward(confirming(digits, relation=Relation.GRANDPARENT), services=stage.services)
    assert confirm_ward(confirming(digits), services=stage.services).state is S.ACTIVE


def test_more_wards_than_ten_are_too_many(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    (invited,) = stage.read(lambda stored: stored.guardianships.of_ward(stage.holder_id(MINOR)))
    for number in range(MOST_WARDS):
        other = replace(
            invited.declared(stage.holder_id(LI), Relation.PARENT, now=stage.clock.now()),
            guardianship_id=f"gdn_{number:026}",
            ward_id=HolderId(f"hld_{number:026}"),
        )
        stage.write(partial(add, other))
    with pytest.raises(WardsFull):
        confirm_ward(confirming(digits), services=stage.services)


# --- what the authority says -----------------------------------------------------------------------------------------


def test_a_denied_relation_ends_the_invitation_and_the_minor_may_invite_again(stage: Stage) -> None:
    waiting_minor(stage)
    stage.authority.related_as = RelationAnswer.DENIED
    found = confirm_ward(confirming(invite(stage)), services=stage.services)
    assert (found.state, found.decided_by) == (S.REFUSED, DecidedBy.AUTHORITY)
    assert account(stage, found.ward_id).state is HolderState.SUPPLEMENT_NEEDED
    assert len(invite(stage)) == 6


def test_an_authority_that_is_away_decides_nothing_and_the_invitation_stands(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    stage.authority.answer = AuthorityUnavailable("away")
    with pytest.raises(AuthorityUnavailable):
        confirm_ward(confirming(digits), services=stage.services)
    stage.authority.answer = None
    assert confirm_ward(confirming(digits), services=stage.services).state is S.ACTIVE


def test_what_the_authority_does_not_know_waits_for_staff_and_invites_nobody_else(stage: Stage) -> None:
    waiting_minor(stage)
    stage.authority.related_as = RelationAnswer.UNKNOWN
    found = confirm_ward(confirming(invite(stage)), services=stage.services)
    assert found.state is S.DECLARED
    assert account(stage, found.ward_id).reason == "relation_waits"
    with pytest.raises(InvitationNotPossible):
        invite(stage)


def test_an_invitation_that_is_replaced_while_the_authority_answers_is_not_declared(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    stage.authority.meanwhile.happens = lambda: invite(stage)
    with pytest.raises(StateConflict):
        confirm_ward(confirming(digits), services=stage.services)


# --- afterwards -----------------------------------------------------------------------------------------------------


def test_a_guardian_freezes_and_only_a_guardian_lifts_it(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.unlock(MINOR)
    stage.act(issue_code, IssueCode(session_hash=MINOR.session))
    frozen = stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    assert (frozen.state, frozen.freeze_cause) == (HolderState.FROZEN, FreezeCause.GUARDIAN)
    assert stage.select("SELECT state FROM codes WHERE holder_id = ?", found.ward_id) == [(CodeState.CANCELLED,)]
    with pytest.raises(FrozenByGuardian):
        check_may_show_code(frozen)
    with pytest.raises(FrozenByGuardian):
        frozen.unfrozen()
    with pytest.raises(WardMissing):
        stage.act(release_ward, StopWard(session_hash=WANG.session, ward_id=found.ward_id))
    for _ in range(2):
        again = stage.act(release_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
        assert again.state is HolderState.ACTIVE
    assert kinds(stage, found.ward_id)[-2:] == ["frozen", "ward_released"]


@pytest.mark.parametrize("other", [FreezeCause.OPERATOR, FreezeCause.RISK])
def test_the_guardians_freeze_and_the_operators_do_not_lift_each_other(stage: Stage, other: FreezeCause) -> None:
    found = confirmed_minor(stage)
    ward = account(stage, found.ward_id)
    for causes in ((FreezeCause.GUARDIAN, other), (other, FreezeCause.GUARDIAN)):
        frozen = ward.frozen(causes[0]).frozen(causes[1])
        assert frozen.frozen(causes[0]) == frozen
        stage.write(partial(put, frozen))
        after = stage.act(release_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
        assert (after.state, after.freeze_cause) == (HolderState.FROZEN, other)


def test_a_guardian_who_leaves_stops_the_account_until_another_one_confirms(stage: Stage) -> None:
    found = confirmed_minor(stage)
    with pytest.raises(TickMissing):
        stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=False))
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE
    ended = stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    ward = account(stage, found.ward_id)
    assert (ended.state, ended.ended_by, ward.freeze_cause) == (S.ENDED, CareEnd.GUARDIAN, FreezeCause.GUARDIAN)
    with pytest.raises(WardMissing):
        stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    session = replace(stage.session(MINOR.session), revoked_at=None)
    stage.write(lambda uow: uow.sessions.update(session))
    stage.unlock(MINOR)
    again = confirm_ward(confirming(invite(stage), WANG), services=stage.services)
    assert (again.state, account(stage, found.ward_id).state) == (S.ACTIVE, HolderState.ACTIVE)


def test_a_guardian_whose_account_ends_leaves_all(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.act(leave_all, stage.holder(LI))
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.ACCOUNT
    assert account(stage, found.ward_id).freeze_cause is FreezeCause.GUARDIAN


def test_a_guardian_whose_account_ends_while_staff_decide_lets_the_minor_invite_again(stage: Stage) -> None:
    waiting_minor(stage)
    stage.authority.related_as = RelationAnswer.UNKNOWN
    found = confirm_ward(confirming(invite(stage)), services=stage.services)
    stage.act(leave_all, stage.holder(LI))
    assert guardianship(stage, found.guardianship_id).state is S.ENDED
    assert account(stage, found.ward_id).reason == "guardian_must_confirm"


def test_a_ward_whose_account_ends_has_a_guardian_no_more(stage: Stage) -> None:
    found = confirmed_minor(stage)
    stage.act(leave_all, account(stage, found.ward_id))
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.ACCOUNT


def test_the_digits_are_sealed_for_the_minor_and_gone_once_they_were_used(stage: Stage) -> None:
    waiting_minor(stage)
    digits = invite(stage)
    (invited,) = stage.read(lambda stored: stored.guardianships.of_ward(stage.holder_id(MINOR)))
    assert open_digits(invited, stage.holder(MINOR), keys=stage.keys) == digits
    confirm_ward(confirming(digits), services=stage.services)
    assert stage.select("SELECT invite_hash, sealed_digits FROM guardianships") == [(None, None)]
