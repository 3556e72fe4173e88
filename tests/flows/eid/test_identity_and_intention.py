"""Name and number leave only by the holder's own switch; an intention is evidence that can be opened."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from eztong.domain.disputes.dispute import LegalRequest
from eztong.domain.disputes.verify_bundle import verify_bundle
from eztong.domain.eid.eid_flow import EidCode, ExpectedPerson, FlowSettings, Recipient
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import (
    NOD_PRESSED,
    Intention,
    IntentionMode,
    IntentionNotConfirmed,
    IntentionQuestion,
    passing_answers,
)
from eztong.domain.evidence.merkle import leaf_hash
from eztong.domain.identifiers import BatchId
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.gm.dangerous import dangerous_sm4_ecb_decrypt
from eztong.gm.sm2 import PrivateKey
from eztong.gm.sm2_encrypt import decrypt, raw_to_der
from eztong.gm.sm3 import sm3
from eztong.usecases.disputes.collect_evidence import collect_for_partner
from eztong.usecases.disputes.give_evidence import AuthorityAsks, give_to_authority
from tests.flows.eid.stage import PARTNER, SCENE, Signing

MERCHANT_KEY = PrivateKey.from_scalar(2**200 + 77)
RECIPIENT = Recipient(MERCHANT_KEY.public_key().to_spki(), PointPrefix.NONE)
READ = Intention(mode=IntentionMode.READ_ALOUD, text="我自愿签署这份合同。")
ASKED = Intention(
    mode=IntentionMode.QUESTIONS,
    questions=(
        IntentionQuestion("您是否自愿签署?", ("是", "同意")),
        IntentionQuestion("合同金额是多少?", ("100元",)),
    ),
)
NODDED = Intention(mode=IntentionMode.NOD, actions=("点头表示同意签署", "点头表示知道金额"))


def test_the_merchant_alone_opens_what_the_holder_released(signing: Signing) -> None:
    opened = signing.open(FlowSettings(recipient=RECIPIENT))
    signing.answer(opened, signing.person("P01"), release=True)
    ending = signing.result(opened).flow.ending
    assert ending is not None
    key = decrypt(MERCHANT_KEY, raw_to_der(base64.b64decode(ending.des_key)))
    text = dangerous_sm4_ecb_decrypt(key, base64.b64decode(ending.user_info))
    assert json.loads(text) == {"name": "测一一", "idtype": "01", "idnum": "11000019900307001X"}


@pytest.mark.parametrize(
    ("settings", "release"), [(FlowSettings(recipient=RECIPIENT), False), (FlowSettings(), True)], ids=["off", "no key"]
)
def test_nothing_is_released_without_both_switch_and_certificate(
    signing: Signing, settings: FlowSettings, *, release: bool
) -> None:
    opened = signing.open(settings)
    signing.answer(opened, signing.person("P01"), release=release)
    ending = signing.result(opened).flow.ending
    assert ending is not None
    assert (ending.des_key, ending.user_info) == ("", "")
    assert ending.eid_sign


def test_a_refusal_releases_nothing_whatever_the_switch_says(signing: Signing) -> None:
    opened = signing.open(FlowSettings(recipient=RECIPIENT))
    signing.answer(opened, signing.person("P01"), approve=False, release=True)
    ending = signing.result(opened).flow.ending
    assert ending is not None
    assert (ending.eid_sign, ending.des_key, ending.user_info) == ("", "", "")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")
def test_openssl_verifies_the_signature_over_the_partner_code(signing: Signing, tmp_path: Path) -> None:
    opened = signing.open()
    signing.answer(opened, signing.person("P01"))
    result = signing.result(opened)
    assert result.flow.ending is not None
    spki = base64.encodebytes(signing.services.keys.published()[-1].public_key.to_spki()).decode()
    (tmp_path / "key.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{spki}-----END PUBLIC KEY-----\n")
    (tmp_path / "sign").write_bytes(base64.b64decode(result.flow.ending.eid_sign))
    (tmp_path / "code").write_text(result.partner_code)

    def verify() -> int:
        key, files = ["-pubin", "-inkey", "key.pem"], ["-sigfile", "sign", "-in", "code"]
        options = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
        command = ["openssl", "pkeyutl", "-verify", *key, *options, *files]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode

    assert verify() == 0
    (tmp_path / "code").write_text(result.partner_code[::-1])
    assert verify() != 0


@pytest.mark.parametrize(
    ("intention", "confirmations"),
    [
        (READ, ("我自愿签署这份合同",)),
        (ASKED, ("同意", "100 元")),
        (NODDED, (NOD_PRESSED, NOD_PRESSED)),
    ],
    ids=["read", "asked", "nodded"],
)
def test_a_confirmed_intention_is_attested_and_can_be_opened(
    signing: Signing, intention: Intention, confirmations: tuple[str, ...]
) -> None:
    opened = signing.open(FlowSettings(intention=intention))
    signing.answer(opened, signing.person("P01"), confirmations=confirmations)
    flow = signing.result(opened).flow
    ending = flow.ending
    assert ending is not None
    assert ending.confirmed
    assert ending.evidence is not None
    assert ending.sealed_confirmations is not None
    place = ("eid_flows", flow.eid_token, "sealed_confirmations")
    opening = msgspec.json.decode(signing.services.keys.open(ending.sealed_confirmations, place=place))
    salt = base64.b64decode(opening["salt"])
    document = json.loads(ending.evidence)
    assert document["answered"] == [sm3(salt + one.encode()).hex() for one in confirmations]
    assert document["shown"] == [sm3(salt + one.encode()).hex() for one in intention.steps]
    with signing.services.store.read() as stored:
        leaves = stored.batches.leaves(BatchId(ending.evidence_batch or ""))
    assert leaves[ending.evidence_leaf or 0] == leaf_hash(ending.evidence)


def test_evidence_of_the_record_holds_the_confirmed_intention_for_the_holders_side_alone(signing: Signing) -> None:
    holder_id = signing.person("P01")
    opened = signing.open(FlowSettings(intention=READ))
    record = signing.answer(opened, holder_id, confirmations=passing_answers(READ)).verification_id
    legal = LegalRequest(document_number="12", legal_basis="54", operator="demo-li", approved_by="demo-wang")
    asks = AuthorityAsks(record_id=record, holder_id=holder_id, partner_id=None, legal=legal)
    keys = {key.key_id: key for key in signing.services.keys.published()}
    verified = verify_bundle(give_to_authority(asks, services=signing.services).file, keys=keys)
    assert verified.proofs["intention"].document["request"] == opened.request.request_id
    with signing.services.store.read() as stored:
        verification = stored.verifications.get(PARTNER, record)
        assert verification is not None
        contents = collect_for_partner(verification, stored=stored, keys=signing.services.keys)
    assert set(contents.parts) == {"record", "result"}


@pytest.mark.parametrize(
    ("intention", "confirmations"),
    [
        (READ, ()),
        (READ, ("我不自愿签署这份合同",)),
        (ASKED, ("同意",)),
        (ASKED, ("同意", "200元")),
        (ASKED, ("不同意", "100元")),
        (NODDED, (NOD_PRESSED,)),
        (NODDED, (NOD_PRESSED, "")),
    ],
)
def test_an_intention_that_is_not_confirmed_answers_nothing_and_can_be_tried_again(
    signing: Signing, intention: Intention, confirmations: tuple[str, ...]
) -> None:
    opened = signing.open(FlowSettings(intention=intention))
    with pytest.raises(IntentionNotConfirmed):
        signing.answer(opened, signing.person("P01"), confirmations=confirmations)
    assert signing.result(opened).code is EidCode.NOT_FINISHED
    right = {
        IntentionMode.READ_ALOUD: (READ.text,),
        IntentionMode.QUESTIONS: ("是", "100元"),
        IntentionMode.NOD: (NOD_PRESSED,) * 2,
    }
    signing.answer(opened, signing.person("P01"), confirmations=right[intention.mode])
    assert signing.result(opened).code is EidCode.PASSED


def test_refusing_needs_no_confirmation(signing: Signing) -> None:
    opened = signing.open(FlowSettings(intention=READ))
    signing.answer(opened, signing.person("P01"), approve=False)
    ending = signing.result(opened).flow.ending
    assert ending is not None
    assert replace(ending, eid_sign="") == ending
    assert (ending.confirmed, ending.evidence) == (False, None)


NAMED = ExpectedPerson("测一一", "11000019900307001X")


@pytest.mark.parametrize(
    ("number", "settings", "goes"),
    [
        (1, FlowSettings(recipient=RECIPIENT), False),
        (2, FlowSettings(recipient=RECIPIENT, expected=replace(NAMED, name=None)), False),
        (3, FlowSettings(recipient=RECIPIENT, expected=replace(NAMED, number=None)), False),
        (4, FlowSettings(recipient=RECIPIENT, expected=NAMED), True),
        (5, FlowSettings(recipient=RECIPIENT, intention=NODDED), True),
    ],
    ids=["nobody", "number only", "name only", "person", "intention"],
)
def test_a_guarded_merchant_gets_name_and_number_only_of_whom_it_named_or_for_what_was_confirmed(
    number: int, settings: FlowSettings, signing: Signing, *, goes: bool
) -> None:
    merchant = Merchant(
        merchant_id=f"0GUARDED{number}",
        partner_id=PARTNER,
        scene=SCENE,
        name="示例签约",
        state=MerchantState.ACTIVE,
        options=MerchantOptions(guarded_release=True),
        created_at=signing.services.clock.now(),
    )
    signing.services.store.write(lambda uow: uow.merchants.add(merchant))
    opened = signing.open(settings, merchant_id=merchant.merchant_id)
    confirmations = () if settings.intention is None else passing_answers(settings.intention)
    signing.answer(opened, signing.person("P01"), release=True, confirmations=confirmations)
    found = signing.result(opened)
    assert found.code is EidCode.PASSED
    assert found.flow.ending is not None
    assert bool(found.flow.ending.user_info) is goes
