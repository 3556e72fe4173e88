"""What goes by a guardian's word, who decides about it, and whose the end of a child's account is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.deregistration.deregistration import DeregistrationOver, GuardianUndoes
from eztong.domain.errors import AgreementNotAccepted
from eztong.domain.guardianship.guardianship import (
    GuardianshipDecided,
    GuardianshipState,
    WardActsAlone,
    WardMissing,
)
from eztong.domain.holder import FreezeCause, FreezeReason, HolderState
from eztong.domain.notices import Topic
from eztong.domain.operators.operator import AboutOneself, OperatorRole
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.standing import NothingPasses
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.agreements.withdraw_authorisation import withdraw_authorisation
from eztong.usecases.deregistration import deregister_ward as ending
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, Asked
from eztong.usecases.deregistration.undo_deregistration import undo_ward, undo_with_secret
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.decide_relation import DecideRelation, decide_relation
from eztong.usecases.guardianship.show_code import ShowWardCode, show_ward_code
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.operators.check_operator import check_about_another
from tests.unit.usecases.deregistration.leaving import SECRET, proof
from tests.unit.usecases.guardianship.family import (
    account,
    applying,
    claimed_child,
    confirmed_minor,
    happened,
    registered_child,
)
from tests.unit.usecases.operators.acts import operator, stored
from tests.unit.usecases.stage import LI, WANG, Stage


def end_account(stage: Stage, ward_id: str) -> Asked:
    command = AskDeregistration(session_hash=LI.session, secret=SECRET, understood=True)
    return stage.act(ending.deregister_ward, command, ward_id, calendar=WorkCalendar())


def decided(guardianship_id: str) -> DecideRelation:
    return DecideRelation(guardianship_id=guardianship_id, holds=True, words="seen")


def test_who_withdrew_the_own_consent_shows_and_declares_nothing(stage: Stage) -> None:
    found = registered_child(stage)
    stage.act(withdraw_authorisation, LI.session)
    shows = ShowWardCode(session_hash=LI.session, ward_id=found.ward_id)
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.act(show_ward_code, shows),
        lambda: apply_for_child(applying(stage), services=stage.services),
    )
    for refused in acts:
        with pytest.raises(AgreementNotAccepted):
            refused()


@pytest.mark.parametrize("is_limited", [True, False])
def test_staff_confirm_nobody_whose_own_identity_passes_nowhere(stage: Stage, is_limited: bool) -> None:
    found = claimed_child(stage)
    if is_limited:
        stage.mark(ceiling=Ceiling.NONE)
    else:
        stage.act(withdraw_authorisation, LI.session)
    with pytest.raises(GuardianshipDecided):
        stage.act(decide_relation, decided(found.guardianship_id), by=operator(stage, "qian", OperatorRole.CASES))


def test_of_whom_nothing_passes_freezes_a_ward_and_neither_lifts_it_nor_ends_the_account(stage: Stage) -> None:
    found = registered_child(stage)
    stage.mark(ceiling=Ceiling.NONE)
    stop = StopWard(session_hash=LI.session, ward_id=found.ward_id)
    assert stage.act(freeze_ward, stop).freeze_cause is FreezeCause.GUARDIAN
    with pytest.raises(NothingPasses):
        stage.act(release_ward, stop)
    with pytest.raises(NothingPasses):
        end_account(stage, found.ward_id)


def test_the_guardian_until_now_does_not_decide_a_rivals_claim_and_is_told_of_it(stage: Stage) -> None:
    registered_child(stage)
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    assert stage.topics() == ["ward_news"]
    assert [one.phone for one in stage.messages()] == [LI.phone]
    own = operator(stage, "own", OperatorRole.CASES, person=stage.holder(LI).number_index)
    for holds in (True, False):
        command = DecideRelation(guardianship_id=claim.guardianship_id, holds=holds, words="seen")
        with pytest.raises(AboutOneself):
            stage.act(decide_relation, command, by=own)


def test_who_claims_the_same_ward_decides_neither_the_rivals_claim_nor_the_wards_application(stage: Stage) -> None:
    own = operator(stage, "own", OperatorRole.CASES, person=stage.holder(LI).number_index)
    mine = claimed_child(stage)
    rivals = apply_for_child(applying(stage, WANG), services=stage.services)
    assert (mine.state, rivals.state) == (GuardianshipState.DECLARED, GuardianshipState.DECLARED)
    for holds in (True, False):
        command = DecideRelation(guardianship_id=rivals.guardianship_id, holds=holds, words="seen")
        with pytest.raises(AboutOneself):
            stage.act(decide_relation, command, by=own)
    with pytest.raises(AboutOneself):
        stage.act(lambda act: check_about_another(stored(stage, "own"), mine.ward_id, stored=act.uow))
    command = DecideRelation(guardianship_id=mine.guardianship_id, holds=False, words="unknown")
    stage.act(decide_relation, command, by=operator(stage, "qian", OperatorRole.CASES))
    stage.act(decide_relation, replace(command, guardianship_id=rivals.guardianship_id), by=own)


def test_who_took_the_guardians_number_over_ends_no_account_of_a_child(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = registered_child(stage)
    asked_about: list[str] = []

    def cools(holder_id: str, **_: object) -> None:
        asked_about.append(holder_id)
        raise ContactCooling(retry_after=1)

    monkeypatch.setattr(ending, "check_contact_settled", cools)
    with pytest.raises(ContactCooling):
        end_account(stage, found.ward_id)
    assert asked_about == [stage.holder_id(LI)]
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_a_loss_that_the_guardian_tells_undoes_the_end_of_the_childs_account(stage: Stage) -> None:
    found = registered_child(stage)
    end_account(stage, found.ward_id)
    lost = FreezeHolder(
        holder_id=stage.holder_id(LI), cause=FreezeCause.SELF, channel="page", reason=FreezeReason.ACCOUNT_STOLEN
    )
    stage.act(freeze_holder, lost)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    assert happened(stage, found.ward_id)[0].fact("by") == "loss"


def test_number_and_secret_undo_no_childs_end_and_its_guardian_does(stage: Stage) -> None:
    found = registered_child(stage)
    asked = end_account(stage, found.ward_id)
    assert [one.params.get("what") for one in stage.messages()] == ["deregistration_asked"]
    with pytest.raises(GuardianUndoes):
        stage.act(undo_with_secret, proof(asked))
    with pytest.raises(WardMissing):
        stage.act(undo_ward, WANG.session, found.ward_id)
    assert stage.act(undo_ward, LI.session, found.ward_id).state is HolderState.ACTIVE
    newest = happened(stage, found.ward_id)[0]
    assert (newest.kind.value, newest.fact("guardian")) == ("deregistration_undone", found.guardianship_id)
    with pytest.raises(DeregistrationOver):
        stage.act(undo_ward, LI.session, found.ward_id)
    with pytest.raises(DeregistrationOver):
        stage.act(undo_with_secret, proof(asked))


def test_the_end_of_a_minors_account_is_undone_by_the_minor(stage: Stage) -> None:
    found = confirmed_minor(stage)
    with pytest.raises(WardActsAlone):
        stage.act(undo_ward, LI.session, found.ward_id)


def test_another_guardian_who_is_confirmed_finds_the_account_that_was_leaving(stage: Stage) -> None:
    found = registered_child(stage)
    end_account(stage, found.ward_id)
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    by = operator(stage, "qian", OperatorRole.CASES)
    assert stage.act(decide_relation, decided(claim.guardianship_id), by=by).state is GuardianshipState.ACTIVE
    assert account(stage, found.ward_id).state is HolderState.ACTIVE
    undone = [one for one in happened(stage, found.ward_id) if one.kind.value == "deregistration_undone"]
    assert [one.fact("by") for one in undone] == ["guardian"]


def test_what_is_executed_already_goes_on_also_under_another_guardian(stage: Stage) -> None:
    found = registered_child(stage)
    asked = end_account(stage, found.ward_id)
    claim = apply_for_child(applying(stage, WANG), services=stage.services)
    stage.write(lambda uow: uow.deregistrations.begin(asked.deregistration))
    by = operator(stage, "qian", OperatorRole.CASES)
    stage.act(decide_relation, decided(claim.guardianship_id), by=by)
    assert account(stage, found.ward_id).state is HolderState.DEREGISTERING


def test_the_guardian_is_told_of_a_wards_account_and_not_of_what_the_ward_wrote(stage: Stage) -> None:
    found = registered_child(stage)
    ward = account(stage, found.ward_id)
    for topic in (Topic.TICKET_ANSWERED, Topic.TICKET_AT_STAKE, Topic.TALK_OPENED, Topic.TALK_SETTLED):
        stage.act(tell_holder, ward, topic, {"number": "1"})
    assert stage.topics() == []
    stage.act(tell_holder, ward, Topic.ACCOUNT_FROZEN, {})
    assert stage.topics() == ["ward_news"]
