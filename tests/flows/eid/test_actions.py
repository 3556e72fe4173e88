"""The three actions: what they take, what they answer, field by field."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from eztong.domain.eid.eid_flow import EidCode, EidTokenUnknown, Recipient, comparison_of
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import NOD_PRESSED
from eztong.domain.errors import PartnerSuspended, SceneNotAllowed
from eztong.domain.identifiers import PartnerId
from eztong.gm.sm2 import PrivateKey
from eztong.tencentcloud.actions.eid_actions import FlowMerchant, check_eid_token_status, get_eid_result, get_eid_token
from eztong.tencentcloud.actions.eid_parameters import EidParameterInvalid
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow
from tests.flows.eid.stage import MERCHANT, PARTNER, SCENE, Signing, findings

RECIPIENT = Recipient(PrivateKey.from_scalar(99).public_key().to_spki(), PointPrefix.UNCOMPRESSED)
MERCHANT_OF_FLOW = FlowMerchant(merchant_id=MERCHANT, partner_id=PARTNER, scene=SCENE, recipient=RECIPIENT)
READ = {"UseIntentionVerify": True, "IntentionVerifyText": "我自愿签署。"}
ASK = {
    "UseIntentionVerify": "True",
    "IntentionMode": "2",
    "IntentionQuestions": [{"Question": "是否自愿?", "Answers": ["是", "同意"]}],
}
NOD = {"UseIntentionVerify": True, "IntentionMode": "3", "IntentionActions": [{"Text": "同意请点头"}]}


def ask(signing: Signing, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has it
    """Call GetEidToken."""
    return asyncio.run(get_eid_token(params, merchant=MERCHANT_OF_FLOW, services=signing.services))


def flow_of(signing: Signing, token: str) -> OpenedEidFlow:
    """Return what the token stands for."""
    with signing.services.store.read() as stored:
        flow = stored.eid_flows.find(token)
        assert flow is not None
        request = stored.requests.find(flow.request_id)
        assert request is not None
    return OpenedEidFlow(flow, request, "")


def status(signing: Signing, token: str) -> str:
    """Call CheckEidTokenStatus."""
    return str(check_eid_token_status({"EidToken": token}, partner_id=PARTNER, services=signing.services)["Status"])


def result(signing: Signing, token: str, **params: str) -> dict[str, Any]:
    """Call GetEidResult."""
    return get_eid_result({"EidToken": token} | params, partner_id=PARTNER, services=signing.services)


def answered(signing: Signing, confirmations: tuple[str, ...] = (), **params: Any) -> dict[str, Any]:  # noqa: ANN401
    """Open a flow, approve it as P01, and return the result."""
    token = ask(signing, **params)["EidToken"]
    signing.answer(flow_of(signing, token), signing.person("P01"), confirmations=confirmations, release=True)
    return result(signing, token)


def test_a_flow_from_token_to_result(signing: Signing) -> None:
    extra = " x_y\u00a0é张\\n "
    opened = ask(signing, MerchantId=MERCHANT, Extra=extra, Config={"InputType": "4"}, Name="测一一",
                 IdCard="11000019900307001X")  # fmt: skip
    token = opened["EidToken"]
    assert opened["Url"].startswith(f"{signing.services.deployment.public_url}/r/")
    assert status(signing, token) == "init"
    assert result(signing, token)["Text"]["ErrCode"] == 17
    assert result(signing, token)["EidInfo"] is None
    signing.answer(flow_of(signing, token), signing.person("P01"))
    assert status(signing, token) == "finished"
    answer = result(signing, token)
    text = answer["Text"]
    assert (text["ErrCode"], text["ErrMsg"]) == (0, "成功")
    assert (text["LiveStatus"], text["Comparestatus"], text["LivenessMode"]) == (0, 0, 0)
    assert text["Extra"] == extra
    assert (text["Name"], text["IdCard"], text["Sim"]) == ("", "", "")
    assert set(answer["EidInfo"]) == {"EidCode", "EidSign", "DesKey", "UserInfo"}
    assert (answer["IsVerifyIntention"], answer["IntentionVerifyType"]) == (False, "")


def test_types_are_those_that_typed_clients_read(signing: Signing) -> None:
    text = answered(signing)["Text"]
    assert isinstance(text["Sim"], str)
    assert isinstance(text["ErrCode"], int)
    (detail,) = text["LivenessDetail"]
    assert detail["ReqTime"].isdecimal()
    assert len(detail["ReqTime"]) == 13
    assert detail["IsNeedCharge"] is True
    assert (detail["Errcode"], detail["Livestatus"], detail["Comparestatus"]) == (0, 0, 0)


def test_each_try_is_one_element_and_no_failure_looks_like_a_pass(signing: Signing) -> None:
    token = ask(signing)["EidToken"]
    looks = findings(EidCode.NOT_LIVE, EidCode.NOT_SAME_PERSON)
    signing.answer(flow_of(signing, token), signing.person("P01"), looks=looks)
    text = result(signing, token)["Text"]
    assert [one["Errcode"] for one in text["LivenessDetail"]] == [1002, 2016]
    assert [one["IsNeedCharge"] for one in text["LivenessDetail"]] == [False, True]
    assert (text["ErrCode"], text["LiveStatus"], text["Comparestatus"]) == (2016, 0, 2016)
    assert text["LivenessDetail"][0]["Livestatus"] == 1002
    assert text["LivenessDetail"][0]["Comparestatus"] == 2011, "nothing was compared, and 1002 is no comparison"


@pytest.mark.parametrize(
    ("persona", "released", "kind"), [("P01", True, 0), ("X3", True, 1), ("X4", True, 1), ("X3", False, 0)]
)
def test_the_kind_of_document_is_told_with_the_identity_only(
    signing: Signing, persona: str, kind: int, *, released: bool
) -> None:
    token = ask(signing)["EidToken"]
    signing.answer(flow_of(signing, token), signing.person(persona), release=released)
    answer = result(signing, token)
    assert (answer["Text"]["ErrCode"], answer["Text"]["UseIDType"]) == (0, kind)
    assert bool(answer["EidInfo"]["UserInfo"]) is released


@pytest.mark.parametrize("code", EidCode)
def test_the_comparison_speaks_in_its_own_range(code: EidCode) -> None:
    told = comparison_of(code)
    assert told is EidCode.PASSED if code is EidCode.PASSED else 2001 <= told < 2100
    assert told is code or told is EidCode.NOT_COMPARED


@pytest.mark.parametrize(
    ("config", "confirmations", "part", "fields"),
    [
        (READ, ("我自愿签署",), "IntentionVerifyData", {"ErrorCode": None, "ErrorMessage": "", "AsrResult": ""}),
        (ASK, ("同意",), "IntentionQuestionResult", {"FinalResultDetailCode": None, "FinalResultCode": "",
                                                     "FinalResultMessage": "", "ResultCode": None, "AsrResult": None}),
        (NOD, (NOD_PRESSED,), "IntentionActionResult", {"FinalResultDetailCode": None, "FinalResultMessage": "",
                                                     "Details": None}),
    ],
)  # fmt: skip
def test_an_intention_says_nothing_where_another_step_failed(
    signing: Signing, config: dict[str, Any], confirmations: tuple[str, ...], part: str, fields: dict[str, Any]
) -> None:
    """Who reads only the intention must not take a flow for a pass whose face did not fit."""
    token = ask(signing, MerchantId=MERCHANT, Config=config)["EidToken"]
    looks = findings(EidCode.NOT_SAME_PERSON)
    signing.answer(flow_of(signing, token), signing.person("P01"), looks=looks, confirmations=confirmations)
    answer = result(signing, token)
    assert answer["Text"]["ErrCode"] == 2016
    assert {name: answer[part][name] for name in fields} == fields


@pytest.mark.parametrize(
    ("info_type", "there"),
    [
        ("0", {"Text", "IdCardData", "BestFrame", "IntentionVerifyData", "IntentionQuestionResult",
               "IntentionActionResult"}),
        ("1", {"Text"}),
        ("13", {"Text", "BestFrame"}),
        ("2", {"IdCardData"}),
        ("5", {"IntentionVerifyData"}),
        ("6", {"IntentionQuestionResult", "IntentionActionResult"}),
    ],
)  # fmt: skip
def test_the_info_type_chooses_the_parts(signing: Signing, info_type: str, there: set[str]) -> None:
    answer = result(signing, ask(signing)["EidToken"], InfoType=info_type)
    parts = [name for name, value in answer.items() if isinstance(value, dict)]
    assert set(parts) == there
    assert {"EidInfo", "IsVerifyIntention", "IntentionVerifyType"} <= set(answer)


@pytest.mark.parametrize(
    ("config", "confirmations", "part", "fields"),
    [
        (READ, ("我自愿签署",), "IntentionVerifyData", {"ErrorCode": 0, "AsrResult": "我自愿签署"}),
        (ASK, ("同意",), "IntentionQuestionResult",
         {"FinalResultDetailCode": 0, "FinalResultCode": "0", "ResultCode": ["0"], "AsrResult": ["同意"]}),
        (NOD, ("yes",), "IntentionActionResult", {"FinalResultDetailCode": 0, "FinalResultMessage": "成功"}),
    ],
    ids=["read", "asked", "nodded"],
)  # fmt: skip
def test_an_intention_is_reported_in_its_own_object_only(
    signing: Signing, config: dict[str, Any], confirmations: tuple[str, ...], part: str, fields: dict[str, Any]
) -> None:
    answer = answered(signing, confirmations, Config=config)
    assert answer["IsVerifyIntention"] is True
    assert {name: answer[part][name] for name in fields} == fields
    others = {"IntentionVerifyData", "IntentionQuestionResult", "IntentionActionResult"} - {part}
    for other in others:
        assert not any(answer[other].values())
    code = {"IntentionQuestionResult": "0", "IntentionActionResult": "1", "IntentionVerifyData": "2"}[part]
    assert answer["IntentionVerifyType"] == code


@pytest.mark.parametrize(
    "params",
    [
        {"Extra": "x" * 1025},
        {"IdCard": "1" * 33},
        {"IdCard": "11000019900307001x;"},
        {"Name": "测" * 33},
        {"Config": {"InputType": "5"}},
        {"Config": {"InputType": "4"}},
        {"Config": {"InputType": 1}},
        {"Config": "no"},
        {"Config": {"UseIntentionVerify": "maybe"}},
        {"Config": {"UseIntentionVerify": True}},
        {"Config": READ | {"IntentionVerifyText": "读" * 121}},
        {"Config": READ | {"IntentionMode": "4"}},
        {"Config": ASK | {"IntentionQuestions": []}},
        {"Config": ASK | {"IntentionQuestions": [{"Question": "是?", "Answers": []}]}},
        {"Config": ASK | {"IntentionQuestions": [{"Question": "是?", "Answers": ["十个字以上的一个回答啊"]}]}},
        {"Config": ASK | {"IntentionQuestions": [{"Answers": ["是"]}]}},
        {"Config": NOD | {"IntentionActions": [{"Text": "点" * 251}]}},
        {"Config": NOD | {"IntentionActions": ["点头"]}},
        {"RedirectUrl": "http://m.example/cb"},
        {"RedirectUrl": "javascript:alert(1)"},
        {"RedirectUrl": "https://m.example/a\r\nSet-Cookie: a=b"},
        {"RedirectUrl": "https://user@m.example/"},
        {"RedirectUrl": "https://m.example\\@evil.example/"},
        {"RedirectUrl": "//m.example"},
        {"RedirectUrl": "https://m.example:port/"},
        {"RedirectUrl": "https://m.example/" + "x" * 1024},
    ],
)
def test_parameters_beyond_their_limits_open_nothing(signing: Signing, params: dict[str, Any]) -> None:
    with pytest.raises(EidParameterInvalid):
        ask(signing, **params)


@pytest.mark.parametrize("url", ["https://m.example/cb?o=1", "http://localhost:3000/cb", "http://127.0.0.1/cb"])
def test_ways_back_that_are_allowed_in_the_sandbox(signing: Signing, url: str) -> None:
    assert ask(signing, RedirectUrl=url)["EidToken"]


@pytest.mark.parametrize("token", ["", "x", "00000000-0000-4000-8000-000000000000", "x" * 37])
def test_unknown_tokens_are_unknown_to_both_readers(signing: Signing, token: str) -> None:
    with pytest.raises(EidTokenUnknown):
        status(signing, token)
    with pytest.raises(EidTokenUnknown):
        result(signing, token)


def test_a_scene_or_partner_that_is_not_approved_opens_nothing(signing: Signing) -> None:
    for partner, scene, error in (("esign", "hotel_check_in", SceneNotAllowed), ("nobody", SCENE, PartnerSuspended)):
        merchant = FlowMerchant(merchant_id="M", partner_id=PartnerId(partner), scene=scene)
        with pytest.raises(error):
            asyncio.run(get_eid_token({}, merchant=merchant, services=signing.services))
