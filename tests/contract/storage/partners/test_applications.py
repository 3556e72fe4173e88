"""Applications of organisations and their steps: they come back, one waits for each partner, and each moves once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.partners.application import (
    ApplicantState,
    ApplicantStep,
    ApplicantStepKind,
    PartnerApplication,
    ReviewItem,
)
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at, in_turn, make, partner_id
from tests.unit.usecases.partners.acts import again, handed_in

ENDED = frozenset({ApplicantState.APPROVED, ApplicantState.REFUSED, ApplicantState.WITHDRAWN, ApplicantState.CLOSED})


def application(
    number: int = 1, *, state: ApplicantState = ApplicantState.APPLIED, of_partner: int = 1
) -> PartnerApplication:
    is_over = state in ENDED
    return PartnerApplication(
        application_id=make("pap", number),
        partner_id=partner_id(of_partner),
        state=state,
        credit_code="91350100M000100Y43",
        wanted=handed_in().wanted,
        sealed_contact=None if state is ApplicantState.CLOSED else b"\x01sealed",
        applied_at=at(number),
        ended_at=at(number + 60) if is_over else None,
    )


@pytest.mark.parametrize("state", ApplicantState)
def test_an_application_comes_back(store: Store, state: ApplicantState) -> None:
    made = application(state=state)
    assert store.write(lambda uow: uow.partner_applications.add(made)).value
    with store.read() as stored:
        assert stored.partner_applications.get(made.application_id) == made
        assert stored.partner_applications.get(make("pap", 9)) is None
        assert list(stored.partner_applications.list(limit=5).those) == [made]


def test_one_waits_for_each_partner_and_those_that_wait_are_found(store: Store) -> None:
    refused, waits = application(1, state=ApplicantState.REFUSED), application(2)
    theirs = application(3, state=ApplicantState.SUPPLEMENT_NEEDED, of_partner=2)
    second = application(4, state=ApplicantState.SUPPLEMENT_NEEDED)
    added = store.write(
        lambda uow: [uow.partner_applications.add(one) for one in (refused, waits, theirs, second)]
    ).value
    assert added == [True, True, True, False]
    with store.read() as stored:
        applications = stored.partner_applications
        assert list(applications.waiting(limit=9).those) == [waits, theirs]
        assert list(applications.waiting(limit=1).those) == [waits]
        assert list(applications.list(limit=2).those) == [theirs, waits]
        assert list(applications.of_partner(partner_id())) == [waits, refused]


def test_it_moves_once_with_what_it_says_now(store: Store) -> None:
    before = application()
    store.write(lambda uow: uow.partner_applications.add(before))
    after = replace(
        before,
        state=ApplicantState.APPROVED,
        credit_code="91330100799655058B",
        wanted=again(handed_in(), name="新").wanted,
        sealed_contact=None,
        ended_at=at(90),
    )
    moves = [store.write(lambda uow: uow.partner_applications.move(after, expected=before.state)).value for _ in "ab"]
    assert moves == [True, False]
    with store.read() as stored:
        assert stored.partner_applications.get(before.application_id) == after


def test_those_that_were_approved_close_with_their_partner(store: Store) -> None:
    approved, refused = application(1, state=ApplicantState.APPROVED), application(2, state=ApplicantState.REFUSED)
    theirs = application(3, state=ApplicantState.APPROVED, of_partner=2)
    store.write(
        in_turn(*[lambda uow, one=one: uow.partner_applications.add(one) for one in (approved, refused, theirs)])
    )
    closings = [store.write(lambda uow: uow.partner_applications.close(partner_id(), now=at(99))).value for _ in "ab"]
    assert closings == [1, 0]
    closed = replace(approved, state=ApplicantState.CLOSED, ended_at=at(99))
    with store.read() as stored:
        assert list(stored.partner_applications.list(limit=9).those) == [theirs, refused, closed]


def test_steps_come_back_in_their_order(store: Store) -> None:
    bare = ApplicantStep(
        application_id=make("pap", 1),
        step_id=make("pst", 1),
        kind=ApplicantStepKind.APPLIED,
        operator=None,
        at=at(1),
    )
    full = replace(
        bare,
        step_id=make("pst", 2),
        kind=ApplicantStepKind.APPROVED,
        operator="li.na",
        items=frozenset(ReviewItem),
        reason="looked up",
    )
    store.write(in_turn(*[lambda uow, one=one: uow.partner_applications.add_step(one) for one in (full, bare)]))
    with store.read() as stored:
        assert list(stored.partner_applications.steps(make("pap", 1))) == [bare, full]
        assert list(stored.partner_applications.steps(make("pap", 2))) == []
