"""The unmodified Python SDK against the running service: only its endpoint and its keys are ours."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import models
from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

from eztong.domain.identifiers import PartnerId
from eztong.ports.act import SYSTEM
from eztong.usecases.merchants.issue_account_key import issue_account_key
from tests.simulators.service import Service
from tests.simulators.store import opened_store
from tests.tencentcloud.signers import Keys, machine_time

UNKNOWN = "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"
ILLEGAL = "InvalidParameterValue.BizTokenIllegal"
SIGN_METHODS = ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"]
NAME, NUMBER = "测一一", "11000019900307001X"


class Client:
    """An integrator's code."""

    def __init__(self, keys: Keys, *, method: str = "POST", **profile: str) -> None:
        http = HttpProfile(endpoint=keys.endpoint, protocol="http", reqMethod=method, reqTimeout=20)
        credential = Credential(keys.secret_id, keys.secret_key, keys.token or None)
        self.sdk = FaceidClient(credential, "", ClientProfile(httpProfile=http, **profile))
        self.merchant_id = keys.merchant_id

    def open(self, **params: Any) -> str:  # noqa: ANN401 - as JSON has it
        """GetEidToken."""
        request = models.GetEidTokenRequest()
        request.from_json_string(json.dumps({"MerchantId": self.merchant_id} | params))
        return str(self.sdk.GetEidToken(request).EidToken)

    def status(self, token: str) -> str:
        """CheckEidTokenStatus."""
        request = models.CheckEidTokenStatusRequest()
        request.EidToken = token
        return str(self.sdk.CheckEidTokenStatus(request).Status)

    def result(self, token: str, **params: Any) -> Any:  # noqa: ANN401 - the SDK has no types
        """GetEidResult."""
        request = models.GetEidResultRequest()
        request.from_json_string(json.dumps({"EidToken": token} | params))
        return self.sdk.GetEidResult(request)

    def refused(self, token: str = UNKNOWN) -> str:
        """Return the code with which CheckEidTokenStatus fails."""
        with pytest.raises(TencentCloudSDKException) as caught:
            self.status(token)
        assert len(caught.value.get_request_id()) == 36
        assert caught.value.get_message()
        return str(caught.value.get_code())


def test_a_flow_from_token_to_result(service: Service, hotel: Keys) -> None:
    client = Client(hotel)
    token = client.open(Extra="x_y", Config={"InputType": "4"}, Name=NAME, IdCard=NUMBER)
    assert client.status(token) == "init"
    service.answer(token, "start", "P01").raise_for_status()
    assert client.status(token) == "doing"
    assert client.result(token).Text.ErrCode == 17
    assert service.answer(token, "approve", "P01").json()["outcome"] == "passed"
    assert client.status(token) == "finished"
    for _ in range(2):
        result = client.result(token, InfoType="13", BestFramesCount=1)
        assert (result.Text.ErrCode, result.Text.LiveStatus, result.Text.Comparestatus) == (0, 0, 0)
        assert result.Text.Extra == "x_y"
        assert len(result.EidInfo.EidCode) == 48


def test_declined_and_timed_out_flows_end_without_passing(service: Service, hotel: Keys) -> None:
    client = Client(hotel)
    declined, timed_out = client.open(), client.open()
    assert service.answer(declined, "decline", "P01").json()["outcome"] == "declined"
    assert client.status(declined) == "finished"
    assert client.result(declined).Text.ErrCode != 0
    service.advance(601)
    assert client.status(timed_out) == "timeout"
    assert client.result(timed_out).Text.ErrCode == 15


def test_another_person_than_the_merchant_named_does_not_pass(service: Service, hotel: Keys) -> None:
    client = Client(hotel)
    token = client.open(Config={"InputType": "4"}, Name=NAME, IdCard=NUMBER)
    service.answer(token, "approve", "P02")
    assert client.status(token) == "finished"
    assert client.result(token).Text.ErrCode == 301


def test_results_end_after_three_days(service: Service, hotel: Keys) -> None:
    client = Client(hotel)
    token = client.open()
    service.answer(token, "approve", "P01").raise_for_status()
    service.advance(3 * 24 * 3600 - 5)
    assert client.result(token).Text.ErrCode == 0
    service.advance(10)
    assert client.refused(token) == "InvalidParameterValue.BizTokenExpired"


