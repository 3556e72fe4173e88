"""Certificate requests: both spellings of a file, what is refused, and who may decide."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from eztong.domain.merchants.certificate_request import (
    MAX_REQUEST_BYTES,
    CertificateRequest,
    CertificateRequestInvalid,
    SameOperator,
    check_second_operator,
    parse_certificate_request,
)
from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey

KEY = PrivateKey.generate()
DER = build_csr(KEY, "Demo Hotel")


def pem(content: bytes, label: str = "CERTIFICATE REQUEST") -> bytes:
    body = base64.encodebytes(content).decode()
    return f"Subject: Demo\n-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


@pytest.mark.parametrize(
    "content", [DER, pem(DER), pem(DER, "NEW CERTIFICATE REQUEST"), pem(DER).replace(b"\n", b"\r\n")]
)
def test_every_spelling_is_read_as_the_same_request(content: bytes) -> None:
    document, said = parse_certificate_request(content)
    assert document == DER
    assert said.common_name == "Demo Hotel"
    assert said.public_key.to_spki() == KEY.public_key().to_spki()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"junk",
        DER[:-1],
        pem(b"junk"),
        pem(DER, "CERTIFICATE"),
        pem(DER).replace(b"-----END", b"A-----END"),
        b"-----BEGIN CERTIFICATE REQUEST-----",
        DER + b"\x00" * MAX_REQUEST_BYTES,
    ],
)
def test_what_is_no_request_is_refused(content: bytes) -> None:
    with pytest.raises(CertificateRequestInvalid):
        parse_certificate_request(content)


def test_a_request_that_another_key_signed_is_refused_and_says_so() -> None:
    other = PrivateKey.generate().public_key().to_spki()
    swapped = DER.replace(KEY.public_key().to_spki(), other)
    assert swapped != DER
    with pytest.raises(CertificateRequestInvalid, match="not signed by the key in it"):
        parse_certificate_request(swapped)


@pytest.mark.parametrize("operator", ["ops.1", " OPS.1 ", "Ops.1"])
def test_whoever_asked_does_not_decide_however_the_name_is_written(operator: str) -> None:
    asked = CertificateRequest(
        request_id="csr_1",
        merchant_id="m",
        common_name="Demo Hotel",
        public_key=b"",
        document=DER,
        requested_by="ops.1",
        requested_at=datetime(2026, 1, 15, tzinfo=UTC),
    )
    with pytest.raises(SameOperator):
        check_second_operator(asked, operator)
    check_second_operator(asked, "ops.2")
