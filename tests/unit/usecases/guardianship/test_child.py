"""A guardian applies for a child under 14; a stranger does not, and two guardians are a conflict for staff."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.deregistration.deregistration import EffectsNotUnderstood
from eztong.domain.errors import AuthorityUnavailable, HolderFrozen, Locked, NotFound, TickMissing, TooMany
from eztong.domain.feedback.ticket import WordsMissing
from eztong.domain.guardianship.guardianship import (
    CHILD_APPLICATIONS,
    LEFT_LATELY,
    AlreadyDeclared,
    CareEnd,
    DecidedBy,
    GuardianNotEligible,
    Guardianship,
    GuardianshipDecided,
    GuardianshipState,
    NotAChild,
    RelationDenied,
    WardActsAlone,
    WardMissing,
)
from eztong.domain.guardianship.relation import Relation, RelationAnswer
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.registration import StepKind
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, SYSTEM
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration
from eztong.usecases.deregistration.deregister_ward import deregister_ward
from eztong.usecases.deregistration.execute_deregistration import erase_account
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward
from eztong.usecases.guardianship.apply_for_child import ACTS, apply_for_child
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation, open_reason
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_all, leave_ward
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from tests.unit.usecases.guardianship.family import (
    CHILD,
    MINOR,
    account,
    applying,
    born,
    claimed_child,
    confirmed_minor,
    consent,
    guardianship,
    kinds,
    registered_child,
    run_birthdays,
    run_registrations,
)
from tests.unit.usecases.guardianship.handing import unlock_later
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Person, Stage

S = GuardianshipState
WORDS = "户口本不在登记中"


def children(stage: Stage) -> int:
    """Return how many accounts and applications lie there besides the two of every test."""
    return int(stage.select("SELECT count(*) FROM holders")[0][0]) - 2


def decide(stage: Stage, guardianship_id: str, *, holds: bool, words: str = WORDS) -> Guardianship:
    by = operator(stage, "qian", OperatorRole.CASES)
    return stage.act(decide_relation, DecideRelation(guardianship_id=guardianship_id, holds=holds, words=words), by=by)


# --- applying -------------------------------------------------------------------------------------------------------


def test_a_guardian_applies_and_the_child_has_an_account_without_phone_and_sign_in(stage: Stage) -> None:
    found = registered_child(stage)
    child = account(stage, found.ward_id)
    assert (found.state, found.decided_by, child.state) == (S.ACTIVE, DecidedBy.AUTHORITY, HolderState.ACTIVE)
    assert is_kept_by_guardian(child)
    assert open_identity(child, keys=stage.keys).number == CHILD.number
    for table in ("sessions", "devices", "otp_challenges"):
        assert stage.select(f"SELECT count(*) FROM {table} WHERE holder_id = ?", found.ward_id) == [(0,)]  # noqa: S608 - names of our own


def test_the_acceptances_are_the_childs_and_say_that_the_guardian_pressed(stage: Stage) -> None:
    found = registered_child(stage)
    kept = stage.read(lambda stored: stored.agreements.acceptances(found.ward_id))
    assert {one.kind.value for one in kept} == {"service", "authorisation"}
    assert {one.act for one in kept} == {ACTS["zh-CN"]}
    acts = stage.read(lambda stored: stored.acts.of_holder(found.ward_id))
    assert {one.subject for one in acts} == {found.guardianship_id}


def test_nothing_of_the_child_is_stored_without_every_tick_or_an_unlocked_guardian(stage: Stage) -> None:
    for ticked in (frozenset(), frozenset(list(consent(stage).ticked)[:1])):
        with pytest.raises(TickMissing):
            apply_for_child(applying(stage, consent=replace(consent(stage), ticked=ticked)), services=stage.services)
    stage.lock(LI)
    with pytest.raises(Locked):
        apply_for_child(applying(stage), services=stage.services)
    stage.unlock(LI)
    stage.change(LI, state=HolderState.DEREGISTERING)
    with pytest.raises(GuardianNotEligible):
        apply_for_child(applying(stage), services=stage.services)
    assert children(stage) == 0
    assert stage.authority.related == []


def test_whom_the_authority_denies_nothing_is_stored_of(stage: Stage) -> None:
    stage.authority.related_as = RelationAnswer.DENIED
    with pytest.raises(RelationDenied):
        apply_for_child(applying(stage), services=stage.services)
    assert children(stage) == 0
    assert stage.select("SELECT count(*) FROM guardianships") == [(0,)]
    assert "guardian_refused" in kinds(stage, stage.holder_id(LI))


def test_an_authority_that_is_away_leaves_nothing(stage: Stage) -> None:
    stage.authority.answer = AuthorityUnavailable("away")
    with pytest.raises(AuthorityUnavailable):
        apply_for_child(applying(stage), services=stage.services)
    assert children(stage) == 0


def test_only_for_children_and_only_with_a_number_that_can_be_right(stage: Stage) -> None:
    with pytest.raises(NotAChild):
        apply_for_child(applying(stage, number=MINOR.number), services=stage.services)
    with pytest.raises(NumberInvalid):
        apply_for_child(applying(stage, number="123"), services=stage.services)


def test_five_children_a_day_found_or_not(stage: Stage) -> None:
    stage.authority.related_as = RelationAnswer.DENIED
    for number in range(CHILD_APPLICATIONS.amount):
        with pytest.raises(RelationDenied):
            apply_for_child(applying(stage, number=born("20180601", f"51{number}")), services=stage.services)
    with pytest.raises(TooMany):
        apply_for_child(applying(stage), services=stage.services)


def test_the_same_guardian_applies_for_the_same_child_once(stage: Stage) -> None:
    registered_child(stage)
    with pytest.raises(AlreadyDeclared):
        apply_for_child(applying(stage), services=stage.services)


def test_a_child_whom_the_authority_does_not_match_is_erased_and_the_guardian_told(stage: Stage) -> None:
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.MISMATCH, reference="r", detail_code="M")
    stage.authority.answer = None
    found = apply_for_child(applying(stage), services=stage.services)
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.MISMATCH, reference="r", detail_code="M")
    stage.empty_outbox()
    run_registrations(stage)
    child = account(stage, found.ward_id)
    assert (child.state, child.number_index, child.sealed_name) == (HolderState.REFUSED, None, None)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.APPLICATION
    assert stage.topics() == ["ward_news"]


def test_a_child_whom_a_person_refuses_is_erased_too(stage: Stage) -> None:
    found = apply_for_child(applying(stage), services=stage.services)
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.NEEDS_HUMAN, reference="r", detail_code="N")
    run_registrations(stage)
    assert account(stage, found.ward_id).state is HolderState.UNDER_REVIEW
    by = operator(stage, "qian", OperatorRole.CASES)
    command = ReviewApplication(holder_id=found.ward_id, kind=StepKind.REFUSE, words=WORDS)
    review_application(command, by=by, services=stage.services)
    assert account(stage, found.ward_id).number_index is None
    assert stage.select("SELECT count(*) FROM application_steps") == [(0,)]


# --- the code -------------------------------------------------------------------------------------------------------


def test_the_guardian_shows_the_childs_code_and_the_history_names_it(stage: Stage) -> None:
    found = registered_child(stage)
    shown = stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))
    newest = stage.read(lambda stored: stored.holders.events(found.ward_id))[0]
    assert (newest.kind.value, newest.actor.value) == ("code_shown_for_ward", "guardian")
    assert (newest.fact("code"), newest.fact("guardian")) == (shown.code_id, found.guardianship_id)
    kept = stage.read(lambda stored: stored.codes.get(shown.code_id))
    assert kept is not None
    assert (kept.holder_id, kept.device_id) == (found.ward_id, stage.device(LI).device_id)


def test_a_stranger_shows_no_code_of_it_and_a_locked_or_frozen_one_shows_none(stage: Stage) -> None:
    found = registered_child(stage)
    with pytest.raises(WardMissing):
        stage.act(show_ward_code, ShowWardCode(session_hash=WANG.session, ward_id=found.ward_id))
    stage.act(freeze_ward, StopWard(session_hash=LI.session, ward_id=found.ward_id))
    with pytest.raises(HolderFrozen):
        stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))
    stage.lock(LI)
    with pytest.raises(Locked):
        stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))


def test_from_the_14th_birthday_on_the_guardian_shows_no_code(stage: Stage) -> None:
    found = registered_child(stage)
    stage.clock.moment = stage.clock.moment.replace(year=2032, month=6, day=1)
    session = replace(stage.session(), expires_at=stage.clock.now().replace(year=2033))
    stage.write(lambda uow: uow.sessions.update(session))
    stage.unlock(LI)
    with pytest.raises(WardActsAlone):
        stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))
    run_birthdays(stage)
    assert "came_of_age" in stage.topics()
    stage.clock.moment = stage.clock.moment.replace(year=2036, month=6, day=1)
    run_birthdays(stage)
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE


# --- staff ----------------------------------------------------------------------------------------------------------


def test_what_the_authority_does_not_know_staff_confirm_and_then_the_child_is_matched(stage: Stage) -> None:
    found = claimed_child(stage)
    assert (found.state, account(stage, found.ward_id).state) == (S.DECLARED, HolderState.SUPPLEMENT_NEEDED)
    assert stage.authority.asked == []
    assert stage.read(lambda stored: stored.guardianships.waiting(limit=5).those) == [found]
    decided = decide(stage, found.guardianship_id, holds=True)
    run_registrations(stage)
    assert (decided.state, decided.decided_by) == (S.ACTIVE, DecidedBy.STAFF)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    assert open_reason(decided, stage.holder(LI), keys=stage.keys) == WORDS
    with pytest.raises(GuardianshipDecided):
        stage.act(
            decide_relation,
            DecideRelation(guardianship_id=found.guardianship_id, holds=True, words=WORDS),
            by=operator(stage, "sun", OperatorRole.CASES),
        )


def test_of_a_child_whose_guardian_staff_refuse_nothing_is_kept(stage: Stage) -> None:
    found = claimed_child(stage)
    decided = decide(stage, found.guardianship_id, holds=False)
    child = account(stage, found.ward_id)
    assert (decided.state, child.state, child.number_index) == (S.REFUSED, HolderState.REFUSED, None)
    assert open_reason(decided, stage.holder(LI), keys=stage.keys) == WORDS
    assert open_reason(found, stage.holder(LI), keys=stage.keys) == ""
    assert "guardian_decided" in stage.topics()


def test_staff_decide_by_role_with_a_reason_and_never_about_themselves(stage: Stage) -> None:
    found = claimed_child(stage)
    command = DecideRelation(guardianship_id=found.guardianship_id, holds=True, words=WORDS)
    for by, error in (
        (OPERATOR, OperatorNeeded),
        (operator(stage, "audit", OperatorRole.AUDIT), RoleMissing),
        (operator(stage, "own", person=stage.holder(LI).number_index), AboutOneself),
        (operator(stage, "ward", person=account(stage, found.ward_id).number_index), AboutOneself),
    ):
        with pytest.raises(error):
            stage.act(decide_relation, command, by=by)
    by = operator(stage, "qian", OperatorRole.CASES)
    with pytest.raises(WordsMissing):
        stage.act(decide_relation, replace(command, words=" "), by=by)
    with pytest.raises(NotFound):
        stage.act(decide_relation, replace(command, guardianship_id="gdn_0"), by=by)


def test_nobody_is_confirmed_whose_own_account_was_stopped_meanwhile(stage: Stage) -> None:
    found = claimed_child(stage)
    stage.change(LI, state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    with pytest.raises(GuardianshipDecided):
        decide(stage, found.guardianship_id, holds=True)


# --- two guardians, and one who leaves -----------------------------------------------------------------------------


def test_a_second_guardian_is_a_conflict_even_if_the_authority_confirms_and_opens_nothing(stage: Stage) -> None:
    found = registered_child(stage)
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    assert (claim.state, claim.ward_id) == (S.DECLARED, found.ward_id)
    with pytest.raises(WardMissing):
        stage.act(show_ward_code, ShowWardCode(session_hash=WANG.session, ward_id=found.ward_id))
    decide(stage, claim.guardianship_id, holds=True)
    assert guardianship(stage, found.guardianship_id).ended_by is CareEnd.REPLACED
    stage.act(show_ward_code, ShowWardCode(session_hash=WANG.session, ward_id=found.ward_id))
    with pytest.raises(WardMissing):
        stage.act(show_ward_code, ShowWardCode(session_hash=LI.session, ward_id=found.ward_id))


def test_a_refused_second_guardian_changes_nothing(stage: Stage) -> None:
    found = registered_child(stage)
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    decide(stage, claim.guardianship_id, holds=False)
    assert guardianship(stage, found.guardianship_id).state is S.ACTIVE
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_who_knows_the_number_and_not_the_name_claims_no_account(stage: Stage) -> None:
    registered_child(stage)
    with pytest.raises(RelationDenied):
        apply_for_child(applying(stage, WANG, name="赵大"), services=stage.services)


def test_a_child_whose_guardian_left_is_stopped_until_another_one_takes_over(stage: Stage) -> None:
    found = registered_child(stage)
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=found.ward_id, understood=True))
    assert account(stage, found.ward_id).freeze_cause is FreezeCause.GUARDIAN
    stage.clock.moment += LEFT_LATELY
    unlock_later(stage, WANG)
    claim = apply_for_child(applying(stage, WANG, relation=Relation.GRANDPARENT), services=stage.services)
    assert (claim.state, claim.ward_id) == (S.ACTIVE, found.ward_id)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_a_claim_of_somebody_who_leaves_leaves_nothing_of_the_child(stage: Stage) -> None:
    found = claimed_child(stage)
    stage.act(leave_all, stage.holder(LI))
    child = account(stage, found.ward_id)
    assert (child.state, child.number_index) == (HolderState.REFUSED, None)


# --- copies ---------------------------------------------------------------------------------------------------------


def test_each_sides_copy_tells_of_the_guardianship_and_names_no_other_account(stage: Stage) -> None:
    found = claimed_child(stage)
    decide(stage, found.guardianship_id, holds=True)
    ward = account(stage, found.ward_id)
    for holder, side, reason in ((stage.holder(LI), "guardian", WORDS), (ward, "ward", "")):
        copy = stage.act(collect_data, holder)
        (row,) = copy["guardianships"]
        assert (row["side"], row["relation"], row["reason"]) == (side, "parent", reason)
        other = ward if side == "guardian" else stage.holder(LI)
        assert other.holder_id not in str(copy)


# --- the end of the account ------------------------------------------------------------------------------------------


def leaving(by: Person = LI, *, understood: bool = True) -> AskDeregistration:
    return AskDeregistration(session_hash=by.session, secret="ABCD-EFGH-JKMN-PQRS", understood=understood)


def test_only_the_guardian_ends_the_childs_account_and_then_everything_of_it_goes(stage: Stage) -> None:
    found = registered_child(stage)
    with pytest.raises(WardMissing):
        stage.act(deregister_ward, leaving(WANG), found.ward_id, calendar=WorkCalendar())
    with pytest.raises(EffectsNotUnderstood):
        stage.act(deregister_ward, leaving(understood=False), found.ward_id, calendar=WorkCalendar())
    asked = stage.act(deregister_ward, leaving(), found.ward_id, calendar=WorkCalendar())
    assert (asked.is_new, account(stage, found.ward_id).state) == (True, HolderState.DEREGISTERING)
    assert stage.act(deregister_ward, leaving(), found.ward_id, calendar=WorkCalendar()).is_new is False
    assert stage.topics() == ["ward_news"]
    stage.write(lambda uow: uow.deregistrations.begin(asked.deregistration))
    stage.act(erase_account, account(stage, found.ward_id), asked.deregistration, by=SYSTEM)
    child = account(stage, found.ward_id)
    assert (child.is_erased, child.number_index) == (True, None)
    assert stage.select("SELECT count(*) FROM guardianships") == [(0,)]
    assert stage.holder(LI).state is HolderState.ACTIVE


def test_a_ward_who_signs_in_ends_the_account_alone(stage: Stage) -> None:
    found = confirmed_minor(stage)
    with pytest.raises(WardActsAlone):
        stage.act(deregister_ward, leaving(), found.ward_id, calendar=WorkCalendar())
