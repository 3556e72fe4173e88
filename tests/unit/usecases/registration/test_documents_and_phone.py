"""Two documents accepted in two acts, then a phone proven by a message code, which binds the device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.device import Device, DeviceState
from eztong.domain.access.otp import OtpPurpose
from eztong.domain.agreements import AgreementKind, ChangeClass, commitment
from eztong.domain.canonical_json import parse_document
from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.errors import (
    AgreementChanged,
    AgreementNotAccepted,
    OtpExpired,
    OtpWrong,
    SessionMissing,
    StateConflict,
    TickMissing,
)
from eztong.domain.holder import HolderState, PhoneFull
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.phone import parse_phone
from eztong.usecases.access.message_code import TypedCode
from eztong.usecases.refusal import Refused, accepted
from eztong.usecases.registration.accept_agreements import accept_agreements
from eztong.usecases.registration.confirm_phone import (
    AskForOtp,
    ConfirmOtp,
    confirm_registration_otp,
    send_registration_otp,
)
from eztong.usecases.vault import open_vault, phone_index
from tests.unit.usecases.access.ways import newest_digits, wrong
from tests.unit.usecases.codes.asking import show, state_of
from tests.unit.usecases.consent import newest, publish, withdraw
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, ZHAO, Person, Stage, accepting, asker, confirm

REGISTER = OtpPurpose.REGISTER


def begin(stage: Stage, person: Person = ZHAO) -> HolderId:
    return stage.act(accept_agreements, accepting(stage, person.session))


def ask(stage: Stage, phone: str = ZHAO.phone, session: bytes = ZHAO.session) -> TypedCode:
    """Ask for the message code; return it as it came, typed."""
    command = AskForOtp(asker=asker(session), phone=parse_phone(phone), language="zh-CN")
    sent = stage.act(send_registration_otp, command)
    return TypedCode(session_hash=session, slip=sent.challenge_id, digits=newest_digits(stage))


def type_in(stage: Stage, code: TypedCode, label: str = "Phone") -> Device | Refused:
    return stage.act(confirm_registration_otp, ConfirmOtp(code=code, device_label=label))


# --- documents ----------------------------------------------------------------------------------------------------


def test_accepting_opens_an_application_with_a_record_for_each_document(stage: Stage) -> None:
    holder_id = begin(stage)
    holder, session = stage.holder(ZHAO), stage.session(ZHAO.session)
    assert (holder.holder_id, holder.state, holder.created_at) == (holder_id, HolderState.DRAFT, START)
    records = {kind: newest(stage, kind, ZHAO) for kind in AgreementKind}
    assert holder.service_acceptance == records[AgreementKind.SERVICE].acceptance_id
    assert holder.authorisation_acceptance == records[AgreementKind.AUTHORISATION].acceptance_id
    assert (session.holder_id, session.device_id, session.unlocked_until) == (holder_id, None, None)
    assert (session.expires_at - START).days == 30


def test_a_record_names_the_exact_text_and_seals_where_it_was_accepted(stage: Stage) -> None:
    begin(stage)
    record = newest(stage, AgreementKind.SERVICE, ZHAO)
    shown = stage.read(lambda stored: stored.agreements.in_force(AgreementKind.SERVICE, "zh-CN"))
    assert shown is not None
    assert (record.text_hash, record.title, record.version) == (shown.text_hash, shown.title, shown.version)
    assert record.act == "逐份勾选文件，然后按下：申请并同意授权"
    assert (record.shown_at, record.accepted_at, record.withdrawn_at) == (START, START, None)
    vault = open_vault(stage.holder(ZHAO), keys=stage.keys)
    opened = vault.open(record.acceptance_id, record.sealed_context, table="acceptances")
    assert opened == b"192.0.2.7 browser"


def test_the_evidence_of_an_acceptance_names_nobody(stage: Stage) -> None:
    holder_id = begin(stage)
    record = newest(stage, AgreementKind.SERVICE, ZHAO)
    leaf = stage.read(lambda stored: stored.agreements.acceptance_leaf(holder_id, record.acceptance_id))
    assert leaf is not None
    document = parse_document(leaf[0])
    assert document["holder"] == commitment(salt=record.salt, holder_id=holder_id)
    assert holder_id.encode() not in leaf[0]
    assert {newest(stage, kind, ZHAO).salt for kind in AgreementKind} != {record.salt}


def test_pressing_twice_gives_the_same_application_and_no_further_record(stage: Stage) -> None:
    first = begin(stage)
    before = stage.rows()
    assert begin(stage) == first
    assert stage.rows() == before


@pytest.mark.parametrize("kind", AgreementKind)
def test_without_its_tick_or_with_another_text_nothing_is_recorded(stage: Stage, kind: AgreementKind) -> None:
    command, before = accepting(stage, ZHAO.session), stage.rows()
    with pytest.raises(TickMissing):
        stage.act(accept_agreements, replace(command, ticked=frozenset(AgreementKind) - {kind}))
    with pytest.raises(AgreementChanged):
        stage.act(accept_agreements, replace(command, shown_hashes={**command.shown_hashes, kind: "0" * 64}))
    with pytest.raises(AgreementChanged):
        stage.act(accept_agreements, replace(command, shown_hashes={}))
    assert stage.rows() == before


def test_a_language_without_documents_accepts_nothing(stage: Stage) -> None:
    before = stage.rows()
    with pytest.raises(AgreementNotAccepted):
        stage.act(accept_agreements, replace(accepting(stage, ZHAO.session), language="fr"))
    assert stage.rows() == before


def test_english_is_accepted_in_english(stage: Stage) -> None:
    stage.act(accept_agreements, accepting(stage, ZHAO.session, language="en"))
    record = newest(stage, AgreementKind.AUTHORISATION, ZHAO)
    assert (record.language, record.act) == ("en", "ticked each document, then pressed: apply and agree to authorise")


def test_a_newer_version_is_accepted_for_the_existing_account_and_ends_codes_from_before(stage: Stage) -> None:
    shown, before = show(stage), stage.holder()
    publish(stage, "9.0", ChangeClass.B)
    assert begin(stage, LI) == before.holder_id
    after, record = stage.holder(), newest(stage, AgreementKind.SERVICE)
    assert record.version == "9.0"
    assert after.service_acceptance == record.acceptance_id != before.service_acceptance
    assert after.authorisation_acceptance == before.authorisation_acceptance
    assert (after.state, state_of(stage, shown)) == (HolderState.ACTIVE, CodeState.CANCELLED)


def test_what_was_withdrawn_can_be_accepted_again(stage: Stage) -> None:
    withdraw(stage)
    stage.clock.pass_by(milliseconds=1)
    before = stage.rows()["acceptances"]
    begin(stage, LI)
    assert stage.rows()["acceptances"] == before + 1


def test_accepting_what_is_accepted_already_ends_no_code(stage: Stage) -> None:
    shown = show(stage)
    begin(stage, LI)
    assert state_of(stage, shown) is CodeState.ISSUED


def test_a_session_that_ended_accepts_nothing_for_its_account(stage: Stage) -> None:
    session = replace(stage.session(), revoked_at=START)
    stage.write(lambda uow: uow.sessions.update(session))
    before = stage.rows()
    with pytest.raises(SessionMissing):
        begin(stage, LI)
    assert stage.rows() == before


# --- phone --------------------------------------------------------------------------------------------------------


def test_the_right_digits_bind_this_device_to_the_application(stage: Stage) -> None:
    begin(stage)
    code = ask(stage)
    device = type_in(stage, code, "Chrome on Android " + "x" * 60)
    assert device == stage.device(ZHAO)
    assert isinstance(device, Device)
    assert (device.state, device.is_primary, device.bound_at) == (DeviceState.BOUND, True, START)
    assert device.label == ("Chrome on Android " + "x" * 60)[:60]
    index = phone_index(ZHAO.phone, keys=stage.keys)
    session, holder = stage.session(ZHAO.session), stage.holder(ZHAO)
    assert (session.device_id, session.phone_index) == (device.device_id, index)
    assert holder.phone_index == index
    assert holder.sealed_phone is not None
    assert open_vault(holder, keys=stage.keys).open("sealed_phone", holder.sealed_phone) == ZHAO.phone.encode()


def test_no_phone_is_asked_for_before_the_documents_or_after_it_was_proven(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        ask(stage)
    begin(stage)
    confirm(stage, ZHAO)
    with pytest.raises(StateConflict):
        ask(stage, "13900000009")
    with pytest.raises(StateConflict):
        ask(stage, session=LI.session)


def test_wrong_digits_are_counted_and_bind_nothing(stage: Stage) -> None:
    begin(stage)
    code = ask(stage)
    refusal = type_in(stage, replace(code, digits=wrong(code.digits)))
    with pytest.raises(OtpWrong):
        accepted(refusal)
    assert stage.session(ZHAO.session).device_id is None
    assert accepted(type_in(stage, code)) == stage.device(ZHAO)


def test_after_another_phone_was_named_the_earlier_code_is_worth_nothing(stage: Stage) -> None:
    begin(stage)
    first = ask(stage)
    stage.clock.pass_by(seconds=1)
    second = ask(stage, "13900000009")
    with pytest.raises(OtpExpired):
        type_in(stage, first)
    type_in(stage, second)
    assert stage.holder(ZHAO).phone_index == phone_index("13900000009", keys=stage.keys)


def test_a_code_for_another_phone_than_the_one_on_file_binds_nothing(stage: Stage) -> None:
    begin(stage)
    code = ask(stage)
    stage.change(ZHAO, phone_index=phone_index("13900000009", keys=stage.keys))
    with pytest.raises(OtpExpired):
        type_in(stage, code)
    assert stage.session(ZHAO.session).device_id is None


def test_a_third_account_finds_no_room_on_a_phone_and_the_code_is_used_up(stage: Stage) -> None:
    stage.change(WANG, phone_index=stage.holder().phone_index)
    begin(stage)
    code = ask(stage, LI.phone)
    with pytest.raises(PhoneFull):
        accepted(type_in(stage, code))
    with pytest.raises(OtpExpired):
        type_in(stage, code)


def test_accounts_that_ended_leave_room_on_a_phone(stage: Stage) -> None:
    stage.change(WANG, phone_index=stage.holder().phone_index, state=HolderState.DEREGISTERED)
    begin(stage)
    assert isinstance(type_in(stage, ask(stage, LI.phone)), Device)
