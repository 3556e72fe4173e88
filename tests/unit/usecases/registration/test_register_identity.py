"""Name and number in, the policy's decision out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.errors import DeviceNotBound, SessionMissing, TooMany
from eztong.domain.holder import HolderState, PhoneFull
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthoritySignal, AuthorityVerdict
from eztong.domain.identity.check_digits import mod_11_2_digit
from eztong.domain.identity.citizen_number import DocumentType, NumberInvalid
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.working_days import WorkCalendar
from eztong.ports.storage.holders import Person as Kept
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.appeal_application import AppealApplication, appeal_application
from eztong.usecases.registration.register_identity import register_identity
from eztong.usecases.vault import number_index, open_vault
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.registration.applying import apply, command, decisions, prepare, queued
from tests.unit.usecases.stage import LI, WANG, ZHAO, Person, Stage, accepting


def aged(years: int) -> Person:
    body = f"110000{2026 - years}0101501"
    return replace(ZHAO, number=body + mod_11_2_digit(body))


def kept_of(stage: Stage, person: Person = ZHAO) -> Kept | None:
    index = number_index(DocumentType.RESIDENT_ID.value, person.number, keys=stage.keys)
    return stage.read(lambda stored: stored.holders.person(index))


# --- decided ------------------------------------------------------------------------------------------------------


def test_a_match_makes_an_account_with_everything_sealed(stage: Stage) -> None:
    holder = apply(stage)
    assert holder == stage.holder(ZHAO)
    assert (holder.state, holder.decision, holder.reason, holder.rules) == (HolderState.ACTIVE, "approve", None, "R00")
    assert (len(holder.generation), holder.authority_reference) == (16, f"ref-{holder.holder_id}")
    vault = open_vault(holder, keys=stage.keys)
    assert vault.open("sealed_number", holder.sealed_number or b"") == ZHAO.number.encode()
    assert vault.open("sealed_name", holder.sealed_name or b"") == ZHAO.name.encode()
    assert vault.open("sealed_eid_mark", holder.sealed_eid_mark or b"") == matched(holder.holder_id).eid_mark


def test_a_new_account_is_kept_by_its_number_counted_written_down_and_told(stage: Stage) -> None:
    holder = apply(stage)
    kept = kept_of(stage)
    assert kept is not None
    assert (kept.holder_id, kept.generation, kept.service_ended) == (holder.holder_id, holder.generation, False)
    assert stage.observer.seen[-1] == ("registration", "approve")
    assert decisions(stage) == [("registration_approve", "")]
    (message,) = stage.messages()
    assert (message.topic.value, message.phone) == ("registration_decided", ZHAO.phone)
    assert message.params == {"decision": "approve"}
    assert queued(stage) is None
    assert stage.authority.asked == [(ZHAO.name, ZHAO.number, holder.holder_id)]


def test_the_authoritys_spelling_of_the_name_is_the_one_on_file(stage: Stage) -> None:
    stage.authority.answer = matched("case", name_on_file="赵䶮")
    holder = apply(stage)
    assert open_vault(holder, keys=stage.keys).open("sealed_name", holder.sealed_name or b"").decode() == "赵䶮"


@pytest.mark.parametrize(
    ("verdict", "state", "reason", "rules"),
    [
        (AuthorityVerdict.MISMATCH, HolderState.REFUSED, "name_number_mismatch", "R20"),
        (AuthorityVerdict.NO_RECORD, HolderState.REFUSED, "no_record", "R21"),
        (AuthorityVerdict.DECEASED, HolderState.REFUSED, "not_eligible", "R22"),
        (AuthorityVerdict.NEEDS_HUMAN, HolderState.UNDER_REVIEW, "name_needs_person", "R23"),
    ],
)
def test_what_is_no_match_makes_no_account(
    stage: Stage, verdict: AuthorityVerdict, state: HolderState, reason: str, rules: str
) -> None:
    stage.authority.answer = AuthorityAnswer(verdict=verdict, reference="case-9", detail_code="A")
    holder = apply(stage)
    assert (holder.state, holder.reason, holder.rules) == (state, reason, rules)
    assert (holder.authority_reference, holder.sealed_eid_mark) == ("case-9", None)
    assert kept_of(stage) is None
    assert stage.topics() == ["registration_decided"]


def test_a_document_out_of_date_makes_a_restricted_account(stage: Stage) -> None:
    stage.authority.answer = replace(matched(), document_valid_until=date(2026, 3, 1))
    holder = apply(stage)
    assert (holder.standing, holder.decision) == ("restricted", "approve_restricted")


def test_a_second_application_of_one_phone_that_would_wait_for_a_person_is_refused(stage: Stage) -> None:
    stage.authority.answer = replace(matched(), signals=frozenset({AuthoritySignal.REVIEW_ADVISED}))
    assert apply(stage).state is HolderState.UNDER_REVIEW
    stage.clock.pass_by(minutes=2)
    holder = apply(stage, replace(ZHAO, session=b"again"))
    assert (holder.state, holder.reason, holder.rules) == (HolderState.REFUSED, "under_review_already", "R14")


def test_a_stranger_who_waits_for_a_person_with_somebodys_number_keeps_nobody_out(stage: Stage) -> None:
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.MISMATCH, reference="case-9", detail_code="A")
    stranger = replace(WANG, number=ZHAO.number, phone="13900000008", session=b"stranger")
    assert apply(stage, stranger).rules == "R20"
    object_to(stage, stranger)
    assert stage.holder(stranger).state is HolderState.UNDER_REVIEW
    stage.authority.answer = replace(matched(), signals=frozenset({AuthoritySignal.REVIEW_ADVISED}))
    assert apply(stage).state is HolderState.UNDER_REVIEW
    other = replace(ZHAO, phone="13900000007", session=b"other phone")
    stage.authority.answer = replace(matched(), signals=frozenset({AuthoritySignal.DEVICE_RISK}))
    assert apply(stage, other).rules == "R30"
    object_to(stage, other)
    assert stage.holder(other).state is HolderState.UNDER_REVIEW
    waiting = stage.read(lambda stored: stored.applications.waiting(limit=9).those)
    assert {one.number_index for one in waiting} == {stage.holder(ZHAO).number_index}
    assert len(waiting) == 3


def object_to(stage: Stage, person: Person) -> None:
    command = AppealApplication(session_hash=person.session, words="look at it")
    stage.act(appeal_application, command, calendar=WorkCalendar())


def test_whoever_has_an_account_gets_no_second_and_is_told_three_times_a_day(stage: Stage) -> None:
    for number in range(4):
        again = replace(LI, phone=f"1390000001{number}", session=f"again {number}".encode())
        holder = apply(stage, again)
        assert (holder.state, holder.reason) == (HolderState.REFUSED, "already_registered")
    assert [one.kind for one in stage.events()] == ["registered_again"] * 4
    told = [one for one in stage.notifier.delivered.values() if one.topic.value == "registered_again"]
    told += [one for one in stage.messages() if one.topic.value == "registered_again"]
    assert [one.phone for one in told] == [LI.phone] * 3


def test_whose_service_was_ended_before_is_looked_at_by_a_person(stage: Stage) -> None:
    index = number_index(DocumentType.RESIDENT_ID.value, ZHAO.number, keys=stage.keys)
    past = Kept(number_index=index, holder_id=None, generation=b"1", service_ended=True)
    stage.write(lambda uow: uow.holders.save_person(past))
    holder = apply(stage)
    assert (holder.state, holder.reason) == (HolderState.UNDER_REVIEW, "service_ended_before")
    assert kept_of(stage) == past


def test_who_comes_back_keeps_the_generation_that_was_kept(stage: Stage) -> None:
    index = number_index(DocumentType.RESIDENT_ID.value, ZHAO.number, keys=stage.keys)
    past = Kept(number_index=index, holder_id=None, generation=b"2", service_ended=False)
    stage.write(lambda uow: uow.holders.save_person(past))
    holder = apply(stage)
    assert (holder.state, holder.generation) == (HolderState.ACTIVE, b"2")
    assert kept_of(stage) == replace(past, holder_id=holder.holder_id)


# --- children -----------------------------------------------------------------------------------------------------


def test_of_a_child_who_applied_alone_only_the_decision_is_left(stage: Stage) -> None:
    holder = apply(stage, aged(10))
    assert (holder.state, holder.reason) == (HolderState.SUPPLEMENT_NEEDED, "guardian_must_apply")
    assert (holder.number_index, holder.phone_index, holder.sealed_name, holder.sealed_phone) == (None,) * 4
    assert (holder.sealed_number, holder.document_type) == (None, None)
    assert stage.session(ZHAO.session).phone_index is None
    assert stage.session(ZHAO.session).device_id is None
    assert stage.read(lambda stored: list(stored.devices.list(holder.holder_id))) == []
    newest = stage.read(lambda stored: stored.sessions.newest_challenge(ZHAO.session, OtpPurpose.REGISTER))
    assert newest is None
    records = stage.read(lambda stored: stored.agreements.acceptances(holder.holder_id))
    assert [one.sealed_context for one in records] == [b"", b""]
    assert stage.authority.asked == []
    assert stage.topics() == []


def test_a_minor_waits_for_the_guardian_and_nobody_asks_the_authority(stage: Stage) -> None:
    holder = apply(stage, aged(15))
    assert (holder.state, holder.reason) == (HolderState.SUPPLEMENT_NEEDED, "guardian_must_confirm")
    assert holder.sealed_number is not None
    assert stage.authority.asked == []
    assert stage.observer.seen[-1] == ("registration", "supplement")


# --- refused at once ----------------------------------------------------------------------------------------------


def test_what_cannot_be_right_is_refused_and_stored_nowhere(stage: Stage) -> None:
    prepare(stage)
    before = stage.rows()
    with pytest.raises(NameInvalid):
        register_identity(replace(command(), name="12345"), services=stage.services)
    with pytest.raises(NumberInvalid):
        register_identity(replace(command(), number="1"), services=stage.services)
    assert (stage.rows(), stage.holder(ZHAO).state) == (before, HolderState.DRAFT)


def test_documents_and_phone_come_first(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        register_identity(command(), services=stage.services)
    stage.act(accept_agreements, accepting(stage, ZHAO.session))
    with pytest.raises(DeviceNotBound):
        register_identity(command(), services=stage.services)
    assert stage.authority.asked == []


def test_a_phone_that_filled_up_meanwhile_is_full(stage: Stage) -> None:
    prepare(stage)
    index = stage.holder(ZHAO).phone_index
    stage.change(LI, phone_index=index)
    stage.change(WANG, phone_index=index)
    with pytest.raises(PhoneFull):
        register_identity(command(), services=stage.services)
    assert stage.holder(ZHAO).state is HolderState.DRAFT


def test_one_phone_tries_ten_numbers_a_day(stage: Stage) -> None:
    stage.authority.answer = AuthorityAnswer(verdict=AuthorityVerdict.MISMATCH, reference="r", detail_code="A")
    for number in range(10):
        stage.clock.pass_by(minutes=2)
        assert apply(stage, replace(ZHAO, session=f"try {number}".encode())).state is HolderState.REFUSED
    last = replace(ZHAO, session=b"one more")
    stage.clock.pass_by(minutes=2)
    prepare(stage, last)
    with pytest.raises(TooMany):
        register_identity(command(last), services=stage.services)
    assert stage.holder(last).state is HolderState.DRAFT
    assert len(stage.authority.asked) == 10
