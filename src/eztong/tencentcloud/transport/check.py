"""From a request to a signed call: whose it is and what it asks, in the order in which the contract refuses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from eztong.ports.clock import Clock
from eztong.tencentcloud.transport.accounts import Accounts, Signer
from eztong.tencentcloud.transport.call import Account, Params
from eztong.tencentcloud.transport.errors import Language
from eztong.tencentcloud.transport.params import nest, read_form, read_json
from eztong.tencentcloud.transport.refusals import refusal
from eztong.tencentcloud.transport.request import Head
from eztong.tencentcloud.transport.schema import Schema
from eztong.tencentcloud.transport.signing import (
    SIGNATURE_PARAMETER,
    UNSIGNED_PAYLOAD,
    Authorization,
    Signable,
    is_signed_tc3,
    is_signed_v1,
    parse_authorization,
    payload_hash,
)

SKEW_SECONDS: Final = 300
_TENCENT: Final = "faceid.tencentcloudapi.com"
_TIMESTAMP: Final = re.compile(r"[0-9]{1,10}")
_ABOUT_THE_CALL: Final = frozenset(
    {
        "Action",
        "Language",
        "Nonce",
        "Region",
        "RequestClient",
        "SecretId",
        SIGNATURE_PARAMETER,
        "SignatureMethod",
        "Timestamp",
        "Token",
        "Version",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCall:
    """What a signed request asks. Exactly one of ``fields`` (a query or form) and ``document`` (JSON) is there."""

    account: Account
    action: str
    version: str
    fields: Mapping[str, str] | None = field(repr=False, default=None)
    document: bytes | None = field(repr=False, default=None)

    def params(self, schema: Schema) -> Params:
        """Return the parameters of the action, not yet checked.

        Raises:
            TencentError: they cannot be read.
        """
        if self.document is not None:
            return read_json(self.document)
        return nest(self.fields or {}, schema)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A TC3 request whose key is known and whose time is right: its body is worth reading."""

    authorization: Authorization
    signer: Signer
    timestamp: str


class Checker:
    """Checks signatures. ``aliases`` are the names that the service is known by.

    A signature's time must be right by one of ``signing_clocks``: the service's own and, where that one is moved about
    in the sandbox, the machine's, because an unmodified SDK knows no other.
    """

    def __init__(
        self, accounts: Accounts, *, clock: Clock, signing_clocks: Sequence[Clock], aliases: Sequence[str]
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._signing_clocks = signing_clocks
        self._aliases = aliases

    def open_tc3(self, head: Head) -> Opened:
        """Check what can be checked of a TC3 request before its body is read.

        Raises:
            TencentError: MissingParameter, AuthFailure.*, RequestSizeLimitExceeded.
            TooMany: too many unknown keys.
        """
        if "authorization" not in head.headers:
            raise refusal("MissingParameter", name="Authorization")
        authorization = parse_authorization(head.headers["authorization"])
        if authorization is None or head.has_repeated_headers:
            raise refusal("AuthFailure.InvalidAuthorization")
        timestamp = head.header("x-tc-timestamp")
        moment = self._check_time(timestamp, name="X-TC-Timestamp")
        signer = self._accounts.find(authorization.secret_id, client=head.client)
        if moment.date().isoformat() != authorization.date or not authorization.covers_enough:
            raise refusal("AuthFailure.SignatureFailure")
        return Opened(authorization=authorization, signer=signer, timestamp=timestamp)

    def check_tc3(self, opened: Opened, head: Head, body: bytes) -> SignedCall:
        """Check the signature over head and body.

        Raises:
            TencentError: AuthFailure.SignatureFailure, AuthFailure.TokenFailure, MissingParameter.
            PartnerSuspended: the partner gets no answers.
        """
        is_unsigned = head.header("x-tc-content-sha256") == UNSIGNED_PAYLOAD
        if not is_signed_tc3(
            self._signable(head),
            opened.authorization,
            timestamp=opened.timestamp,
            payload_hash=payload_hash(b"" if head.method == "GET" else body, is_unsigned=is_unsigned),
            key=self._accounts.signing_key(opened.signer, opened.authorization),
        ):
            raise refusal("AuthFailure.SignatureFailure")
        account = self._accounts.admit(
            opened.signer, token=head.header("x-tc-token"), client=head.client, now=self._clock.now()
        )
        action, version = (
            _required(head.header("x-tc-action"), "Action"),
            _required(head.header("x-tc-version"), "Version"),
        )
        if head.method == "GET":
            return SignedCall(account=account, action=action, version=version, fields=read_form(head.query_bytes))
        if head.is_form:
            return SignedCall(account=account, action=action, version=version, fields=read_form(body))
        return SignedCall(account=account, action=action, version=version, document=body)

    def check_v1(self, head: Head, fields: Mapping[str, str]) -> SignedCall:
        """Check a signature of version 1 over the fields of a query or form.

        Raises:
            TencentError: MissingParameter, AuthFailure.*.
            TooMany: too many unknown keys.
            PartnerSuspended: the partner gets no answers.
        """
        for name in ("Action", "Version", "Timestamp", "Nonce", "SecretId", SIGNATURE_PARAMETER):
            _required(fields.get(name, ""), name)
        self._check_time(fields["Timestamp"], name="Timestamp")
        signer = self._accounts.find(fields["SecretId"], client=head.client)
        if head.has_repeated_headers or not is_signed_v1(self._signable(head), fields, secret_key=signer.secret):
            raise refusal("AuthFailure.SignatureFailure")
        account = self._accounts.admit(signer, token=fields.get("Token", ""), client=head.client, now=self._clock.now())
        left = {name: value for name, value in fields.items() if name not in _ABOUT_THE_CALL}
        return SignedCall(account=account, action=fields["Action"], version=fields["Version"], fields=left)

    def _check_time(self, text: str, *, name: str) -> datetime:
        _required(text, name)
        if not _TIMESTAMP.fullmatch(text):
            raise refusal("InvalidParameterValue", name=name)
        signed_at = int(text)
        if all(abs(signed_at - clock.now().timestamp()) > SKEW_SECONDS for clock in self._signing_clocks):
            raise refusal("AuthFailure.SignatureExpire")
        return datetime.fromtimestamp(signed_at, UTC)

    def _signable(self, head: Head) -> Signable:
        sent = head.header("host")
        bare = sent.rpartition(":")[0] or sent
        hosts = tuple(dict.fromkeys((sent, bare, sent.partition("/")[0], *self._aliases, _TENCENT)))
        return Signable(method=head.method, path=head.path, query=head.query, headers=head.headers, hosts=hosts)


def language_of(text: str) -> Language:
    """Return the language that a client asks for; Chinese if it does not say."""
    return "en-US" if text.strip().lower() == "en-us" else "zh-CN"


def _required(value: str, name: str) -> str:
    if not value:
        raise refusal("MissingParameter", name=name)
    return value
