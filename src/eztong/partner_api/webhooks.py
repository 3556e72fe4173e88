"""``/v1/webhook-endpoints``: where your server hears of events, and what became of each delivery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Concatenate, Final, ParamSpec, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Caller, Scope
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId, WebhookEndpoint
from eztong.domain.webhooks.event import MessageId, choose_types
from eztong.http.committing import commit
from eztong.http.limits import REQUESTS
from eztong.partner_api import webhook_schemas as schemas
from eztong.partner_api.answers import JSON_HEADERS
from eztong.partner_api.context import (
    IDEMPOTENCY_HEADER,
    authenticate,
    authorization_of,
    bearer,
    client_of,
    idempotency_of,
    services_of,
)
from eztong.partner_api.problem_responses import bare_call, json_body, problems
from eztong.partner_api.verifications import MAX_PAGE, PAGE
from eztong.ports.act import PARTNER, Act
from eztong.usecases.idempotency import IdempotencyKey
from eztong.usecases.webhooks.described import describe_delivery, describe_endpoint, describe_with_log
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.manage_endpoints import (
    AddEndpoint,
    ChangeEndpoint,
    WithSecret,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from eztong.usecases.webhooks.read_deliveries import read_deliveries, read_delivery
from eztong.usecases.webhooks.send_again import resend_delivery, send_test

P = ParamSpec("P")
T = TypeVar("T")

router = APIRouter(tags=["Webhooks"])
_ADDRESS: Final = "/v1/webhook-endpoints"
_ONE: Final = _ADDRESS + "/{endpoint_id}"
_DELIVERIES: Final = _ONE + "/deliveries"
MESSAGE_PATTERN: Final = r"^msg_[0-9A-HJKMNP-TV-Z]{26}$"
OneEndpoint = Annotated[str, Path(pattern=r"^wep_[0-9A-HJKMNP-TV-Z]{26}$", examples=["wep_01KF0000000000000000000000"])]
OneMessage = Annotated[str, Path(pattern=MESSAGE_PATTERN, examples=["msg_01KF0000000000000000000000"])]


def managing_caller(
    request: Request, _shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None
) -> Caller:
    """Return a caller that may manage webhooks, within its rate."""
    services = services_of(request)
    caller = authenticate(authorization_of(request), client=client_of(request), services=services)
    caller.require(Scope.WEBHOOKS)
    services.limiter.hit(REQUESTS, caller.partner.partner_id)
    return caller


ManagingCaller = Annotated[Caller, Depends(managing_caller)]


@router.post(
    _ADDRESS,
    summary="Add a webhook endpoint",
    status_code=201,
    response_model=None,
    openapi_extra=json_body(schemas.EndpointBody),
    responses={
        201: {"model": schemas.EndpointWithSecret, "description": "Added. The secret is shown only now."},
        **problems(401, 403, 409, 413, 422, 429, 503),
    },
)
async def create_endpoint(request: Request) -> Response:
    """Add an address of your server that is called when something happens, and get the secret it checks calls with.

    Calls are signed as Standard Webhooks has it: `v1` with the secret, `v1a` with the key whose public half is here.
    It takes a key with the scope `webhooks:write`, as everything about webhooks does. You may have ten endpoints.
    """
    services, caller = services_of(request), managing_caller(request)
    raw = await request.body()
    body = schemas.EndpointBody.model_validate_json(raw)
    command = AddEndpoint(
        partner_id=caller.partner.partner_id,
        url=body.url,
        event_types=choose_types(body.event_types),
        allow_http=services.deployment.is_sandbox,
        idempotency=_idempotency(request, raw, "webhooks.create"),
    )
    return _secret(request, await _do(request, add_endpoint, command), status=201)


@router.get(
    _ADDRESS,
    summary="List your webhook endpoints",
    response_model=schemas.EndpointList,
    responses=problems(401, 403, 429, 503),
)
def list_endpoints(request: Request, caller: ManagingCaller) -> Response:
    """List your endpoints, oldest first. One that is disabled says why."""
    services = services_of(request)
    with services.store.read() as stored:
        found = stored.webhook_endpoints.list(caller.partner.partner_id).those
    now = services.clock.now()
    return _json({"data": [describe_endpoint(one, now=now) for one in found]})


@router.get(
    _ONE,
    summary="Read a webhook endpoint",
    response_model=schemas.Endpoint,
    responses=problems(401, 403, 404, 422, 429, 503),
)
def get_endpoint(request: Request, caller: ManagingCaller, endpoint_id: OneEndpoint) -> Response:
    """Read an endpoint with its public key, without its secret."""
    with services_of(request).store.read() as stored:
        found = find_endpoint(caller.partner.partner_id, EndpointId(endpoint_id), stored=stored)
    return _endpoint(request, found)


@router.patch(
    _ONE,
    summary="Change a webhook endpoint",
    response_model=None,
    openapi_extra=json_body(schemas.EndpointChangeBody),
    responses={
        200: {"model": schemas.Endpoint, "description": "As it is now."},
        **problems(401, 403, 404, 409, 413, 422, 429, 503),
    },
)
async def update_endpoint(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Change address or chosen events. What waits already goes to the new address."""
    caller = managing_caller(request)
    body = schemas.EndpointChangeBody.model_validate_json(await request.body())
    command = ChangeEndpoint(
        partner_id=caller.partner.partner_id,
        endpoint_id=EndpointId(endpoint_id),
        allow_http=services_of(request).deployment.is_sandbox,
        url=body.url,
        event_types=None if body.event_types is None else choose_types(body.event_types),
    )
    return _endpoint(request, await _do(request, change_endpoint, command))


