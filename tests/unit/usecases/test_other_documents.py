"""Whoever registered with a residence permit keeps every right, also when the service takes no more of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.pin import PinWeak
from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.eid.eid_flow import ExpectedPerson
from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import DocumentType, NumberKindOff
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.eid.expected_person import find_difference
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.recovery.recover_account import recover_account
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.register_identity import RegisterIdentity, register_identity
from eztong.usecases.vault import open_vault
from tests.simulators.due_work import resume_due_registrations
from tests.unit.usecases.access.ways import claim, give_pin
from tests.unit.usecases.codes.asking import PERSON_ONLY, answered, asking, grant, show
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.recovery.acts import RECOVER, command
from tests.unit.usecases.registration.applying import PENDING
from tests.unit.usecases.stage import ZHAO, Person, Stage, accepting, confirm, register

KINDS = {
    DocumentType.HK_MACAU_RESIDENCE: "810000199408230021",
    DocumentType.TAIWAN_RESIDENCE: "830000199201300022",
    DocumentType.FOREIGNER_PERMANENT_RESIDENCE: "911124198108030024",
}
kinds = pytest.mark.parametrize("kind", KINDS)


def of(kind: DocumentType) -> Person:
    return replace(ZHAO, number=KINDS[kind])


def registered(stage: Stage, kind: DocumentType) -> Person:
    """Let somebody register with a document of this kind, before the service stops taking them."""
    stage.deploy(accept_hk_macau_taiwan=True, accept_foreigners=True)
    register(stage, of(kind))
    stage.deploy(accept_hk_macau_taiwan=False, accept_foreigners=False)
    return of(kind)


@kinds
def test_a_kind_that_is_not_taken_is_refused_and_by_its_own_switch(stage: Stage, kind: DocumentType) -> None:
    foreign = kind is DocumentType.FOREIGNER_PERMANENT_RESIDENCE
    stage.deploy(accept_hk_macau_taiwan=foreign, accept_foreigners=not foreign)
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    confirm(stage, ZHAO)
    typed = RegisterIdentity(session_hash=ZHAO.session, name=ZHAO.name, number=KINDS[kind])
    with pytest.raises(NumberKindOff):
        stage.act(register_identity, typed)
    stage.deploy(accept_hk_macau_taiwan=not foreign, accept_foreigners=foreign)
    assert stage.act(register_identity, typed).document_type is kind


@kinds
def test_the_age_comes_from_the_number_on_file(stage: Stage, kind: DocumentType) -> None:
    person = registered(stage, kind)
    grant(stage, Claim.AGE_OVER_18, person=person)
    made = answered(stage, asking(stage, show(stage, person).number, wants=PERSON_ONLY | {Claim.AGE_OVER_18}))
    assert made.result is not None
    assert parse_document(made.result)["claims"]["age_over_18"] is True


@kinds
def test_the_digits_of_the_number_and_of_the_birth_date_are_weak_pins(stage: Stage, kind: DocumentType) -> None:
    person = registered(stage, kind)
    for weak in (person.number[8:14], person.number[:6], person.number[-6:]):
        with pytest.raises(PinWeak):
            give_pin(stage, person, weak)


@kinds
def test_known_data_begin_a_recovery_and_a_call_freezes(stage: Stage, kind: DocumentType) -> None:
    person = registered(stage, kind)
    claim(stage, RECOVER, person=person)
    known = TypedIdentity(name=person.name, number=person.number)
    assert stage.act(recover_account, replace(command(stage), typed=known)) is not None
    call = FreezeForHolder(number=person.number, reason=FreezeReason.PAUSE)
    assert freeze_for_holder(call, by=operator(stage), services=stage.services).holder.state is HolderState.FROZEN


@kinds
def test_an_application_that_waits_is_decided_after_its_kind_was_switched_off(stage: Stage, kind: DocumentType) -> None:
    stage.deploy(accept_hk_macau_taiwan=True, accept_foreigners=True)
    stage.authority.answer = PENDING
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    confirm(stage, ZHAO)
    stage.act(register_identity, RegisterIdentity(session_hash=ZHAO.session, name=ZHAO.name, number=KINDS[kind]))
    stage.authority.answer = None
    stage.deploy(accept_hk_macau_taiwan=False, accept_foreigners=False)
    stage.clock.pass_by(seconds=30)
    run = resume_due_registrations(services=stage.services)
    assert (run.done, run.failures) == (1, {})
    holder = stage.holder(of(kind))
    assert (holder.state, holder.reason) == (HolderState.REFUSED, "document_not_taken")
    assert "registration_decided" in stage.topics()


@kinds
def test_a_merchant_that_expects_this_very_person_finds_no_difference(stage: Stage, kind: DocumentType) -> None:
    holder = stage.holder(registered(stage, kind))
    difference = find_difference(
        ExpectedPerson(name=None, number=KINDS[kind]),
        vault=open_vault(holder, keys=stage.keys),
        sealed_number=holder.sealed_number or b"",
        sealed_name=holder.sealed_name or b"",
        today=service_date(stage.clock.now()),
    )
    assert difference is None
