"""``/v1/requests``: partner-started flows that a holder answers on an own device."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from eztong.domain.claims import Claim
from eztong.domain.identifiers import RequestId
from eztong.domain.partners.partner import Scope
from eztong.domain.requests import request as domain_request
from eztong.http.committing import commit
from eztong.http.limits import REQUESTS, own_limit
from eztong.http.qr_svg import render_qr
from eztong.partner_api import schemas
from eztong.partner_api.answers import JSON_HEADERS, render_request, request_url
from eztong.partner_api.context import (
    IDEMPOTENCY_HEADER,
    ReadingCaller,
    authenticate,
    authorization_of,
    client_of,
    idempotency_of,
    services_of,
)
from eztong.partner_api.problem_responses import json_body, problems
from eztong.partner_api.verifications import MAX_PAGE, PAGE
from eztong.ports.act import PARTNER
from eztong.ports.services import Services
from eztong.usecases.requests.open_request import OpenRequest, open_request, read_request

router = APIRouter(tags=["Requests"])
ID_PATTERN = r"^req_[0-9A-HJKMNP-TV-Z]{26}$"


@router.post(
    "/v1/requests",
    summary="Ask a holder",
    status_code=201,
    response_model=None,
    openapi_extra=json_body(schemas.RequestBody),
    responses={
        201: {"model": schemas.PartnerRequest, "description": "Opened; it waits for a holder for ten minutes."},
        **problems(401, 403, 409, 413, 422, 429, 503),
    },
)
async def create_request(request: Request) -> Response:
    """Open a request. Show the link or its QR to the person, with the match number beside it.

    The person decides on an own device which claims you are told. Poll `GET /v1/requests/{id}` for the answer; what
    the person's browser says is never the answer.
    """
    services = services_of(request)
    caller = authenticate(authorization_of(request), client=client_of(request), services=services)
    caller.require(Scope.REQUEST)
    services.limiter.hit(own_limit(REQUESTS, caller.partner), caller.partner.partner_id)
    raw = await request.body()
    body = schemas.RequestBody.model_validate_json(raw)
    command = OpenRequest(
        caller=caller,
        scene=body.scene,
        desk=body.desk,
        wants=frozenset(body.wants) | {Claim.IS_PERSON},
        grant_days=body.grant_days,
        reference=body.reference,
        idempotency=idempotency_of(
            request.headers.get(IDEMPOTENCY_HEADER), body=raw, operation="requests", keys=services.keys
        ),
    )
    opened = (await commit(services.store, services.job(PARTNER, open_request, command))).value
    return Response(_render(opened, services=services), status_code=201, headers=JSON_HEADERS)


@router.get(
    "/v1/requests",
    summary="List your requests",
    response_model=schemas.RequestPage,
    responses=problems(401, 403, 422, 429, 503),
)
def list_requests(
    request: Request,
    caller: ReadingCaller,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
    cursor: Annotated[str | None, Query(pattern=ID_PATTERN)] = None,
) -> Response:
    """List your requests, newest first."""
    services = services_of(request)
    now = services.clock.now()
    with services.store.read() as stored:
        found = stored.requests.list(caller.partner.partner_id, before=cursor, limit=limit + 1)
    page = {
        "data": [_summary(entry.as_of(now)) for entry in found[:limit]],
        "next_cursor": found[limit - 1].request_id if len(found) > limit else None,
    }
    return Response(msgspec.json.encode(page), headers=JSON_HEADERS)


@router.get(
    "/v1/requests/{request_id}",
    summary="Read a request",
    response_model=schemas.PartnerRequest,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
def get_request(
    request: Request,
    caller: ReadingCaller,
    request_id: Annotated[str, Path(pattern=ID_PATTERN, examples=["req_01KF0000000000000000000000"])],
) -> Response:
    """Read a request: `init`, `doing`, `finished` with its verification, or `timeout`."""
    services = services_of(request)
    with services.store.read() as stored:
        found = read_request(RequestId(request_id), caller=caller, stored=stored, now=services.clock.now())
    return Response(_render(found, services=services), headers=JSON_HEADERS)


def _render(found: domain_request.Request, *, services: Services) -> bytes:
    drawn = str(render_qr(request_url(found, services=services), label="QR"))
    svg = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    with services.store.read() as stored:
        return render_request(found, qr_svg=svg, stored=stored, services=services)


def _summary(entry: domain_request.Request) -> dict[str, object]:
    return {
        "id": entry.request_id,
        "state": entry.state.value,
        "scene": entry.scene,
        "reference": entry.reference,
        "created_at": entry.created_at,
        "verification_id": entry.verification_id,
    }
