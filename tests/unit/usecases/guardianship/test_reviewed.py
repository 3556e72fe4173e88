"""A person who approves an application of somebody under age makes no account without a guardian."""

from __future__ import annotations

from eztong.domain.guardianship.guardianship import GuardianshipState
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.registration import StepKind, Verdict
from eztong.usecases.guardianship.apply_for_child import apply_for_child
from eztong.usecases.guardianship.confirm_ward import confirm_ward
from eztong.usecases.guardianship.leave_ward import LeaveWard, leave_ward
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from tests.unit.usecases.guardianship.family import (
    account,
    applying,
    confirming,
    guardianship,
    invite,
    run_registrations,
    waiting_minor,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage


def look(stage: Stage, ward_id: HolderId) -> None:
    """Let the application come before a person, and the guardian give up while it waits there."""
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.NEEDS_HUMAN, reference="r", detail_code="N")
    run_registrations(stage)
    stage.authority.answer = None
    assert account(stage, ward_id).state is HolderState.UNDER_REVIEW
    stage.act(leave_ward, LeaveWard(session_hash=LI.session, ward_id=ward_id, understood=True))


def approve(stage: Stage, ward_id: HolderId, name: str) -> Verdict:
    by = operator(stage, name, OperatorRole.CASES)
    command = ReviewApplication(holder_id=ward_id, kind=StepKind.APPROVE, words="seen")
    return review_application(command, by=by, services=stage.services)


def test_a_minor_whose_guardian_left_meanwhile_waits_for_another_one(stage: Stage) -> None:
    waiting_minor(stage)
    found = confirm_ward(confirming(invite(stage)), services=stage.services)
    look(stage, found.ward_id)
    assert approve(stage, found.ward_id, "qian") is Verdict.SUPPLEMENT
    ward = account(stage, found.ward_id)
    assert (ward.state, ward.reason) == (HolderState.SUPPLEMENT_NEEDED, "guardian_must_confirm")
    stage.unlock(LI)
    again = confirm_ward(confirming(invite(stage)), services=stage.services)
    run_registrations(stage)
    assert (again.state, account(stage, found.ward_id).state) == (GuardianshipState.ACTIVE, HolderState.ACTIVE)


def test_of_a_child_whose_guardian_left_meanwhile_nothing_is_kept(stage: Stage) -> None:
    found = apply_for_child(applying(stage), services=stage.services)
    look(stage, found.ward_id)
    assert guardianship(stage, found.guardianship_id).state is GuardianshipState.ENDED
    assert approve(stage, found.ward_id, "qian") is Verdict.SUPPLEMENT
    assert account(stage, found.ward_id).number_index is None
    assert stage.select("SELECT count(*) FROM application_steps") == [(0,)]
