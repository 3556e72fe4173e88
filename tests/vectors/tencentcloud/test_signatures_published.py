"""Signatures agree with the examples that the documentation of API 3.0 publishes."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from eztong.tencentcloud.transport.signing import (
    Signable,
    derive_key,
    is_signed_tc3,
    is_signed_v1,
    parse_authorization,
    payload_hash,
)

SECRET_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
SECRET_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
PAYLOAD = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
TIMESTAMP = "1551113065"
HEADERS = {
    "content-type": "application/json; charset=utf-8",
    "host": "cvm.tencentcloudapi.com",
    "x-tc-action": "DescribeInstances",
}
V1 = {
    "Action": "DescribeInstances",
    "InstanceIds.0": "ins-09dx96dg",
    "Limit": "20",
    "Nonce": "11886",
    "Offset": "0",
    "Region": "ap-guangzhou",
    "SecretId": SECRET_ID,
    "Timestamp": "1465185768",
    "Version": "2017-03-12",
}


def is_published(signed_headers: str, signature: str, *, payload: bytes = PAYLOAD, timestamp: str = TIMESTAMP) -> bool:
    """Say whether the example's request verifies with this signature."""
    authorization = parse_authorization(
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/2019-02-25/cvm/tc3_request, "
        f"SignedHeaders={signed_headers}, Signature={signature}"
    )
    assert authorization is not None
    return is_signed_tc3(
        Signable(method="POST", path="/", query="", headers=HEADERS, hosts=("cvm.tencentcloudapi.com",)),
        authorization,
        timestamp=timestamp,
        payload_hash=payload_hash(payload, is_unsigned=False),
        key=derive_key(SECRET_KEY, date=authorization.date, service=authorization.service),
    )


def test_the_payload_of_the_example_has_the_published_hash() -> None:
    assert hashlib.sha256(PAYLOAD).hexdigest() == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"


@pytest.mark.parametrize(
    ("signed_headers", "signature"),
    [
        ("content-type;host", "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"),
        ("content-type;host;x-tc-action", "644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26"),
    ],
)
def test_published_tc3_signatures_verify_and_nothing_near_them(signed_headers: str, signature: str) -> None:
    assert is_published(signed_headers, signature)
    assert not is_published(signed_headers, signature[:-1] + ("0" if signature[-1] != "0" else "1"))
    assert not is_published(signed_headers, signature, payload=PAYLOAD + b" ")
    assert not is_published(signed_headers, signature, timestamp="1551113066")


def test_the_published_signature_of_version_1_verifies_and_nothing_near_it() -> None:
    request = Signable(method="GET", path="/", query="", headers={}, hosts=("cvm.tencentcloudapi.com",))
    signed = V1 | {"Signature": "EliP9YW3pW28FpsEdkXt/+WcGeI="}
    assert is_signed_v1(request, signed, secret_key=SECRET_KEY)
    assert not is_signed_v1(request, signed | {"Offset": "1"}, secret_key=SECRET_KEY)
    assert not is_signed_v1(request, signed | {"SignatureMethod": "HmacSHA256"}, secret_key=SECRET_KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "SKIP",
        "Bearer x",
        "TC3-HMAC-SHA256",
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/2019-02-25/cvm/tc3_request, SignedHeaders=host, Signature=12",
        f"TC3-HMAC-SHA256 Credential={SECRET_ID}/19-2-25/cvm/tc3_request, SignedHeaders=host, Signature=" + "0" * 64,
        f"TC3-HMAC-SHA1 Credential={SECRET_ID}/2019-02-25/cvm/tc3_request, SignedHeaders=host, Signature=" + "0" * 64,
    ],
)
def test_what_is_no_authorization_is_told_apart(text: str) -> None:
    assert parse_authorization(text) is None


@pytest.mark.parametrize("signed_headers", ["host", "content-type", "x-tc-action", "content-type;x-tc-action"])
def test_a_right_signature_that_leaves_out_content_type_or_host_does_not_count(signed_headers: str) -> None:
    values = HEADERS | {"x-tc-action": "describeinstances"}
    headers = "".join(f"{name}:{values[name]}\n" for name in signed_headers.split(";"))
    canonical = f"POST\n/\n\n{headers}\n{signed_headers}\n{hashlib.sha256(PAYLOAD).hexdigest()}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{TIMESTAMP}\n2019-02-25/cvm/tc3_request\n{hashed}"
    key = derive_key(SECRET_KEY, date="2019-02-25", service="cvm")
    assert not is_published(signed_headers, hmac.new(key, text.encode(), hashlib.sha256).hexdigest())
