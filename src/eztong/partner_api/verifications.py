"""``/v1/verifications``: verifying a code, and reading what that made."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from eztong.domain.codes.verification import Verification
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import VerificationId
from eztong.domain.partners.partner import Caller
from eztong.partner_api import schemas
from eztong.partner_api.answers import JSON_HEADERS, render_stored, stored_result
from eztong.partner_api.context import (
    IDEMPOTENCY_HEADER,
    ReadingCaller,
    authorization_of,
    client_of,
    services_of,
)
from eztong.partner_api.problem_responses import json_body, problems
from eztong.partner_api.verify_call import Verifier, VerifyCall
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.codes.read_proof import proof_file, proof_part

router = APIRouter(tags=["Verifications"])
PAGE = 50
MAX_PAGE = 200
ID_PATTERN = r"^ver_[0-9A-HJKMNP-TV-Z]{26}$"
VerificationPath = Annotated[str, Path(pattern=ID_PATTERN, examples=["ver_01KF0000000000000000000000"])]


@router.post(
    "/v1/verifications",
    summary="Verify a code",
    response_model=None,
    openapi_extra=json_body(schemas.VerificationBody),
    responses={
        200: {"model": schemas.Verification, "description": "Authenticated; see `outcome`."},
        **problems(401, 403, 404, 409, 410, 413, 422, 429, 503),
    },
)
async def create_verification(request: Request) -> Response:
    """Authenticate the holder who shows a code.

    The answer is durable and carries its proof. A code is void after one use, also a failed one. The same question (API
    key, desk, scene, wants) within the code's life gives the same answer; send an `Idempotency-Key` header so that a
    retry does so later, too. A key is remembered for seven days.
    """
    verifier: Verifier = request.app.state.verifier
    call = VerifyCall(
        authorization=authorization_of(request),
        idempotency_key=request.headers.get(IDEMPOTENCY_HEADER),
        client=client_of(request),
        body=await request.body(),
    )
    return Response(await verifier.answer(call), headers=JSON_HEADERS)


@router.get(
    "/v1/verifications",
    summary="List your verifications",
    response_model=schemas.VerificationPage,
    responses=problems(401, 403, 422, 429, 503),
)
def list_verifications(
    request: Request,
    caller: ReadingCaller,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
    cursor: Annotated[str | None, Query(pattern=ID_PATTERN)] = None,
) -> Response:
    """List your verifications, newest first."""
    with services_of(request).store.read() as stored:
        found = stored.verifications.list(caller.partner.partner_id, before=cursor, limit=limit + 1)
    page = {
        "data": [_summary(verification) for verification in found[:limit]],
        "next_cursor": found[limit - 1].verification_id if len(found) > limit else None,
    }
    return Response(msgspec.json.encode(page), headers=JSON_HEADERS)


@router.get(
    "/v1/verifications/{verification_id}",
    summary="Read a verification",
    response_model=schemas.Verification,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
def get_verification(request: Request, caller: ReadingCaller, verification_id: VerificationPath) -> Response:
    """Read one of your verifications again, with its proof."""
    services = services_of(request)
    with services.store.read() as stored:
        verification = _find(caller, verification_id, stored=stored)
        body = render_stored(verification, stored=stored, services=services)
    return Response(body, headers=JSON_HEADERS)


@router.get(
    "/v1/verifications/{verification_id}/proof",
    summary="Download a proof",
    response_model=schemas.ProofFile,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
def get_proof(request: Request, caller: ReadingCaller, verification_id: VerificationPath) -> Response:
    """Download the self-contained proof, for `eztong evidence verify` or any other verifier."""
    services = services_of(request)
    with services.store.read() as stored:
        verification = _find(caller, verification_id, stored=stored)
        result = stored_result(verification, stored=stored, services=services)
        part = proof_part(verification.batch_id, verification.leaf_index, stored=stored)
    return Response(msgspec.json.encode(proof_file(result, part)), headers=JSON_HEADERS)


def _find(caller: Caller, verification_id: str, *, stored: Repositories) -> Verification:
    verification = stored.verifications.get(caller.partner.partner_id, VerificationId(verification_id))
    if verification is None:
        raise NotFound
    return verification


def _summary(verification: Verification) -> dict[str, object]:
    return {
        "id": verification.verification_id,
        "outcome": verification.outcome.value,
        "scene": verification.scene,
        "desk": verification.desk,
        "method": verification.method.value,
        "created_at": verification.created_at,
    }
