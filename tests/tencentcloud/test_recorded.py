"""Requests as the Go, Java and .NET SDKs spell and sign them; and the ways that hand-written clients sign."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.simulators.service import Service
from tests.tencentcloud.signers import Keys, Raw, as_dotnet, as_go, as_java, machine_time, send, tc3, v1

UNKNOWN = {"EidToken": "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"}
ILLEGAL = "InvalidParameterValue.BizTokenIllegal"
EXTRA = "<a&b> 张三 \u00e9"


def opened(service: Service, raw: Raw) -> dict[str, Any]:
    """Send a GetEidToken that must work."""
    response = send(service.url, raw).response
    assert "Error" not in response, response
    assert len(response["EidToken"]) == 36
    return response


def document(keys: Keys) -> dict[str, Any]:
    """Return the parameters of a GetEidToken with everything that SDKs spell differently."""
    return {
        "MerchantId": keys.merchant_id,
        "Extra": EXTRA,
        "RedirectUrl": "https://m.example/cb?o=1&p=<2>",
        "Config": {
            "InputType": "1",
            "UseIntentionVerify": True,
            "IntentionMode": "2",
            "IntentionQuestions": [{"Question": "是否自愿?", "Answers": ["是", "同意"]}],
        },
    }


def flat(keys: Keys, *, yes: str) -> dict[str, str]:
    """Return the same as forms spell it."""
    return {
        "MerchantId": keys.merchant_id,
        "Extra": EXTRA,
        "RedirectUrl": "https://m.example/cb?o=1&p=<2>",
        "Config.InputType": "1",
        "Config.UseIntentionVerify": yes,
        "Config.IntentionMode": "2",
        "Config.IntentionQuestions.0.Question": "是否自愿?",
        "Config.IntentionQuestions.0.Answers.0": "是",
        "Config.IntentionQuestions.0.Answers.1": "同意",
    }


@pytest.mark.parametrize("signer", [as_go, as_java, as_dotnet])
def test_every_sdk_opens_a_flow_and_reads_its_extra_back_byte_for_byte(
    service: Service, hotel: Keys, signer: Callable[..., Raw]
) -> None:
    token = opened(service, signer(hotel, "GetEidToken", document(hotel)))["EidToken"]
    answered = service.answer(token, "approve", "P01", confirm=["是"])
    assert answered.json()["outcome"] == "passed", answered.text
    result = send(service.url, signer(hotel, "GetEidResult", {"EidToken": token, "InfoType": "1"})).response
    assert result["Text"]["ErrCode"] == 0
    assert result["Text"]["Extra"] == EXTRA


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA1", "HmacSHA256"])
def test_go_signs_version_1_with_an_empty_region(
    service: Service, hotel: Keys, method: str, signature_method: str
) -> None:
    signed = v1(hotel, "GetEidToken", flat(hotel, yes="true"), method=method, signature_method=signature_method)
    opened(service, signed)


@pytest.mark.parametrize("path", ["/tencentcloud", "/tencentcloud/"])
def test_go_signs_the_real_path_in_version_1_and_a_slash_in_tc3(service: Service, hotel: Keys, path: str) -> None:
    assert send(service.url, v1(hotel, "CheckEidTokenStatus", UNKNOWN, path=path)).code == ILLEGAL
    assert send(service.url, as_go(hotel, "CheckEidTokenStatus", UNKNOWN, target=path)).code == ILLEGAL


def test_a_signature_method_that_is_not_named_is_hmac_sha1(service: Service, hotel: Keys) -> None:
    signed = v1(hotel, "CheckEidTokenStatus", UNKNOWN, signature_method="HmacMD5")
    assert send(service.url, signed).code == ILLEGAL


@pytest.mark.parametrize(
    "ways",
    [
        {"signed_host": "127.0.0.1"},
        {"signed_host": "faceid.tencentcloudapi.com"},
        {"host": "gateway.example", "signed_host": "faceid.tencentcloudapi.com"},
        {"service": "127"},
        {"service": "localhost:18080"},
        {"target": "/tencentcloud/", "signed_uri": "/tencentcloud/"},
        {"target": "/tencentcloud/", "signed_uri": "/"},
        {"content_type": "application/json; charset=utf-8", "signed_content_type": "application/json"},
        {"content_type": "Application/JSON", "signed_content_type": "application/json"},
        {"more": {"X-TC-Content-SHA256": "UNSIGNED-PAYLOAD"}, "payload": b"UNSIGNED-PAYLOAD"},
    ],
    ids=str,
)
def test_what_sdks_and_gateways_sign_differently_verifies(service: Service, hotel: Keys, ways: dict[str, Any]) -> None:
    body = b'{"EidToken": "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"}'
    assert send(service.url, tc3(hotel, "CheckEidTokenStatus", body, **ways)).code == ILLEGAL


@pytest.mark.parametrize(
    "ways",
    [
        {"signed_host": "elsewhere.example"},
        {"signed_uri": "/other"},
        {"signed_content_type": "text/plain"},
        {"payload": b"UNSIGNED-PAYLOAD"},
        {"payload": b"{}"},
        {"scope_date": "2026-01-01"},
    ],
    ids=str,
)
def test_what_nobody_signs_does_not_verify(service: Service, hotel: Keys, ways: dict[str, Any]) -> None:
    body = b'{"EidToken": "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"}'
    signed = tc3(hotel, "CheckEidTokenStatus", body, **ways)
    assert send(service.url, signed).code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("away", [-301, 301, -86_400, 86_400])
def test_a_signature_is_good_for_five_minutes_either_way(service: Service, hotel: Keys, away: int) -> None:
    moment = machine_time() + (away + 2 if away > 0 else away - 2)
    signed = as_go(hotel, "CheckEidTokenStatus", UNKNOWN, timestamp=moment)
    assert send(service.url, signed).code == "AuthFailure.SignatureExpire"
    old = v1(hotel, "CheckEidTokenStatus", UNKNOWN, timestamp=moment)
    assert send(service.url, old).code == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize("away", [-280, 280])
def test_a_clock_that_is_a_little_wrong_does_no_harm(service: Service, hotel: Keys, away: int) -> None:
    signed = as_go(hotel, "CheckEidTokenStatus", UNKNOWN, timestamp=machine_time() + away)
    assert send(service.url, signed).code == ILLEGAL


def test_a_timestamp_that_is_moved_after_signing_does_not_verify(service: Service, hotel: Keys) -> None:
    signed = as_go(hotel, "CheckEidTokenStatus", UNKNOWN).changed(x_tc_timestamp=str(machine_time() + 60))
    assert send(service.url, signed).code == "AuthFailure.SignatureFailure"


def test_a_signature_by_the_sandboxs_own_clock_ages_with_it(service: Service, hotel: Keys) -> None:
    now = service.http.post("/v1/test_helpers/clock", json={"advance_seconds": 1}).json()["now"]
    moment = int(datetime.fromisoformat(now).timestamp())
    signed = as_go(hotel, "CheckEidTokenStatus", UNKNOWN, timestamp=moment)
    assert send(service.url, signed).code == ILLEGAL
    service.advance(302)
    assert send(service.url, signed).code == "AuthFailure.SignatureExpire"
