"""Whatever an application is asked when it is made is asked again in the act that makes the account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import pytest

from eztong.domain.agreements import AgreementKind, ChangeClass
from eztong.domain.errors import AgreementNotAccepted
from eztong.domain.holder import ACCOUNTS_PER_PHONE, HolderState
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.registration import Decision, Footing, Verdict
from eztong.ports.storage.holders import Person as Kept
from eztong.usecases.registration.decide_application import settle
from eztong.usecases.registration.register_identity import register_identity
from eztong.usecases.vault import number_index, open_vault
from tests.simulators.due_work import resume_due_registrations
from tests.unit.usecases.consent import publish, withdraw
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.registration.applying import PENDING, command, decisions, prepare
from tests.unit.usecases.stage import LI, WANG, ZHAO, Person, Stage, invented

_BODY = "81000019900101501"
HONG_KONG = replace(ZHAO, number=_BODY + mod_11_2_digit(_BODY))
KINDS_OF_FOOTING = {
    "has_other_account": "already_registered",
    "has_consent": "agreements_changed",
    "takes_document": "document_not_taken",
    "has_room_on_phone": "phone_full",
}


def fill_phone(stage: Stage) -> None:
    index = stage.holder(ZHAO).phone_index
    for person in (LI, WANG):
        stage.change(person, phone_index=index)


def index_of(stage: Stage) -> bytes:
    return number_index(DocumentType.RESIDENT_ID.value, ZHAO.number, keys=stage.keys)


def have_account(stage: Stage) -> None:
    taken = Kept(number_index=index_of(stage), holder_id=stage.holder_id(LI), generation=b"1", service_ended=False)
    stage.write(lambda uow: uow.holders.save_person(taken))


def end_service(stage: Stage) -> None:
    ended = Kept(number_index=index_of(stage), holder_id=None, generation=b"1", service_ended=True)
    stage.write(lambda uow: uow.holders.save_person(ended))


def replace_agreement(stage: Stage) -> None:
    publish(stage, "2.0", ChangeClass.A)


def take_consent_back(stage: Stage) -> None:
    withdraw(stage, AgreementKind.AUTHORISATION, ZHAO)


MEANWHILE: tuple[tuple[Callable[[Stage], object], HolderState, str, str], ...] = (
    (fill_phone, HolderState.REFUSED, "phone_full", "R17"),
    (have_account, HolderState.REFUSED, "already_registered", "R13"),
    (end_service, HolderState.UNDER_REVIEW, "service_ended_before", "R12"),
    (replace_agreement, HolderState.REFUSED, "agreements_changed", "R15"),
    (take_consent_back, HolderState.REFUSED, "agreements_changed", "R15"),
)


def wait(stage: Stage, person: Person = ZHAO) -> None:
    """Leave an application that the authority has not answered."""
    stage.authority.answer = PENDING
    prepare(stage, person)
    assert register_identity(command(person), services=stage.services).state is HolderState.APPLIED
    stage.authority.answer = None


def resume(stage: Stage) -> None:
    stage.clock.pass_by(minutes=10)
    resume_due_registrations(services=stage.services)


@pytest.mark.parametrize(("happens", "state", "reason", "rule"), MEANWHILE)
def test_what_changes_while_the_application_waits_counts_when_it_is_decided(
    stage: Stage, happens: Callable[[Stage], object], state: HolderState, reason: str, rule: str
) -> None:
    wait(stage)
    happens(stage)
    resume(stage)
    holder = stage.holder(ZHAO)
    assert (holder.state, holder.reason, holder.rules) == (state, reason, rule)
    assert holder.sealed_eid_mark is None
    assert decisions(stage)[0] == (f"registration_{holder.decision}", reason)
    assert "registration_decided" in stage.topics(), "nobody is left to wait for what does not come"


@pytest.mark.parametrize(("happens", "state", "reason", "rule"), MEANWHILE)
def test_what_changes_while_the_authority_is_asked_counts_as_well(
    stage: Stage, happens: Callable[[Stage], object], state: HolderState, reason: str, rule: str
) -> None:
    prepare(stage)
    stage.authority.meanwhile.happens = lambda: happens(stage)
    holder = register_identity(command(), services=stage.services)
    assert (holder.state, holder.reason, holder.rules) == (state, reason, rule)


def test_a_kind_of_document_that_is_no_longer_taken_makes_no_account(stage: Stage) -> None:
    wait(stage, HONG_KONG)
    stage.deploy(accept_hk_macau_taiwan=False)
    resume(stage)
    holder = stage.holder(HONG_KONG)
    assert (holder.state, holder.reason, holder.rules) == (HolderState.REFUSED, "document_not_taken", "R16")


def test_a_kind_of_document_that_is_taken_still_makes_one(stage: Stage) -> None:
    wait(stage, HONG_KONG)
    resume(stage)
    assert stage.holder(HONG_KONG).state is HolderState.ACTIVE


def test_a_notice_of_a_change_costs_no_application(stage: Stage) -> None:
    wait(stage)
    publish(stage, "9.1", ChangeClass.C)
    resume(stage)
    assert stage.holder(ZHAO).state is HolderState.ACTIVE


def test_of_five_that_wait_on_one_phone_two_become_accounts(stage: Stage) -> None:
    people = [replace(invented(40 + one, ZHAO.phone), session=f"waits {one}".encode()) for one in range(5)]
    for person in people:
        stage.clock.pass_by(minutes=2)
        wait(stage, person)
    resume(stage)
    states = [stage.holder(person).state for person in people]
    assert states.count(HolderState.ACTIVE) == ACCOUNTS_PER_PHONE
    refused = [stage.holder(person).reason for person in people if stage.holder(person).state is HolderState.REFUSED]
    assert refused == ["phone_full"] * 3


def test_nothing_is_collected_under_agreements_that_no_longer_count(stage: Stage) -> None:
    prepare(stage)
    replace_agreement(stage)
    before = stage.rows()
    with pytest.raises(AgreementNotAccepted):
        register_identity(command(), services=stage.services)
    assert (stage.holder(ZHAO).state, stage.holder(ZHAO).sealed_number) == (HolderState.DRAFT, None)
    assert (stage.rows(), stage.authority.asked) == (before, [])


# --- whoever settles an application, makes no account without a footing -------------------------------------------


def test_each_footing_is_tried_here() -> None:
    assert set(KINDS_OF_FOOTING) == {one.name for one in fields(Footing)}


@pytest.mark.parametrize("lost", KINDS_OF_FOOTING)
def test_an_approval_by_whomever_is_refused_without_its_footing(stage: Stage, lost: str) -> None:
    wait(stage)
    {
        "has_other_account": have_account,
        "has_consent": replace_agreement,
        "takes_document": lambda _stage: None,
        "has_room_on_phone": fill_phone,
    }[lost](stage)
    holder = stage.holder(ZHAO)
    verdict = stage.act(
        settle,
        holder,
        Decision(verdict=Verdict.APPROVE, reason=None, rules=("R00",)),
        vault=open_vault(holder, keys=stage.keys),
        answer=matched(holder.holder_id),
        takes_document=lost != "takes_document",
    )
    assert verdict is Verdict.REFUSE
    assert stage.holder(ZHAO).reason == KINDS_OF_FOOTING[lost]
