"""What went over the wire, for an integrator to read: the call as a ``curl`` command, the answer laid out."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from eztong.ports.sandbox import PartnerCall

MASKED_KEY: Final = "ezt_sk_test_••••••••"
_LONG: Final = 240
_HEAD: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExchange:
    """A call and its answer as text."""

    curl: str
    status: str
    body: str


def shown_exchange(exchange: PartnerCall, *, base_url: str) -> ShownExchange:
    """Write an exchange out, with the API key masked and long values cut."""
    return ShownExchange(
        curl=curl_of(exchange, base_url=base_url),
        status=f"{exchange.status} {HTTPStatus(exchange.status).phrase}",
        body=_laid_out(exchange.received),
    )


def curl_of(exchange: PartnerCall, *, base_url: str) -> str:
    """Return the command that makes the same call."""
    lines = [f"curl {shlex.quote(base_url + exchange.path)}"]
    # What is published needs no key.
    if exchange.path.startswith("/v1/"):
        lines.append(f'-H "Authorization: Bearer {MASKED_KEY}"')
    if exchange.idempotency_key is not None:
        lines.append(f"-H {shlex.quote(f'Idempotency-Key: {exchange.idempotency_key}')}")
    if exchange.sent is not None:
        lines += ['-H "Content-Type: application/json"', f"-d {shlex.quote(exchange.sent)}"]
    return " \\\n  ".join(lines)


def document_of(exchange: PartnerCall) -> dict[str, Any]:
    """Return the answer's JSON object; an empty one if it is none."""
    try:
        found = json.loads(exchange.received)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _laid_out(received: str) -> str:
    try:
        document = json.loads(received)
    except ValueError:
        return received[:_LONG]
    return json.dumps(_cut(document), ensure_ascii=False, indent=2)


def _cut(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONG:
        return f"{value[:_HEAD]}…"
    if isinstance(value, Mapping):
        return {name: _cut(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_cut(part) for part in value]
    return value
