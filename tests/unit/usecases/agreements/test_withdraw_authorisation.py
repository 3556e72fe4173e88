"""Withdrawing the authorisation: one press on the bound device, at once and everywhere, on record and provable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.access.device import DeviceState
from eztong.domain.agreements import AgreementKind
from eztong.domain.canonical_json import parse_document
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, CodeState
from eztong.domain.errors import AgreementNotAccepted, DeviceNotBound, Locked, SessionMissing
from eztong.domain.evidence.attested_act import act_commitment
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.grants import GrantState
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.notices import Topic
from eztong.usecases.agreements.check_consent import check_consent
from eztong.usecases.agreements.withdraw_authorisation import live_authorisation, withdraw_authorisation
from eztong.usecases.codes.issue_code import IssueCode, issue_code
from eztong.usecases.codes.read_proof import act_receipt
from eztong.usecases.registration.accept_agreements import accept_agreements
from tests.unit.usecases.codes.asking import grant
from tests.unit.usecases.consent import newest
from tests.unit.usecases.stage import LI, WANG, Stage, accepting


def accept_again(stage: Stage) -> None:
    stage.act(accept_agreements, accepting(stage, LI.session))


def unbind(stage: Stage) -> None:
    device = stage.device()
    stage.write(lambda uow: uow.devices.set_state(device.holder_id, device.device_id, DeviceState.UNBOUND))


def test_a_withdrawal_marks_the_authorisation_alone_and_ends_codes_and_grants(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18)
    code = stage.act(issue_code, IssueCode(session_hash=LI.session, channel=Channel.SPOKEN))
    signed = newest(stage, AgreementKind.AUTHORISATION)
    now = stage.clock.pass_by(seconds=3)
    assert stage.act(withdraw_authorisation, LI.session) is not None
    assert newest(stage, AgreementKind.AUTHORISATION) == replace(signed, withdrawn_at=now)
    assert newest(stage, AgreementKind.SERVICE).withdrawn_at is None
    assert newest(stage, AgreementKind.AUTHORISATION, WANG).withdrawn_at is None
    kept = stage.read(lambda stored: stored.codes.get(code.code_id))
    assert kept is not None
    assert kept.state is CodeState.CANCELLED
    (ended,) = stage.read(lambda stored: stored.grants.of_holder(given.holder_id))
    assert ended.state is GrantState.WITHDRAWN
    assert stage.holder().state is HolderState.ACTIVE
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_consent, stage.holder_id())
    (event,) = [one for one in stage.events() if one.kind == "authorisation_withdrawn"]
    assert event.detail == f"acceptance={signed.acceptance_id} codes_cancelled=1 grants_ended=1"
    assert stage.topics() == [Topic.AUTHORISATION_WITHDRAWN]


def test_the_withdrawal_is_a_leaf_that_names_no_person_and_can_be_handed_out(stage: Stage) -> None:
    signed = newest(stage, AgreementKind.AUTHORISATION)
    act = stage.act(withdraw_authorisation, LI.session)
    assert act is not None
    leaf = stage.read(lambda stored: stored.acts.leaf(stage.holder_id(), act.act_id))
    assert leaf is not None
    document, batch_id, index = leaf
    leaves = stage.read(lambda stored: stored.batches.leaves(batch_id))
    assert leaves[index] == leaf_hash(document)
    said = parse_document(document)
    assert said["holder"] == act_commitment("holder", stage.holder_id(), salt=act.salt)
    assert said["subject"] == act_commitment("subject", signed.acceptance_id, salt=act.salt)
    assert said["facts"] == {
        "agreement": "authorisation",
        "version": signed.version,
        "text_hash": signed.text_hash,
    }
    assert stage.holder_id().encode() not in document
    proof = stage.read(lambda stored: act_receipt(stage.holder_id(), act.act_id, stored=stored))
    assert proof["document"] == said


def test_twice_is_the_same_as_once(stage: Stage) -> None:
    stage.act(withdraw_authorisation, LI.session)
    before = stage.rows()
    assert stage.act(withdraw_authorisation, LI.session) is None
    assert stage.rows() == before


def test_it_takes_the_bound_device_and_no_unlock(stage: Stage) -> None:
    with pytest.raises(SessionMissing):
        stage.act(withdraw_authorisation, b"nobody's")
    stage.lock()
    assert stage.act(withdraw_authorisation, LI.session) is not None


def test_a_device_that_is_not_bound_any_more_withdraws_nothing(stage: Stage) -> None:
    unbind(stage)
    with pytest.raises(DeviceNotBound):
        stage.act(withdraw_authorisation, LI.session)
    assert stage.read(lambda stored: live_authorisation(stage.holder_id(), stored=stored)) is not None


def test_an_account_that_is_frozen_by_the_operator_withdraws_too(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.OPERATOR)
    assert stage.act(withdraw_authorisation, LI.session) is not None
    assert stage.holder().freeze_cause is FreezeCause.OPERATOR


def test_agreeing_again_takes_a_fresh_unlock_and_brings_back_no_grant(stage: Stage) -> None:
    given = grant(stage, Claim.AGE_OVER_18)
    stage.act(withdraw_authorisation, LI.session)
    stage.lock()
    with pytest.raises(Locked):
        accept_again(stage)
    with pytest.raises(AgreementNotAccepted):
        stage.act(check_consent, stage.holder_id())
    stage.unlock()
    accept_again(stage)
    assert stage.act(check_consent, stage.holder_id()) == newest(stage, AgreementKind.AUTHORISATION).acceptance_id
    (ended,) = stage.read(lambda stored: stored.grants.of_holder(given.holder_id))
    assert ended.state is GrantState.WITHDRAWN


def test_a_session_without_its_device_agrees_to_nothing_in_the_holders_place(stage: Stage) -> None:
    stage.act(withdraw_authorisation, LI.session)
    unbind(stage)
    with pytest.raises(DeviceNotBound):
        accept_again(stage)


def test_nobody_reads_the_proof_of_another_holder(stage: Stage) -> None:
    act = stage.act(withdraw_authorisation, LI.session)
    assert act is not None
    assert stage.read(lambda stored: stored.acts.leaf(stage.holder_id(WANG), act.act_id)) is None