@router.delete(
    _ONE,
    summary="Remove a webhook endpoint",
    status_code=204,
    response_model=None,
    openapi_extra=bare_call(),
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
async def delete_endpoint(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Remove an endpoint with its secret, what waits for it, and its delivery log.

    One that the operator of the service switched off stays, with what it holds.
    """
    await _do(request, remove_endpoint, *_whose(request, endpoint_id))
    return Response(status_code=204)


@router.post(
    _ONE + "/rotate-secret",
    summary="Replace the secret of a webhook endpoint",
    response_model=None,
    openapi_extra=json_body(schemas.RotationBody),
    responses={
        200: {"model": schemas.EndpointWithSecret, "description": "The new secret, which is shown only now."},
        **problems(401, 403, 404, 409, 413, 422, 429, 503),
    },
)
async def rotate_endpoint_secret(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Get a new secret and key pair. For 24 hours calls carry the signatures of both, unless `at_once` ends the old."""
    whose, raw = _whose(request, endpoint_id), await request.body()
    body = schemas.RotationBody.model_validate_json(raw or b"{}")
    key = _idempotency(request, endpoint_id.encode() + b"\x00" + raw, "webhooks.rotate")
    return _secret(request, await _do(request, rotate_secret, *whose, at_once=body.at_once, idempotency=key))


@router.post(
    _ONE + "/disable",
    summary="Switch a webhook endpoint off",
    response_model=None,
    openapi_extra=bare_call(),
    responses={
        200: {"model": schemas.Endpoint, "description": "Nothing is sent there any more."},
        **problems(401, 403, 404, 422, 429, 503),
    },
)
async def switch_endpoint_off(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Switch an endpoint off. What waits for it is given up, and can be sent again."""
    whose = _whose(request, endpoint_id)
    return _endpoint(request, await _do(request, disable_endpoint, *whose, DisabledBecause.PARTNER))


@router.post(
    _ONE + "/enable",
    summary="Switch a webhook endpoint on",
    response_model=None,
    openapi_extra=bare_call(),
    responses={
        200: {"model": schemas.Endpoint, "description": "It hears of what happens from now on."},
        **problems(401, 403, 404, 409, 422, 429, 503),
    },
)
async def switch_endpoint_on(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Switch an endpoint on that was disabled. What was given up is not sent by itself: send it again.

    What the operator of the service switched off only the operator switches on.
    """
    return _endpoint(request, await _do(request, enable_endpoint, *_whose(request, endpoint_id)))


@router.post(
    _ONE + "/test",
    summary="Send a test event",
    status_code=202,
    response_model=None,
    openapi_extra=bare_call(),
    responses={
        202: {"model": schemas.DeliverySummary, "description": "It is queued."},
        **problems(401, 403, 404, 409, 422, 429, 503),
    },
)
async def test_endpoint(request: Request, endpoint_id: OneEndpoint) -> Response:
    """Send `webhook.test` to an endpoint, whatever it chose, and look at the delivery to see what became of it."""
    key = _idempotency(request, endpoint_id.encode(), "webhooks.test")
    queued = await _do(request, send_test, *_whose(request, endpoint_id), idempotency=key)
    return _json(describe_delivery(queued), status=202)


@router.get(
    _DELIVERIES,
    summary="List deliveries",
    response_model=schemas.DeliveryListing,
    responses=problems(401, 403, 404, 422, 429, 503),
)
def list_deliveries(
    request: Request,
    caller: ManagingCaller,
    endpoint_id: OneEndpoint,
    *,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = PAGE,
    cursor: Annotated[str | None, Query(pattern=MESSAGE_PATTERN)] = None,
) -> Response:
    """List what the endpoint was told within 30 days, newest first. `failed` is what was given up after three days."""
    services = services_of(request)
    with services.store.read() as stored:
        page = read_deliveries(
            caller.partner.partner_id,
            EndpointId(endpoint_id),
            before=None if cursor is None else MessageId(cursor),
            limit=limit,
            stored=stored,
            now=services.clock.now(),
        )
    return _json({"data": [describe_delivery(one) for one in page.listed.those], "next_cursor": page.next_cursor})


@router.get(
    _DELIVERIES + "/{message_id}",
    summary="Read a delivery",
    response_model=schemas.DeliveryWithLog,
    responses=problems(401, 403, 404, 422, 429, 503),
)
def get_delivery(
    request: Request, caller: ManagingCaller, endpoint_id: OneEndpoint, message_id: OneMessage
) -> Response:
    """Read a delivery with what was sent and how each try went."""
    services = services_of(request)
    whose = (caller.partner.partner_id, EndpointId(endpoint_id), MessageId(message_id))
    with services.store.read() as stored:
        delivery, log = read_delivery(*whose, stored=stored, now=services.clock.now())
    return _json(describe_with_log(delivery, log))


@router.post(
    _DELIVERIES + "/{message_id}/resend",
    summary="Send a delivery again",
    status_code=202,
    response_model=None,
    openapi_extra=bare_call(),
    responses={
        202: {"model": schemas.DeliverySummary, "description": "It is queued, under the same id."},
        **problems(401, 403, 404, 409, 422, 429, 503),
    },
)
async def send_delivery_again(request: Request, endpoint_id: OneEndpoint, message_id: OneMessage) -> Response:
    """Send a delivery again that arrived, or was given up. It is tried for three days more."""
    key = _idempotency(request, f"{endpoint_id}\x00{message_id}".encode(), "webhooks.resend")
    whose = _whose(request, endpoint_id)
    queued = await _do(request, resend_delivery, *whose, MessageId(message_id), idempotency=key)
    return _json(describe_delivery(queued), status=202)


def _whose(request: Request, endpoint_id: str) -> tuple[PartnerId, EndpointId]:
    return managing_caller(request).partner.partner_id, EndpointId(endpoint_id)


async def _do(request: Request, use_case: Callable[Concatenate[Act, P], T], *args: P.args, **more: P.kwargs) -> T:
    services = services_of(request)
    return (await commit(services.store, services.job(PARTNER, use_case, *args, **more))).value


def _idempotency(request: Request, body: bytes, operation: str) -> IdempotencyKey | None:
    header = request.headers.get(IDEMPOTENCY_HEADER)
    return idempotency_of(header, body=body, operation=operation, keys=services_of(request).keys)


def _endpoint(request: Request, found: WebhookEndpoint) -> Response:
    return _json(describe_endpoint(found, now=services_of(request).clock.now()))


def _secret(request: Request, found: WithSecret, *, status: int = 200) -> Response:
    now = services_of(request).clock.now()
    return _json(describe_endpoint(found.endpoint, now=now) | {"secret": found.secret}, status=status)


def _json(document: dict[str, Any], *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status_code=status, headers=JSON_HEADERS)
