"""Whatever is thrown at the Tencent Cloud door, it answers 200 in the envelope with a documented code; never a 5xx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.simulators.service import Service, running
from tests.tencentcloud.signers import Keys, Raw, tc3, v1

# fmt: off
DOCUMENTED = frozenset(
    {
        "ActionOffline", "AuthFailure.InvalidAuthorization", "AuthFailure.InvalidSecretId", "AuthFailure.MFAFailure",
        "AuthFailure.SecretIdNotFound", "AuthFailure.SignatureExpire", "AuthFailure.SignatureFailure",
        "AuthFailure.TokenFailure", "AuthFailure.UnauthorizedOperation", "DryRunOperation", "FailedOperation",
        "InvalidAction", "InvalidParameter", "InvalidParameterValue", "LimitExceeded", "MissingParameter",
        "NoSuchVersion", "RequestLimitExceeded", "RequestSizeLimitExceeded", "ResourceNotFound", "UnknownParameter",
        "UnsupportedOperation", "UnsupportedProtocol", "FailedOperation.DecryptSystemError",
        "FailedOperation.UnregisteredEid", "InvalidParameter.UnsupportEncryptField",
        "InvalidParameterValue.BizTokenExpired", "InvalidParameterValue.BizTokenIllegal",
        "InvalidParameterValue.RuleIdDisabled", "InvalidParameterValue.RuleIdNotExist",
        "UnauthorizedOperation.NonAuthorize", "UnauthorizedOperation.Nonactivated",
    }
)
# fmt: on
ACTIONS = ["GetEidToken", "CheckEidTokenStatus", "GetEidResult", "IdCardVerification", "PhoneVerification"]
NAMES = [
    "MerchantId",
    "IdCard",
    "Name",
    "Extra",
    "Config",
    "RedirectUrl",
    "Encryption",
    "EidToken",
    "InfoType",
    "BestFramesCount",
    "IsCutIdCardImage",
    "Phone",
    "CiphertextBlob",
]
VALID: dict[str, Any] = {
    "Name": "测一一",
    "IdCard": "11000019900307001X",
    "Extra": "x",
    "RedirectUrl": "https://m.example/cb?o=1#f",
    "Config": {
        "InputType": "4",
        "UseIntentionVerify": True,
        "IntentionMode": "2",
        "IntentionQuestions": [{"Question": "是否自愿?", "Answers": ["是", "同意"]}],
        "Speed": 1,
    },
}
FLAT_NAMES = [
    *NAMES,
    "Config.InputType",
    "Config.IntentionQuestions.0.Answers.1",
    "Config.IntentionQuestions.1.Answers.0",
    "Config.IntentionQuestions.x",
    "Config.Speed",
    "EidToken.0",
    "Action.0",
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
slowly = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("door") / "data") as started:
        yield started
        # Also what was answered in the envelope: an InternalError leaves this line.
        assert "tencentcloud_failed" not in started.log.read_text()


@pytest.fixture(scope="module")
def partners(service: Service) -> list[Keys]:
    """Several accounts, so that their rates do not hide what is behind."""
    printed = json.loads(service.run("sandbox", "credentials", "--json").stdout)["partners"].values()
    return [Keys(e["endpoint"], e["secret_id"], e["secret_key"], e["merchant_id"]) for e in printed]


def check(answer: httpx.Response) -> str | None:
    """Return the code of an answer that is in the right envelope, or None for a success."""
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert list(document) == ["Response"]
    response = document["Response"]
    assert len(response["RequestId"]) == 36
    error = response.get("Error")
    if error is None:
        return None
    assert set(error) == {"Code", "Message"}
    assert error["Code"] in DOCUMENTED, error
    assert error["Message"]
    return str(error["Code"])


def throw(service: Service, raw: Raw) -> str | None:
    """Send a request and check its answer."""
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in raw.headers]
    return check(service.http.request(raw.method, raw.target, headers=headers, content=raw.body))


@slowly
@given(data=st.data(), params=st.dictionaries(st.sampled_from(NAMES), anything, max_size=6))
def test_any_json_of_any_type(service: Service, partners: list[Keys], data: st.DataObject, params: Any) -> None:  # noqa: ANN401
    keys = data.draw(st.sampled_from(partners))
    action = data.draw(st.sampled_from(ACTIONS))
    assert throw(service, tc3(keys, action, json.dumps(params).encode())) != "AuthFailure.SignatureFailure"


@slowly
@given(data=st.data(), wrong=anything)
def test_a_good_call_with_one_value_changed(
    service: Service, partners: list[Keys], data: st.DataObject, wrong: object
) -> None:
    keys = data.draw(st.sampled_from(partners))
    params = json.loads(json.dumps(VALID | {"MerchantId": keys.merchant_id}))
    place = params
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = wrong
    assert throw(service, tc3(keys, "GetEidToken", json.dumps(params).encode())) != "AuthFailure.SignatureFailure"


@slowly
@given(
    data=st.data(),
    fields=st.dictionaries(st.sampled_from(FLAT_NAMES) | st.text(max_size=30), st.text(max_size=40), max_size=8),
)
def test_any_form_of_version_1(
    service: Service, partners: list[Keys], data: st.DataObject, fields: dict[str, str]
) -> None:
    keys = data.draw(st.sampled_from(partners))
    method = data.draw(st.sampled_from(["GET", "POST"]))
    throw(service, v1(keys, data.draw(st.sampled_from(ACTIONS)), fields, method=method))


@slowly
@given(data=st.data(), body=st.binary(max_size=300))
def test_any_bytes_signed(service: Service, partners: list[Keys], data: st.DataObject, body: bytes) -> None:
    keys = data.draw(st.sampled_from(partners))
    kind = data.draw(st.sampled_from(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]))
    throw(service, tc3(keys, data.draw(st.sampled_from(ACTIONS)), body, content_type=kind))


LATIN = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)


@slowly
@given(
    headers=st.dictionaries(
        st.sampled_from(
            [
                "Authorization",
                "X-TC-Action",
                "X-TC-Version",
                "X-TC-Timestamp",
                "X-TC-Token",
                "X-TC-Language",
                "X-TC-TraceId",
                "X-TC-Content-SHA256",
                "Content-Type",
            ]
        ),
        LATIN.map(str.strip),
        max_size=6,
    ),
    path=st.sampled_from(
        ["/tencentcloud", "/tencentcloud/", "/tencentcloud/?%ff=%00&a", "/tencentcloud?Action=x&Signature=y"]
    ),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    body=st.binary(max_size=100),
)
def test_any_head_unsigned(service: Service, headers: dict[str, str], path: str, method: str, body: bytes) -> None:
    assert throw(service, Raw(method, path, list(headers.items()), body)) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 60_000,
        b'{"EidToken":' * 60_000,
        b'{"EidToken": ' + b"9" * 100_000 + b"}",
        b'{"EidToken": "' + b"x" * 1_000_000 + b'"}',
        b'{"EidToken": "\\ud800"}',
        b'{"EidToken": 1e999}',
        b'{"EidToken": "\\u0000"}',
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda body: str(body[:24]),
)
def test_bodies_that_break_parsers(service: Service, partners: list[Keys], body: bytes) -> None:
    assert throw(service, tc3(partners[0], "CheckEidTokenStatus", body)) in {
        "InvalidParameter",
        "InvalidParameterValue.BizTokenIllegal",
    }
