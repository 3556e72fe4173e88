"""E证通 flows through the Tencent Cloud door: opened, approved, read; and polls, as a back end sends them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bench import load
from eztong.tencentcloud.transport.signing import derive_key

HOLDER = "P01"
_CONNECTIONS = 16
_SERVICE = "faceid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a demo partner signs with."""

    secret_id: str
    secret_key: str = field(repr=False)
    merchant_id: str


def sign(port: int, account: Account, action: str, params: Mapping[str, str], *, expect: bytes) -> load.Call:
    """Return a call that is signed now."""
    now, host, kind = datetime.now(UTC), f"127.0.0.1:{port}", "application/json"
    body, stamp, date = json.dumps(params).encode(), str(int(now.timestamp())), f"{now:%Y-%m-%d}"
    signed = "content-type;host"
    headers = f"content-type:{kind}\nhost:{host}\n\n{signed}"
    canonical = f"POST\n/\n\n{headers}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{date}/{_SERVICE}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = derive_key(account.secret_key, date=date, service=_SERVICE)
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    credential = f"{account.secret_id}/{scope}"
    lines = [
        "POST / HTTP/1.1",
        f"Host: {host}",
        f"Content-Type: {kind}",
        f"X-TC-Action: {action}",
        "X-TC-Version: 2018-03-01",
        f"X-TC-Timestamp: {stamp}",
        "X-TC-TraceId: 71dd8483-8738-4255-878c-07aed0f16b02",
        f"Authorization: TC3-HMAC-SHA256 Credential={credential}, SignedHeaders={signed}, Signature={signature}",
        f"Content-Length: {len(body)}",
    ]
    return load.Call(wire="\r\n".join(lines).encode() + b"\r\n\r\n" + body, expect=expect)


def polls(port: int, accounts: Sequence[Account], *, count: int) -> load.Result:
    """Ask for the state of one open flow of each account, again and again; the accounts share the rate limit out."""
    calls = []
    for account in accounts:
        token = _open(port, account, 1, check=_check)[0]
        calls.append(sign(port, account, "CheckEidTokenStatus", {"EidToken": token}, expect=b'"Status":"init"'))
    return load.run(port, [calls[index % len(calls)] for index in range(count)], connections=_CONNECTIONS)


def flows(port: int, accounts: Sequence[Account], *, each: int) -> float:
    """Return whole flows per second: opened, approved by the same person, read. ``each`` stays below the rate limit."""
    seconds, total = 0.0, 0
    person = json.dumps({"persona": HOLDER}).encode()
    _check(
        load.run(
            port, [load.prepare(port, "/v1/test_helpers/holders", person, expect=b'"state":"active"')], connections=1
        )
    )

    def check(result: load.Result) -> load.Result:
        nonlocal seconds
        seconds += result.seconds
        return _check(result)

    for account in accounts:
        tokens = _open(port, account, each, check=check)
        expect = b'"outcome":"passed"'
        approvals = [
            load.prepare(port, f"/v1/test_helpers/requests/{token}/approve", person, expect=expect) for token in tokens
        ]
        check(load.run(port, approvals, connections=_CONNECTIONS))
        reads = [
            sign(port, account, "GetEidResult", {"EidToken": token}, expect=b'"ErrMsg":"\xe6\x88\x90\xe5\x8a\x9f"')
            for token in tokens
        ]
        check(load.run(port, reads, connections=_CONNECTIONS))
        total += len(tokens)
    return total / seconds


def _open(port: int, account: Account, count: int, *, check: Callable[[load.Result], load.Result]) -> list[str]:
    call = sign(port, account, "GetEidToken", {"MerchantId": account.merchant_id}, expect=b'"EidToken":"')
    opened = check(load.run(port, [call] * count, connections=min(count, _CONNECTIONS), keep=True))
    return [json.loads(body)["Response"]["EidToken"] for body in opened.bodies]


def _check(result: load.Result) -> load.Result:
    if result.wrong:
        raise RuntimeError(f"{len(result.wrong)} wrong answers; the first: {result.wrong[0]!r}")
    return result
