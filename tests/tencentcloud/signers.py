"""Requests as official SDKs put them on the wire, signed here a second time from the documented rules.

Go and Java cannot be run with a Python test, so their way of spelling and signing is written down: header case,
escapes, content types, scopes, empty parameters. Nothing of the product is used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlencode

VERSION = "2018-03-01"


@dataclass(frozen=True)
class Keys:
    """What an integrator was given."""

    endpoint: str
    secret_id: str
    secret_key: str = field(repr=False)
    merchant_id: str = ""
    token: str = ""


@dataclass(frozen=True)
class Raw:
    """A request as bytes go over the wire; ``headers`` keep order and case."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def changed(self, **headers: str) -> Raw:
        """Return the same with other values of headers; underscores stand for dashes, ``None`` is not possible."""
        named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        return Raw(self.method, self.target, [(n, named.get(n.lower(), v)) for n, v in self.headers], self.body)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def response(self) -> dict[str, Any]:
        """The fields of ``Response``."""
        assert self.status == 200, self.body
        assert self.headers["content-type"] == "application/json"
        document: dict[str, Any] = json.loads(self.body)
        assert set(document) == {"Response"}
        found: dict[str, Any] = document["Response"]
        assert len(found["RequestId"]) == 36
        return found

    @property
    def code(self) -> str:
        """The code of the error; it must be one."""
        error = self.response["Error"]
        assert set(error) == {"Code", "Message"}
        assert error["Message"]
        return str(error["Code"])


def send(url: str, raw: Raw) -> Answer:
    """Send a request exactly as it is."""
    connection = HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.putrequest(raw.method, raw.target, skip_host=True, skip_accept_encoding=True)
        for name, value in raw.headers:
            connection.putheader(name, value.encode("latin-1", "replace"))
        if not any(name.lower() in {"content-length", "transfer-encoding"} for name, _ in raw.headers):
            connection.putheader("Content-Length", str(len(raw.body)))
        connection.endheaders(raw.body)
        answer = connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def machine_time() -> int:
    """Return the time that an SDK puts into a request."""
    return int(datetime.now(UTC).timestamp())  # noqa: TID251 - an SDK reads the machine's clock


def tc3(
    keys: Keys,
    action: str,
    body: bytes,
    *,
    method: str = "POST",
    target: str = "/",
    signed_uri: str = "/",
    host: str | None = None,
    signed_host: str | None = None,
    content_type: str = "application/json",
    signed_content_type: str | None = None,
    service: str = "faceid",
    timestamp: int | None = None,
    more: Mapping[str, str] | None = None,
    payload: bytes | None = None,
    title_case: bool = False,
    version: str = VERSION,
    scope_date: str | None = None,
) -> Raw:
    """Return a request signed with TC3; what is sent and what is signed may differ as SDKs make them differ."""
    sent_host = host or keys.endpoint
    moment = machine_time() if timestamp is None else timestamp
    date = scope_date or datetime.fromtimestamp(moment, UTC).date().isoformat()
    query = target.partition("?")[2]
    hashed = hashlib.sha256(body if payload is None else payload).hexdigest()
    kind, name = signed_content_type or content_type, signed_host or sent_host
    canonical = f"{method}\n{signed_uri}\n{query}\ncontent-type:{kind}\nhost:{name}\n\ncontent-type;host\n{hashed}"
    scope = f"{date}/{service}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"TC3{keys.secret_key}".encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers = {
        "Host": sent_host,
        "Content-Type": content_type,
        "X-TC-Action": action,
        "X-TC-Version": version,
        "X-TC-Timestamp": str(moment),
        "Authorization": (
            f"TC3-HMAC-SHA256 Credential={keys.secret_id}/{scope}, SignedHeaders=content-type;host, "
            f"Signature={signature}"
        ),
    } | (dict(more) if more else {})
    if keys.token:
        headers["X-TC-Token"] = keys.token
    named = [(n.title() if title_case else n, value) for n, value in headers.items()]
    return Raw(method, target, named, b"" if method == "GET" else body)


def v1(
    keys: Keys,
    action: str,
    params: Mapping[str, str],
    *,
    method: str = "POST",
    path: str = "/",
    signature_method: str = "HmacSHA1",
    region: str | None = "",
    timestamp: int | None = None,
    more: Mapping[str, str] | None = None,
) -> Raw:
    """Return a request signed with version 1; Go has an empty ``Region`` in it."""
    fields = {
        **params,
        "Action": action,
        "Nonce": "1808946255939977548",
        "RequestClient": "SDK_GO_1.3.166",
        "SecretId": keys.secret_id,
        "SignatureMethod": signature_method,
        "Timestamp": str(machine_time() if timestamp is None else timestamp),
        "Version": VERSION,
    } | (dict(more) if more else {})
    if region is not None:
        fields["Region"] = region
    if keys.token:
        fields["Token"] = keys.token
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    digest = hashlib.sha256 if signature_method == "HmacSHA256" else hashlib.sha1
    signed = hmac.new(keys.secret_key.encode(), f"{method}{keys.endpoint}{path}?{text}".encode(), digest).digest()
    form = urlencode(fields | {"Signature": base64.b64encode(signed).decode()}, quote_via=quote)
    headers = [("Host", keys.endpoint), ("Content-Type", "application/x-www-form-urlencoded")]
    if method == "GET":
        return Raw("GET", f"{path}?{form}", headers)
    return Raw("POST", path, headers, form.encode())


def go_json(document: object) -> bytes:
    """Return JSON as Go's encoder writes it: compact, raw UTF-8, HTML characters escaped."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text.encode()


def as_go(keys: Keys, action: str, document: object, **more: Any) -> Raw:  # noqa: ANN401 - the options of tc3
    """Return a request as the Go SDK sends it: header names in its canonical case, gzip welcome, no trace id."""
    extra = {"X-TC-RequestClient": "SDK_GO_1.3.166", "Accept-Encoding": "gzip", "User-Agent": "Go-http-client/1.1"}
    return tc3(keys, action, go_json(document), title_case=True, more=extra, **more)


def as_java(keys: Keys, action: str, document: object, **more: Any) -> Raw:  # noqa: ANN401 - the options of tc3
    """Return a request as the Java SDK sends it: a charset in the content type, the endpoint's first label signed."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    extra = {"X-TC-RequestClient": "SDK_JAVA_3.0.121", "Accept-Encoding": "gzip", "User-Agent": "okhttp/3.12.13"}
    return tc3(
        keys,
        action,
        body,
        content_type="application/json; charset=utf-8",
        service=keys.endpoint.partition(".")[0],
        more=extra,
        **more,
    )


def as_dotnet(keys: Keys, action: str, document: object) -> Raw:
    """Return a request as the .NET SDK sends it: the charset is signed, whether or not it is sent."""
    return tc3(
        keys,
        action,
        json.dumps(document).encode(),
        signed_content_type="application/json; charset=utf-8",
        service=keys.endpoint.partition(".")[0],
    )
