"""``/.well-known/eztong-keys.json``: the keys that verify proofs, all of them, with states and dates."""

from __future__ import annotations

import base64

import msgspec
from fastapi import APIRouter, Request, Response

from eztong.domain.canonical_json import render_time
from eztong.domain.evidence.proof import KEYS_FORMAT
from eztong.gm.sm2 import DEFAULT_USER_ID
from eztong.partner_api import schemas
from eztong.partner_api.context import services_of
from eztong.ports.services import Services

router = APIRouter(tags=["Evidence"])
CACHE_SECONDS = 300


@router.get("/.well-known/eztong-keys.json", summary="Read the published keys", response_model=schemas.PublishedKeys)
def published_keys(request: Request) -> Response:
    """Publish the verification keys. Keep a copy beside your proofs."""
    headers = {"content-type": "application/json", "cache-control": f"public, max-age={CACHE_SECONDS}"}
    return Response(render_published_keys(services_of(request)), headers=headers)


def render_published_keys(services: Services) -> bytes:
    """Return the key file."""
    states = {info.key_id: info.state.value for info in services.keys.describe()}
    entries = [
        {
            "key_id": key.key_id,
            "algorithm": "SM2-SM3",
            "user_id": DEFAULT_USER_ID.decode(),
            "spki": base64.b64encode(key.public_key.to_spki()).decode(),
            "state": states[key.key_id],
            "not_before": render_time(key.not_before),
            "retired_at": None if key.retired_at is None else render_time(key.retired_at),
        }
        for key in services.keys.published()
    ]
    document = {"format": KEYS_FORMAT, "origin": services.deployment.origin, "keys": entries}
    return msgspec.json.encode(document)
