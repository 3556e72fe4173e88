"""Certificate requests of merchants: a signed SM2 request, decided as a proposal by two operators (rule 8).

``pending -> approved | rejected``. An approved request's key is what the merchant's identity envelopes are sealed to.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.gm.csr import UserIdMissing, VerifiedRequest, verify_csr
from eztong.gm.errors import GmError, SignatureInvalid

MAX_REQUEST_BYTES: Final = 16 * 1024
_SIGN_WITH_USER_ID: Final = (
    "The request is signed under an empty user id; SM2 with SM3 needs 1234567812345678 (GM/T 0009). With OpenSSL, sign "
    "it again with: openssl req -new -sm3 -key KEY.pem -sigopt distid:1234567812345678 -subj /CN=NAME -out NAME.csr"
)
_PEM: Final = re.compile(
    rb"-----BEGIN (NEW )?CERTIFICATE REQUEST-----\s+(?P<body>[A-Za-z0-9+/=\s]+)-----END (NEW )?CERTIFICATE REQUEST-----"
)


class CertificateRequestInvalid(InputInvalid):
    """The file is no PKCS#10 request with an SM2 key that signed it."""

    code = "certificate_request_invalid"
    advice = "Send a PKCS#10 request (PEM or DER) with an SM2 key, signed by that key with SM2-with-SM3."


class CertificateState(StrEnum):
    """Where a certificate request stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorDecision:
    """Who decided, when, and why."""

    operator: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """A merchant's request. ``public_key`` is the DER SubjectPublicKeyInfo that signed ``document``."""

    request_id: str
    merchant_id: str
    common_name: str
    public_key: bytes
    document: bytes
    requested_by: str
    requested_at: datetime
    state: CertificateState = CertificateState.PENDING
    decision: OperatorDecision | None = None


def parse_certificate_request(content: bytes) -> tuple[bytes, VerifiedRequest]:
    """Return a PEM or DER request as DER, with what it says; its signature holds.

    Raises:
        CertificateRequestInvalid: saying what is wrong with it.
    """
    if len(content) > MAX_REQUEST_BYTES:
        raise CertificateRequestInvalid(f"A certificate request has at most {MAX_REQUEST_BYTES} bytes.")
    document = _from_pem(content) if b"-----BEGIN" in content else content
    try:
        return document, verify_csr(document)
    except UserIdMissing as error:
        raise CertificateRequestInvalid(_SIGN_WITH_USER_ID) from error
    except SignatureInvalid as error:
        raise CertificateRequestInvalid("The request is not signed by the key in it.") from error
    except GmError as error:
        raise CertificateRequestInvalid(f"Not a usable request: {error}. {CertificateRequestInvalid.advice}") from error


def _from_pem(content: bytes) -> bytes:
    found = _PEM.search(content)
    if found is None:
        raise CertificateRequestInvalid
    try:
        return base64.b64decode(b"".join(found["body"].split()), validate=True)
    except binascii.Error as error:
        raise CertificateRequestInvalid from error
