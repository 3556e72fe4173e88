"""Certificate requests: both spellings of a file, and what is refused."""

from __future__ import annotations

import base64

import pytest

from eztong.domain.merchants.certificate_request import (
    MAX_REQUEST_BYTES,
    CertificateRequestInvalid,
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
