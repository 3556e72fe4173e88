"""Nobody leaves a case by leaving the service: who comes back meets a person, who decides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.canonical_json import parse_document
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.registration import StepKind
from eztong.usecases.registration.review_application import ReviewApplication, review_application
from eztong.usecases.vault import ended_index
from tests.unit.usecases.deregistration.leaving import leave, now_of
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, Stage, register


@pytest.mark.parametrize("cause", [FreezeCause.OPERATOR, FreezeCause.RISK])
def test_whoever_leaves_in_the_middle_of_a_case_meets_a_person_when_they_come_back(
    stage: Stage, cause: FreezeCause
) -> None:
    before = stage.holder()
    stage.write(lambda uow: uow.holders.update(before.frozen(cause)))
    asked = leave(stage)
    index = ended_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys)
    kept = stage.read(lambda stored: stored.holders.person(index))
    assert kept is not None
    assert (kept.has_open_case, kept.service_ended, kept.left_at) == (True, False, stage.clock.now())
    assert kept.generation != before.generation
    document = parse_document(now_of(stage, asked).receipt or b"")
    assert {"open_case"} == {one["what"] for one in document["kept"]} & {"open_case", "termination"}
    again = replace(LI, session=b"another browser")
    holder = register(stage, again)
    assert (holder.state, holder.reason, holder.rules) == (HolderState.UNDER_REVIEW, "manual_review", "R18")
    command = ReviewApplication(holder_id=holder.holder_id, kind=StepKind.APPROVE, words="looked at")
    review_application(command, by=operator(stage), services=stage.services)
    assert stage.holder(again).state is HolderState.ACTIVE
    assert stage.holder(again).generation != before.generation
    assert stage.read(lambda stored: stored.holders.person(index)) is None


def test_whoever_leaves_frozen_by_themselves_leaves_no_row(stage: Stage) -> None:
    stage.write(lambda uow: uow.holders.update(stage.holder().frozen(FreezeCause.SELF)))
    leave(stage)
    index = ended_index(DocumentType.RESIDENT_ID.value, LI.number, keys=stage.keys)
    assert stage.read(lambda stored: stored.holders.person(index)) is None
