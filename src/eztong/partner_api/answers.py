"""Rendering domain values as the answers of ``/v1``."""

from __future__ import annotations

import msgspec

from eztong.domain.codes.verification import Verification
from eztong.domain.evidence.proof import SignedBatch
from eztong.domain.requests.request import Request, RequestState
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.conclude_verification import Answered, open_result
from eztong.usecases.codes.read_proof import proof_part
from eztong.usecases.requests.open_request import request_token

JSON_HEADERS = {"content-type": "application/json", "cache-control": "no-store"}
_encode = msgspec.json.encode


def render_verification(verification_id: str, outcome: str, result: bytes, part: bytes) -> bytes:
    """Return the JSON of a verification around its canonical result and proof, which stay as they were made."""
    return b'{"id":"%b","outcome":"%b","result":%b,"proof":%b}' % (
        verification_id.encode(),
        outcome.encode(),
        result,
        part,
    )


def render_answered(answered: Answered, batch: SignedBatch | None, *, services: Services) -> bytes:
    """Return the JSON of an answer that was just made in ``batch``, or that the same idempotency key made earlier."""
    verification = answered.verification
    if answered.leaf is not None and batch is not None:
        part = batch.render_part(answered.leaf.index)
    else:
        with services.store.read() as stored:
            part = _encode(proof_part(verification.batch_id, verification.leaf_index, stored=stored))
    return render_verification(verification.verification_id, verification.outcome, answered.result, part)


def render_stored(verification: Verification, *, stored: Repositories, services: Services) -> bytes:
    """Return the JSON of a stored verification.

    Raises:
        HolderErased: it told a name, and the account was erased since.
    """
    result = stored_result(verification, stored=stored, services=services)
    part = _encode(proof_part(verification.batch_id, verification.leaf_index, stored=stored))
    return render_verification(verification.verification_id, verification.outcome, result, part)


def stored_result(verification: Verification, *, stored: Repositories, services: Services) -> bytes:
    """Return the result bytes of a stored verification, opened if they are sealed."""
    holder = None
    if verification.result is None and verification.holder_id is not None:
        holder = stored.holders.get(verification.holder_id)
    return open_result(verification, holder=holder, keys=services.keys)


def render_request(request: Request, *, qr_svg: str, stored: Repositories, services: Services) -> bytes:
    """Return the JSON of a request, with its answer once it is finished."""
    answer: msgspec.Raw | None = None
    if request.state is RequestState.FINISHED and request.verification_id is not None:
        verification = stored.verifications.get(request.partner_id, request.verification_id)
        if verification is not None:
            answer = msgspec.Raw(render_stored(verification, stored=stored, services=services))
    return _encode(
        {
            "id": request.request_id,
            "state": request.state.value,
            "scene": request.scene,
            "desk": request.desk,
            "wants": sorted(request.claims),
            "grant_days": request.grant_days,
            "reference": request.reference,
            "match_number": request.match_number,
            "url": request_url(request, services=services),
            "qr_svg": qr_svg,
            "created_at": request.created_at,
            "expires_at": request.expires_at,
            "verification": answer,
        }
    )


def request_url(request: Request, *, services: Services) -> str:
    """Return the link for the holder's device."""
    return f"{services.deployment.public_url}/r/{request_token(request.request_id, keys=services.keys)}"
