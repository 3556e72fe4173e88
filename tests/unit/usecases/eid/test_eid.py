"""Eid flows: opened with sealed settings, answered by the holder, read by the merchant for three days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.eid.eid_flow import (
    EidCode,
    EidTokenExpired,
    EidTokenUnknown,
    ExpectedPerson,
    FlowSettings,
    Recipient,
)
from eztong.domain.eid.encrypted_input import InputUnreadable
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.input_session import FAILURES_TO_LOCK, LOCK_WINDOW
from eztong.domain.eid.intention import Intention, IntentionMode, IntentionNotConfirmed, passing_answers
from eztong.domain.eid.live_person import LivePersonFinding
from eztong.domain.errors import NotFound, PartnerSuspended, SceneNotAllowed, StateConflict
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import PartnerId, RequestId
from eztong.domain.merchants.merchant import MerchantOptions
from eztong.domain.partners.partner import PartnerState
from eztong.domain.requests.request import RequestState
from eztong.gm.sm2 import PrivateKey
from eztong.ports.act import SYSTEM
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.eid.answer_eid_flow import AnswerEidFlow, answer_any_request, answer_eid_flow, is_guarded
from eztong.usecases.eid.claim_input_session import ClaimInputSession, claim_input_session
from eztong.usecases.eid.flow_settings_form import parse_settings, render_settings
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow, OpenEidFlow, open_eid_flow, open_settings
from eztong.usecases.eid.read_eid_flow import EidResult, read_eid_result, read_eid_status
from eztong.usecases.merchants.register_merchant import RegisterMerchant, register_merchant
from eztong.usecases.refusal import Refused
from eztong.usecases.requests.answer_request import AnswerRequest
from eztong.usecases.requests.open_request import find_by_token
from eztong.usecases.requests.set_request_aside import set_aside
from tests.simulators.due_work import decline_due_refusals
from tests.unit.usecases.contact.acts import wait as wait_for_another_phone
from tests.unit.usecases.fakes import START
from tests.unit.usecases.requests.acts import approving, ask
from tests.unit.usecases.stage import LI, WANG, Stage

HOTEL, LIBRARY = PartnerId("hotel"), PartnerId("library")
PLAIN = FlowSettings()


def opened(stage: Stage, settings: FlowSettings = PLAIN, merchant_id: str = "0EZT1") -> OpenedEidFlow:
    command = OpenEidFlow(partner_id=HOTEL, merchant_id=merchant_id, scene="hotel_check_in", settings=settings)
    return stage.act(open_eid_flow, command)


def found(*codes: EidCode) -> list[LivePersonFinding]:
    return [LivePersonFinding(provider="chosen", code=code) for code in codes]


def answer(
    stage: Stage,
    flow: OpenedEidFlow,
    *looks: EidCode,
    approve: bool = True,
    release: bool = False,
    confirmations: tuple[str, ...] = (),
) -> Answered:
    act = AnswerRequest(
        request=flow.request,
        session_hash=LI.session,
        approve=approve,
        allowed=frozenset({Claim.IS_PERSON}),
        match_number=None,
        environment="sandbox",
    )
    command = AnswerEidFlow(
        answer=act,
        findings=found(*(looks or (EidCode.PASSED,))),
        confirmations=confirmations,
        release_identity=release,
    )
    return stage.act(answer_eid_flow, command)


def read(stage: Stage, flow: OpenedEidFlow, partner_id: PartnerId = HOTEL) -> EidResult:
    return stage.act(read_eid_result, flow.flow.eid_token, partner_id=partner_id)


def status(stage: Stage, flow: OpenedEidFlow, partner_id: PartnerId = HOTEL) -> RequestState:
    return stage.act(read_eid_status, flow.flow.eid_token, partner_id=partner_id)


# --- opened -------------------------------------------------------------------------------------------------------


def test_a_flow_is_a_request_with_sealed_settings(stage: Stage) -> None:
    settings = FlowSettings(extra="room 7", expected=ExpectedPerson(name=LI.name, number=LI.number))
    flow = opened(stage, settings)
    assert open_settings(flow.flow, keys=stage.keys) == settings
    assert LI.number.encode() not in flow.flow.sealed_settings
    assert stage.act(find_by_token, flow.link_token) == flow.request
    assert flow.request.claims == {Claim.IS_PERSON}
    assert stage.read(lambda stored: stored.eid_flows.get(HOTEL, flow.flow.eid_token)) == flow.flow


def test_a_partner_that_may_not_opens_nothing(stage: Stage) -> None:
    command = OpenEidFlow(partner_id=HOTEL, merchant_id="m", scene="library_entry", settings=PLAIN)
    with pytest.raises(SceneNotAllowed):
        stage.act(open_eid_flow, command)
    with pytest.raises(PartnerSuspended):
        stage.act(open_eid_flow, replace(command, partner_id=PartnerId("nobody")))
    stage.write(lambda uow: uow.partners.set_state(HOTEL, PartnerState.SUSPENDED))
    with pytest.raises(PartnerSuspended):
        opened(stage)
    assert stage.rows()["requests"] == 0


def test_settings_that_a_later_version_wrote_are_refused_and_not_guessed() -> None:
    text = render_settings(PLAIN)
    assert parse_settings(text) == PLAIN
    with pytest.raises(StateConflict):
        parse_settings(text.replace(b'"version":1', b'"version":2'))


# --- answered -----------------------------------------------------------------------------------------------------


def test_a_live_holder_passes_and_the_merchant_reads_a_signed_partner_code(stage: Stage) -> None:
    flow = opened(stage)
    made = answer(stage, flow).verification
    assert made.outcome is Outcome.PASSED
    result = read(stage, flow)
    assert (result.code, result.is_finished, len(result.partner_code)) == (EidCode.PASSED, True, 48)
    assert result.flow.ending is not None
    assert result.flow.ending.eid_sign
    assert (result.flow.ending.user_info, result.document_type, result.confirmations) == ("", None, ())
    assert [one.code for one in result.flow.tries] == [EidCode.PASSED]
    assert status(stage, flow) is RequestState.FINISHED


def frozen(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF)


def nothing(_stage: Stage) -> None:
    pass


@pytest.mark.parametrize(
    ("settings", "look", "happened", "code"),
    [
        (PLAIN, EidCode.NOT_LIVE, nothing, EidCode.NOT_LIVE),
        (PLAIN, EidCode.NOT_SAME_PERSON, nothing, EidCode.NOT_SAME_PERSON),
        (PLAIN, EidCode.PASSED, frozen, EidCode.NO_USABLE_IDENTITY),
        (FlowSettings(expected=ExpectedPerson(None, WANG.number)), EidCode.PASSED, nothing, EidCode.NUMBER_DIFFERS),
        (FlowSettings(expected=ExpectedPerson("张三", None)), EidCode.PASSED, nothing, EidCode.NAME_DIFFERS),
        (FlowSettings(expected=ExpectedPerson(None, "1")), EidCode.PASSED, nothing, EidCode.NUMBER_INVALID),
        (FlowSettings(expected=ExpectedPerson("123", None)), EidCode.PASSED, nothing, EidCode.NAME_INVALID),
        (FlowSettings(expected=ExpectedPerson(LI.name, LI.number)), EidCode.PASSED, nothing, EidCode.PASSED),
    ],
)
def test_what_ends_a_flow_is_told_by_its_code(
    stage: Stage, settings: FlowSettings, look: EidCode, happened: Callable[[Stage], None], code: EidCode
) -> None:
    flow = opened(stage, settings)
    happened(stage)
    answer(stage, flow, look)
    result = read(stage, flow)
    assert result.code is code
    assert bool(result.partner_code) is (code is EidCode.PASSED)


def test_an_intention_is_confirmed_step_by_step_or_nothing_is_answered(stage: Stage) -> None:
    intention = Intention(mode=IntentionMode.READ_ALOUD, text="我同意入住")
    flow = opened(stage, FlowSettings(intention=intention))
    with pytest.raises(IntentionNotConfirmed):
        answer(stage, flow)
    assert read(stage, flow).flow.tries == ()
    answer(stage, flow, confirmations=passing_answers(intention))
    result = read(stage, flow)
    assert (result.code, result.confirmations) == (EidCode.PASSED, passing_answers(intention))
    ending = result.flow.ending
    assert ending is not None
    assert ending.confirmed
    assert ending.evidence is not None
    assert "我同意入住".encode() not in ending.evidence


def test_each_look_before_the_last_is_a_try_of_its_own(stage: Stage) -> None:
    flow = opened(stage)
    answer(stage, flow, EidCode.NOT_LIVE, EidCode.PASSED)
    assert [one.code for one in read(stage, flow).flow.tries] == [EidCode.NOT_LIVE, EidCode.PASSED]


def test_a_flow_that_was_set_aside_is_told_like_one_that_was_not_finished(stage: Stage) -> None:
    flow = opened(stage)
    stage.act(set_aside, flow.request, LI.session)
    stage.clock.pass_by(seconds=61)
    assert stage.act(decline_due_refusals).done == 1
    result = read(stage, flow)
    assert (result.code, result.partner_code, result.is_finished) == (EidCode.NOT_FINISHED, "", True)
    assert [one.code for one in result.flow.tries] == [EidCode.NOT_FINISHED]


def test_a_refusal_is_a_flow_that_was_not_finished(stage: Stage) -> None:
    flow = opened(stage)
    assert answer(stage, flow, approve=False).verification.outcome is Outcome.DECLINED
    result = read(stage, flow)
    assert (result.code, result.partner_code) == (EidCode.NOT_FINISHED, "")


def test_whichever_request_is_answered_the_flow_ends_with_it_if_it_has_one(stage: Stage) -> None:
    flow, plain = opened(stage), ask(stage)
    command = AnswerEidFlow(
        answer=approving(plain), findings=found(EidCode.PASSED), confirmations=(), release_identity=False
    )
    assert stage.act(answer_any_request, command).verification.request_id == plain.request_id
    of_flow = replace(approving(flow.request), allowed=frozenset({Claim.IS_PERSON}), match_number=None)
    made = stage.act(answer_any_request, replace(command, answer=of_flow)).verification
    assert (made.outcome, made.request_id) == (Outcome.PASSED, flow.request.request_id)
    assert read(stage, flow).code is EidCode.PASSED


def test_what_is_no_flow_is_not_found(stage: Stage) -> None:
    flow = opened(stage)
    with pytest.raises(NotFound):
        answer(stage, replace(flow, request=replace(flow.request, request_id=RequestId("req_other"))))


@pytest.mark.parametrize(
    ("guarded", "release", "goes"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_name_and_number_go_sealed_to_the_merchant_if_the_holder_and_the_rules_let_them(
    stage: Stage, guarded: bool, release: bool, goes: bool
) -> None:
    options = MerchantOptions(guarded_release=guarded)
    command = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=options)
    merchant = stage.act(register_merchant, command, by=SYSTEM)
    recipient = Recipient(PrivateKey.generate().public_key().to_spki(), PointPrefix.UNCOMPRESSED)
    flow = opened(stage, FlowSettings(recipient=recipient), merchant.merchant_id)
    assert stage.act(is_guarded, flow.flow) is guarded
    answer(stage, flow, release=release)
    result = read(stage, flow)
    assert result.flow.ending is not None
    assert bool(result.flow.ending.des_key) is bool(result.flow.ending.user_info) is goes
    assert result.document_type == (stage.holder().document_type if goes else None)


def test_while_the_phone_is_being_changed_name_and_number_stay_and_nothing_was_answered(stage: Stage) -> None:
    recipient = Recipient(PrivateKey.generate().public_key().to_spki(), PointPrefix.UNCOMPRESSED)
    flow = opened(stage, FlowSettings(recipient=recipient))
    stage.unlock()
    wait_for_another_phone(stage)
    with pytest.raises(ContactCooling):
        answer(stage, flow, release=True)
    assert status(stage, flow) is RequestState.INIT
    # Without name and number it is answered as always.
    answer(stage, flow)
    assert status(stage, flow) is RequestState.FINISHED


# --- read ---------------------------------------------------------------------------------------------------------


def test_a_flow_is_read_by_its_own_partner_for_three_days(stage: Stage) -> None:
    flow = opened(stage)
    assert status(stage, flow) is RequestState.INIT
    for look in (read, status):
        with pytest.raises(EidTokenUnknown):
            look(stage, flow, LIBRARY)
    stage.clock.moment = flow.request.expires_at
    assert status(stage, flow) is RequestState.TIMEOUT
    assert read(stage, flow).code is EidCode.TIMED_OUT
    stage.clock.moment = START + timedelta(days=3)
    for look in (read, status):
        with pytest.raises(EidTokenExpired):
            look(stage, flow)


# --- session keys of integrators ----------------------------------------------------------------------------------


def bring(
    stage: Stage, key: bytes = b"key", *, partner_id: PartnerId = HOTEL, iv: bytes = b"iv", failed: bool = False
) -> Refused | None:
    command = ClaimInputSession(partner_id=partner_id, session_keys=[key], iv=iv, failed=failed)
    return stage.act(claim_input_session, command)


def test_a_session_key_belongs_to_the_account_and_vector_of_its_first_use(stage: Stage) -> None:
    assert bring(stage) is None
    assert bring(stage) is None
    for other in (bring(stage, partner_id=LIBRARY), bring(stage, iv=b"other")):
        assert isinstance(other, Refused)
        assert isinstance(other.error, InputUnreadable)
    assert bring(stage, b"another", partner_id=LIBRARY, iv=b"") is None


def test_an_account_whose_ciphertexts_keep_failing_waits(stage: Stage) -> None:
    for number in range(FAILURES_TO_LOCK):
        bring(stage, f"bad {number}".encode(), failed=True)
    assert isinstance(bring(stage, b"good"), Refused)
    assert bring(stage, b"good", partner_id=LIBRARY) is None
    stage.clock.pass_by(seconds=LOCK_WINDOW.total_seconds() + 1)
    assert bring(stage, b"better") is None
