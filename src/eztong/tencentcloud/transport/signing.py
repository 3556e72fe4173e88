"""Signatures of API 3.0, as every official SDK makes them. Pure: bytes in, yes or no out.

SDKs disagree about what they sign: the host with or without its port, or the one they were told before a gateway; the
path or ``/``; the content type as sent, in lower case, with or without a charset. Each way is tried, at most 96 short
hashes; whatever is tried is keyed with the caller's own secret, so that trying more does not admit anybody else.
Comparisons take the same time wherever they differ.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

TC3: Final = "TC3-HMAC-SHA256"
UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"
SIGNATURE_PARAMETER: Final = "Signature"
_AUTHORIZATION: Final = re.compile(
    r"TC3-HMAC-SHA256 +Credential=([A-Za-z0-9_-]{1,128})/(\d{4}-\d\d-\d\d)/([^,\s]{1,255})/tc3_request, ?"
    r"SignedHeaders=([A-Za-z0-9;-]{1,500}), ?Signature=([0-9a-fA-F]{64})"
)
_MOST_SIGNED_HEADERS: Final = 20
_CHARSET: Final = "; charset=utf-8"
_MUST_BE_SIGNED: Final = frozenset({"content-type", "host"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """The parts of a TC3 ``Authorization`` header. ``service`` is whatever the SDK took for it, even ``127``."""

    secret_id: str
    date: str
    service: str
    signed_headers: str
    signature: str

    @property
    def scope(self) -> str:
        """The credential scope, as it is signed."""
        return f"{self.date}/{self.service}/tc3_request"

    @property
    def covers_enough(self) -> bool:
        """Say whether it covers the headers that every signature must cover."""
        return _MUST_BE_SIGNED.issubset(self.signed_headers.lower().split(";"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Signable:
    """What a signature covers. ``headers`` by lower-case name; ``hosts`` are the names that the client may mean."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(repr=False)
    hosts: Sequence[str]

    @property
    def paths(self) -> Sequence[str]:
        """The paths that the client may mean."""
        return ("/",) if self.path == "/" else (self.path, "/")


def parse_authorization(unverified_text: str) -> Authorization | None:
    """Return the parts of the header, or None if it is not one of TC3."""
    found = _AUTHORIZATION.fullmatch(unverified_text.strip())
    if found is None or found[4].count(";") >= _MOST_SIGNED_HEADERS:
        return None
    return Authorization(
        secret_id=found[1], date=found[2], service=found[3], signed_headers=found[4], signature=found[5].lower()
    )


def derive_key(secret_key: str, *, date: str, service: str) -> bytes:
    """Return the key that signs every request of a day and service."""
    of_date = _hmac(f"TC3{secret_key}".encode(), date.encode())
    return _hmac(_hmac(of_date, service.encode("latin-1")), b"tc3_request")


def is_signed_tc3(
    request: Signable, authorization: Authorization, *, timestamp: str, payload_hash: str, key: bytes
) -> bool:
    """Say whether the signature is the key's, in one of the ways that SDKs sign."""
    names = authorization.signed_headers.lower().split(";")
    if not authorization.covers_enough:
        return False
    start = f"{TC3}\n{timestamp}\n{authorization.scope}\n"
    end = f"{authorization.signed_headers}\n{payload_hash}"
    for path, headers in itertools.product(request.paths, _canonical_headers(names, request)):
        canonical = f"{request.method}\n{path}\n{request.query}\n{headers}\n{end}"
        made = hmac.digest(key, (start + _sha256(canonical.encode("latin-1"))).encode("latin-1"), "sha256").hex()
        if hmac.compare_digest(made.encode(), authorization.signature.encode()):
            return True
    return False


def payload_hash(body: bytes, *, is_unsigned: bool) -> str:
    """Return the hash that stands for the body of a request."""
    return _sha256(UNSIGNED_PAYLOAD.encode() if is_unsigned else body)


def is_signed_v1(request: Signable, params: Mapping[str, str], *, secret_key: str) -> bool:
    """Say whether parameter ``Signature`` is the key's; anything but ``HmacSHA256`` means ``HmacSHA1``."""
    digest = "sha256" if params.get("SignatureMethod") == "HmacSHA256" else "sha1"
    # One official SDK sends the line feed with which its base64 ends.
    given = params.get(SIGNATURE_PARAMETER, "").strip().encode()
    signed = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != SIGNATURE_PARAMETER)
    for host, path in itertools.product(request.hosts, request.paths):
        text = f"{request.method}{host}{path}?{signed}"
        made = base64.b64encode(hmac.digest(secret_key.encode(), text.encode(), digest))
        if hmac.compare_digest(made, given):
            return True
    return False


def _canonical_headers(names: Sequence[str], request: Signable) -> Iterator[str]:
    kinds = _content_types(request.headers.get("content-type", ""))
    plain = {name: request.headers.get(name, "").strip() for name in names}
    lower = {name: value.lower() for name, value in plain.items()}
    others = [plain] if all(plain[n] == lower[n] for n in names if n not in _MUST_BE_SIGNED) else [lower, plain]
    for other, kind, host in itertools.product(others, kinds, request.hosts):
        values = {**other, "content-type": kind, "host": host}
        yield "".join(f"{name}:{values[name]}\n" for name in names)


def _content_types(sent: str) -> Sequence[str]:
    """Return what the client may have signed for the content type that it sent."""
    plain = sent.strip()
    bare = plain.partition(";")[0].strip() if "charset" in plain.lower() else plain
    return tuple(dict.fromkeys((plain, plain.lower(), plain + _CHARSET, bare)))


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
