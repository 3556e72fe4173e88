"""Consent is whole when both documents are accepted in a version that counts, and the partner is not switched off."""

from __future__ import annotations

import pytest

from eztong.domain.agreements import AgreementKind, ChangeClass
from eztong.domain.errors import AgreementNotAccepted
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.requests.request import PartnerSwitchedOff
from eztong.usecases.agreements.check_consent import check_allowed, check_consent
from tests.unit.usecases.consent import publish, withdraw
from tests.unit.usecases.stage import WANG, Stage

HOTEL, LIBRARY = PartnerId("hotel"), PartnerId("library")


def test_who_accepted_both_documents_consents_by_the_authorisation(stage: Stage) -> None:
    assert stage.act(check_consent, stage.holder_id()) == stage.holder().authorisation_acceptance
    stage.act(check_allowed, stage.holder_id(), HOTEL)


@pytest.mark.parametrize("kind", AgreementKind)
def test_a_withdrawal_of_either_document_ends_consent_for_this_holder_alone(stage: Stage, kind: AgreementKind) -> None:
    withdraw(stage, kind)
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_consent, stage.holder_id())
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_allowed, stage.holder_id(), HOTEL)
    assert stage.act(check_consent, stage.holder_id(WANG)) == stage.holder(WANG).authorisation_acceptance


@pytest.mark.parametrize("kind", AgreementKind)
@pytest.mark.parametrize("change", [ChangeClass.A, ChangeClass.B])
def test_a_version_that_asks_for_an_act_ends_the_consent_before_it(
    stage: Stage, kind: AgreementKind, change: ChangeClass
) -> None:
    publish(stage, "9.0", change, kind)
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_consent, stage.holder_id())


def test_a_version_that_is_a_notice_only_carries_the_consent_on(stage: Stage) -> None:
    publish(stage, "9.0", ChangeClass.C)
    assert stage.act(check_consent, stage.holder_id()) == stage.holder().authorisation_acceptance


def test_nobody_consents_to_nothing(stage: Stage) -> None:
    nobody = HolderId(f"hld_{1:026d}")
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_consent, nobody)
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_allowed, nobody, HOTEL)


def test_a_switch_that_is_off_refuses_that_partner_alone_until_it_is_on_again(stage: Stage) -> None:
    holder_id = stage.holder_id()
    stage.act(check_allowed, holder_id, HOTEL)
    stage.write(lambda uow: uow.grants.set_switch(holder_id, HOTEL, on=False, now=stage.clock.now()))
    with pytest.raises(PartnerSwitchedOff):
        stage.act(check_allowed, holder_id, HOTEL)
    stage.act(check_allowed, holder_id, LIBRARY)
    stage.act(check_allowed, stage.holder_id(WANG), HOTEL)
    stage.write(lambda uow: uow.grants.set_switch(holder_id, HOTEL, on=True, now=stage.clock.now()))
    stage.act(check_allowed, holder_id, HOTEL)


def test_a_missing_consent_counts_before_the_switch(stage: Stage) -> None:
    holder_id = stage.holder_id()
    withdraw(stage)
    stage.write(lambda uow: uow.grants.set_switch(holder_id, HOTEL, on=False, now=stage.clock.now()))
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_allowed, holder_id, HOTEL)
