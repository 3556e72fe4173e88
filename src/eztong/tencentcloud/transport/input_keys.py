"""``/.well-known/eztong-input-keys.json``: the public keys that parameters may be encrypted to."""

from __future__ import annotations

import base64
import textwrap
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eztong.domain.canonical_json import render_time
from eztong.domain.eid.encrypted_input import InputAlgorithm
from eztong.ports.keys import InputKey, InputPurpose
from eztong.ports.services import Services

FORMAT: Final = "eztong/input-keys/v1"
PATH: Final = "/.well-known/eztong-input-keys.json"
CACHE_SECONDS: Final = 300
_PEM_LINE: Final = 64
_USE: Final = {
    InputPurpose.RSA: (InputAlgorithm.AES_256_CBC, "RSA-PKCS1-v1_5"),
    InputPurpose.SM2: (InputAlgorithm.SM4_GCM, "SM2-C1C3C2"),
}


def input_key_routes(services: Services) -> list[Route]:
    """Return the route that publishes the keys."""

    def show(_request: Request) -> Response:
        headers = {"content-type": "application/json", "cache-control": f"public, max-age={CACHE_SECONDS}"}
        return Response(render_input_keys(services), headers=headers)

    return [Route(PATH, show)]


def render_input_keys(services: Services) -> bytes:
    """Return the key file. Encrypt to the ``active`` key of an algorithm; a ``retiring`` one still opens."""
    return msgspec.json.encode(
        {
            "format": FORMAT,
            "origin": services.deployment.origin,
            "keys": [_described(key) for key in services.keys.input_keys()],
        }
    )


def _described(key: InputKey) -> dict[str, Any]:
    algorithm, wrap = _USE[key.purpose]
    return {
        "key_id": key.key_id,
        "algorithm": algorithm.value,
        "key_wrap": wrap,
        "state": key.state.value,
        "not_before": render_time(key.created_at),
        "pem": _pem(key.spki),
        "pem_base64": base64.b64encode(_guide_pem(key).encode()).decode(),
    }


def _guide_pem(key: InputKey) -> str:
    """Return the form in which the contract's guide hands keys out: PKCS#1 for RSA."""
    if key.purpose is InputPurpose.SM2:
        return _pem(key.spki)
    return load_der_public_key(key.spki).public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()


def _pem(spki: bytes) -> str:
    lines = textwrap.wrap(base64.b64encode(spki).decode(), _PEM_LINE)
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])