@pytest.mark.parametrize("sign_method", SIGN_METHODS)
@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("path", ["", "/", "/tencentcloud", "/tencentcloud/"])
def test_every_signature_method_and_path_is_understood(
    service: Service, hotel: Keys, sign_method: str, method: str, path: str
) -> None:
    keys = Keys(hotel.endpoint + path, hotel.secret_id, hotel.secret_key, hotel.merchant_id)
    client = Client(keys, method=method, signMethod=sign_method)
    token = client.open(
        Extra="x_y 张三 &=%",
        Config={
            "InputType": "1",
            "UseIntentionVerify": True,
            "IntentionMode": "2",
            "Speed": 2,
            "IntentionQuestions": [{"Question": "是否自愿?", "Answers": ["是", "同意"]}],
        },
    )
    service.answer(token, "approve", "P01", confirm=["同意"]).raise_for_status()
    assert client.result(token).Text.Extra == "x_y 张三 &=%"


def test_an_endpoint_may_be_a_whole_address_and_an_unsigned_payload_is_accepted(service: Service, hotel: Keys) -> None:
    whole = Keys(f"{service.url}/tencentcloud", hotel.secret_id, hotel.secret_key)
    assert Client(whole).refused() == ILLEGAL
    unsigned = Client(hotel)
    unsigned.sdk.profile.unsignedPayload = True
    assert unsigned.refused() == ILLEGAL


def test_a_wrong_key_and_an_unknown_key_are_told_apart(service: Service, hotel: Keys) -> None:
    service.advance(60)
    for sign_method in SIGN_METHODS:
        wrong = Keys(hotel.endpoint, hotel.secret_id, "x" * 32)
        assert Client(wrong, signMethod=sign_method).refused() == "AuthFailure.SignatureFailure"
        unknown = Keys(hotel.endpoint, "AKID" + "x" * 32, hotel.secret_key)
        assert Client(unknown, signMethod=sign_method).refused() == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize("sign_method", SIGN_METHODS)
def test_a_machine_whose_clock_is_wrong_is_told_so(
    hotel: Keys, sign_method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = machine_time() - 310
    monkeypatch.setattr("tencentcloud.common.abstract_client.time.time", lambda: wrong)
    assert Client(hotel, signMethod=sign_method).refused() == "AuthFailure.SignatureExpire"


def test_another_partners_token_and_merchant_are_as_unknown_as_invented_ones(hotel: Keys, game: Keys) -> None:
    token = Client(hotel).open()
    assert Client(game).refused(token) == ILLEGAL
    foreign = Keys(game.endpoint, game.secret_id, game.secret_key, hotel.merchant_id)
    with pytest.raises(TencentCloudSDKException) as caught:
        Client(foreign).open()
    assert caught.value.get_code() == "InvalidParameterValue.RuleIdNotExist"


def test_temporary_keys_need_their_token_and_end_by_themselves(service: Service, hotel: Keys) -> None:
    with opened_store(service.data_dir) as services:
        issued = services.perform(SYSTEM, issue_account_key, PartnerId("hotel"), label="sts", life=timedelta(hours=1))
    assert issued.token is not None
    secret_id = issued.key.secret_id
    with_token = Keys(hotel.endpoint, secret_id, issued.secret_key, token=issued.token)
    without = Keys(hotel.endpoint, secret_id, issued.secret_key)
    other = Keys(hotel.endpoint, secret_id, issued.secret_key, token="x" + issued.token[1:])
    for sign_method in SIGN_METHODS:
        assert Client(with_token, signMethod=sign_method).refused() == ILLEGAL
        assert Client(without, signMethod=sign_method).refused() == "AuthFailure.TokenFailure"
        assert Client(other, signMethod=sign_method).refused() == "AuthFailure.TokenFailure"
        lasting = Keys(hotel.endpoint, hotel.secret_id, hotel.secret_key, token=issued.token)
        assert Client(lasting, signMethod=sign_method).refused() == "AuthFailure.TokenFailure"
    service.advance(3601)
    assert Client(with_token).refused() == "AuthFailure.TokenFailure"


def test_messages_come_in_the_language_that_is_asked_for(hotel: Keys) -> None:
    for sign_method in SIGN_METHODS:
        for language, message in (("zh-CN", "BizToken不合法。"), ("en-US", "The BizToken is invalid.")):
            with pytest.raises(TencentCloudSDKException) as caught:
                Client(hotel, signMethod=sign_method, language=language).status(UNKNOWN)
            assert caught.value.get_message() == message
