"""What would become of an application is what becomes of it, and nothing of the try is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.holder import Holder, HolderState
from eztong.domain.operators.operator import OperatorRole, RoleMissing
from eztong.domain.operators.seen import ChangedSinceSeen
from eztong.domain.registration import NotUnderReview, StepKind
from eztong.ports.act import Acting
from eztong.usecases.operators.try_out import try_out
from eztong.usecases.registration.review_application import (
    ReviewApplication,
    decide_without_authority,
    review_application,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.test_reviewed_by_people import appeal, refused, under_review
from tests.unit.usecases.stage import ZHAO, Stage


def command(holder: Holder, kind: StepKind = StepKind.REFUSE) -> ReviewApplication:
    return ReviewApplication(holder_id=holder.holder_id, kind=kind, words="重复申请")


def tried(stage: Stage, holder: Holder, by: Acting) -> object:
    return try_out(by, decide_without_authority, stage.services, command(holder))


def counts(stage: Stage) -> list[tuple[object, ...]]:
    return [*stage.select("SELECT count(*) FROM audit_entries"), *stage.select("SELECT count(*) FROM acts")]


@pytest.mark.parametrize("kind", [StepKind.REFUSE, StepKind.SUPPLEMENT])
def test_what_would_be_done_is_done_afterwards_and_not_before(stage: Stage, kind: StepKind) -> None:
    holder, by = under_review(stage), operator(stage)
    before = counts(stage)
    assert try_out(by, decide_without_authority, stage.services, command(holder, kind)) is None
    assert (stage.holder(ZHAO), counts(stage)) == (holder, before)
    review_application(command(holder, kind), by=by, services=stage.services)
    assert stage.holder(ZHAO).state is not HolderState.UNDER_REVIEW


def test_what_would_be_refused_says_why(stage: Stage) -> None:
    holder = under_review(stage)
    reader = operator(stage, "sun", OperatorRole.AUDIT)
    assert isinstance(tried(stage, holder, reader), RoleMissing)
    by = operator(stage)
    review_application(command(holder), by=by, services=stage.services)
    assert isinstance(tried(stage, holder, by), NotUnderReview)


def test_a_mistake_of_the_program_is_no_refusal(stage: Stage) -> None:
    holder, by = refused(stage), operator(stage)
    with pytest.raises(ValueError, match="authority"):
        try_out(by, decide_without_authority, stage.services, command(holder, StepKind.APPROVE))


def test_what_came_since_it_was_seen_is_looked_at_first(stage: Stage) -> None:
    refused(stage)
    appeal(stage)
    holder, by = stage.holder(ZHAO), operator(stage)
    seen = replace(command(holder), seen_at=stage.clock.now() - timedelta(seconds=1))
    assert isinstance(try_out(by, decide_without_authority, stage.services, seen), ChangedSinceSeen)
    with pytest.raises(ChangedSinceSeen):
        review_application(seen, by=by, services=stage.services)
    now = replace(seen, seen_at=stage.clock.now())
    assert try_out(by, decide_without_authority, stage.services, now) is None
