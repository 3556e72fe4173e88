"""Partners and their applications: whatever is tried in whatever order, they stand where their machines allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.application import (
    ApplicantState,
    ApplicantStepKind,
    PartnerApplication,
    PartnerApplicationEnded,
    stepped,
)
from eztong.domain.partners.life_cycle import PartnerMove, PartnerStateConflict, moved
from eztong.domain.partners.partner import Partner, PartnerStage, PartnerState
from tests.unit.usecases.partners.acts import handed_in

NOW = datetime(2026, 3, 2, tzinfo=UTC)
APPLIED = Partner(
    partner_id=PartnerId("bank"),
    name="b",
    name_en="b",
    sector_id="s",
    state=PartnerState.APPLIED,
    created_at=NOW,
    stage=PartnerStage.SANDBOX,
)
HANDED_IN = PartnerApplication(
    application_id="pap_1",
    partner_id=PartnerId("bank"),
    state=ApplicantState.APPLIED,
    credit_code="91350100M000100Y43",
    wanted=handed_in().wanted,
    sealed_contact=b"sealed",
    applied_at=NOW,
)
STEPS = [kind for kind in ApplicantStepKind if kind is not ApplicantStepKind.APPLIED]


@given(st.lists(st.sampled_from(PartnerMove), max_size=20))
def test_a_partner_gets_answers_between_approval_and_suspension_only_and_a_closed_one_never(
    moves: list[PartnerMove],
) -> None:
    partner, done = APPLIED, list[PartnerMove]()
    for move in moves:
        before = partner
        try:
            partner = moved(partner, move)
        except PartnerStateConflict:
            assert partner == before
            continue
        done.append(move)
        assert before.state is not PartnerState.CLOSED
        assert replace(partner, state=before.state, stage=before.stage) == before
    if partner.state is PartnerState.APPROVED:
        assert PartnerMove.APPROVE in done
        assert PartnerMove.CLOSE not in done
        assert done.count(PartnerMove.SUSPEND) == done.count(PartnerMove.RESUME)
    if partner.state is PartnerState.SUSPENDED:
        assert done.count(PartnerMove.SUSPEND) == done.count(PartnerMove.RESUME) + 1
    assert (partner.state is PartnerState.CLOSED) == (PartnerMove.CLOSE in done)
    assert (partner.stage is PartnerStage.LIVE) == (PartnerMove.GO_LIVE in done)
    assert done.count(PartnerMove.GO_LIVE) <= 1


@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_an_application_is_decided_once_and_only_what_waits_moves(kinds: list[ApplicantStepKind]) -> None:
    application, now = HANDED_IN, NOW
    for kind in kinds:
        now += timedelta(hours=1)
        before = application
        try:
            application = stepped(application, kind, now=now)
        except PartnerApplicationEnded:
            assert application == before
            continue
        assert before.ended_at is None
        assert (application.ended_at is None) == (
            application.state in {ApplicantState.APPLIED, ApplicantState.SUPPLEMENT_NEEDED}
        )


def test_an_application_is_not_handed_in_twice() -> None:
    with pytest.raises(KeyError):
        stepped(HANDED_IN, ApplicantStepKind.APPLIED, now=NOW)
