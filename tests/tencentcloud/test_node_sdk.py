"""The unmodified Node SDK against the running service."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.service import Service
from tests.tencentcloud.signers import Keys

FOLDER = Path(__file__).parents[1] / "node"
UNKNOWN = {"EidToken": "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"}
EXTRA = "a&b <c> 张三 \u00e9"


def call(keys: Keys, *calls: tuple[str, dict[str, Any]], **settings: str) -> list[dict[str, Any]]:
    """Run calls one after the other with the SDK."""
    shared = {"endpoint": keys.endpoint, "secretId": keys.secret_id, "secretKey": keys.secret_key, **settings}
    asked = [{**shared, "action": action, "params": params} for action, params in calls]
    done = subprocess.run(
        ["node", "call-faceid.js"], cwd=FOLDER, input=json.dumps(asked).encode(), capture_output=True, check=True
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_a_flow_from_token_to_result(service: Service, hotel: Keys) -> None:
    asked = {
        "MerchantId": hotel.merchant_id,
        "Extra": EXTRA,
        "Config": {"InputType": "1", "UseIntentionVerify": True, "IntentionVerifyText": "我自愿办理入住。"},
    }
    opened = call(hotel, ("GetEidToken", asked))[0]["ok"]
    token = {"EidToken": opened["EidToken"]}
    assert opened["Url"].startswith(f"{service.url}/r/")
    before = call(hotel, ("CheckEidTokenStatus", token), ("GetEidResult", token))
    assert before[0]["ok"]["Status"] == "init"
    assert before[1]["ok"]["Text"]["ErrCode"] == 17
    assert service.answer(opened["EidToken"], "approve", "P01").json()["outcome"] == "passed"
    after = call(hotel, ("CheckEidTokenStatus", token), ("GetEidResult", token | {"InfoType": "15"}))
    assert after[0]["ok"]["Status"] == "finished"
    result = after[1]["ok"]
    # What a known integrator asserts before it lets anybody in.
    assert [result["Text"][name] for name in ("ErrCode", "LiveStatus", "Comparestatus")] == [0, 0, 0]
    assert result["Text"]["Extra"] == EXTRA
    assert (result["IsVerifyIntention"], result["IntentionVerifyType"]) == (True, "2")


def opened_by(keys: Keys, **more: Any) -> dict[str, str]:  # noqa: ANN401 - parameters of GetEidToken
    """Open a flow with the SDK; return its token as a parameter."""
    answer = call(keys, ("GetEidToken", {"MerchantId": keys.merchant_id, **more}))[0]
    return {"EidToken": answer["ok"]["EidToken"]}


def standing(keys: Keys, token: dict[str, str]) -> tuple[str, int]:
    """Return status and converged code as the SDK reads them."""
    status, result = call(keys, ("CheckEidTokenStatus", token), ("GetEidResult", token))
    return status["ok"]["Status"], result["ok"]["Text"]["ErrCode"]


def test_a_flow_that_the_holder_has_begun_is_doing(service: Service, hotel: Keys) -> None:
    token = opened_by(hotel)
    service.answer(token["EidToken"], "start", "P01").raise_for_status()
    assert standing(hotel, token) == ("doing", 17)


@pytest.mark.parametrize(
    ("act", "number", "code"), [("decline", "11000019900307001X", 17), ("approve", "110000199003080023", 301)]
)
def test_a_refusal_and_a_mismatch_end_the_flow_with_their_codes(
    service: Service, hotel: Keys, act: str, number: str, code: int
) -> None:
    token = opened_by(hotel, IdCard=number)
    service.answer(token["EidToken"], act, "P01").raise_for_status()
    assert standing(hotel, token) == ("finished", code)


def test_a_flow_that_nobody_answers_times_out(service: Service, hotel: Keys) -> None:
    token = opened_by(hotel)
    service.advance(600)
    assert standing(hotel, token) == ("timeout", 15)


@pytest.mark.parametrize("sign_method", ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_signature_method_and_path_is_understood(
    hotel: Keys, service: Service, sign_method: str, method: str
) -> None:
    asked = {"MerchantId": hotel.merchant_id, "Extra": EXTRA, "Config": {"InputType": "4"}, "Name": "测一一",
             "IdCard": "11000019900307001X"}  # fmt: skip
    host = service.url.removeprefix("http://")
    for endpoint in (host, f"{host}/tencentcloud", f"localhost:{host.rpartition(':')[2]}"):
        answers = call(
            hotel,
            ("GetEidToken", asked),
            ("CheckEidTokenStatus", UNKNOWN),
            endpoint=endpoint,
            signMethod=sign_method,
            reqMethod=method,
        )
        assert "ok" in answers[0], (endpoint, answers)
        assert answers[1]["error"]["code"] == "InvalidParameterValue.BizTokenIllegal", endpoint


def test_errors_reach_the_caller_with_code_message_and_ids(hotel: Keys) -> None:
    wrong = call(hotel, ("CheckEidTokenStatus", UNKNOWN), secretKey="x" * 32, language="en-US")[0]["error"]
    assert wrong["code"] == "AuthFailure.SignatureFailure"
    assert wrong["message"] == (
        "The provided credentials could not be validated. Please check your signature is correct."
    )
    assert len(wrong["requestId"]) == 36
    assert wrong["traceId"]
    unknown = call(hotel, ("CheckEidTokenStatus", UNKNOWN), secretId="AKID" + "0" * 32)[0]["error"]
    assert unknown["code"] == "AuthFailure.SecretIdNotFound"
    missing, other, unsupported = call(
        hotel, ("GetEidToken", {}), ("GetEidToken", {"MerchantId": "nobody"}), ("DetectAuth", {"RuleId": "1"})
    )
    assert missing["error"]["code"] == "MissingParameter"
    assert other["error"]["code"] == "InvalidParameterValue.RuleIdNotExist"
    assert unsupported["error"]["code"] == "UnsupportedOperation"
