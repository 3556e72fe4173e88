"""The partner's webhooks: where its servers hear, what they were told, sending again, and what signs for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from starlette.responses import Response

from eztong.domain.errors import EztongError, InputInvalid, NotFound
from eztong.domain.portal.permission import PortalPermission
from eztong.domain.webhooks.delivery import DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId
from eztong.domain.webhooks.event import CHOOSABLE, MessageId, WebhookEventType, choose_types
from eztong.http.cookies import new_token
from eztong.partner_portal.visit import Visit
from eztong.ports.act import Act
from eztong.usecases.idempotency import IdempotencyKey, idempotency_key
from eztong.usecases.portal.check_person import Doing, as_person
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.manage_endpoints import (
    AddEndpoint,
    ChangeEndpoint,
    add_endpoint,
    change_endpoint,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from eztong.usecases.webhooks.read_deliveries import read_deliveries
from eztong.usecases.webhooks.send_again import resend_delivery, send_test

P = ParamSpec("P")
T = TypeVar("T")
HOME: Final = "/partner/webhooks"
SHOWN: Final = 50
ACTS: Final = ("test", "resend", "off", "on", "remove")
_LONGEST_URL: Final = 600
_LONGEST_ONCE: Final = 64


def show(visit: Visit) -> Response:
    """List the endpoints, with the form for a new one."""
    return _list(visit)


def add(visit: Visit) -> Response:
    """Add an endpoint and show its secret; the same form sent again adds no second one."""
    url, once = visit.form.get("url", "").strip()[:_LONGEST_URL], _once(visit, "add")
    try:
        command = AddEndpoint(
            partner_id=visit.partner_id,
            url=url,
            event_types=choose_types(sorted(_chosen(visit))),
            allow_http=visit.services.deployment.is_sandbox,
            idempotency=once,
        )
        made = _as_person(visit, "", add_endpoint, command)
    except EztongError as error:
        return _list(visit, error=error)
    return _one(visit, made.endpoint.endpoint_id, secret=made.secret)


def show_one(visit: Visit) -> Response:
    """Show an endpoint and its newest deliveries, page by page.

    Raises:
        NotFound: the partner has no such endpoint.
    """
    return _one(visit, _id(visit))


def do(visit: Visit) -> Response:
    """Try it, send a delivery again, switch it off or on, or remove it.

    Raises:
        InputInvalid: none of these.
        NotFound: the partner has no such endpoint or delivery.
    """
    what, endpoint_id = visit.form.get("act", ""), _id(visit)
    if what not in ACTS:
        raise InputInvalid("Choose what to do.")
    try:
        _do(visit, what, endpoint_id)
    except NotFound:
        raise
    except EztongError as error:
        return _one(visit, endpoint_id, error=error)
    return visit.redirect_done(HOME if what == "remove" else visit.request.url.path)


def change(visit: Visit) -> Response:
    """Give an endpoint another address, or another choice of events.

    Raises:
        NotFound: the partner has no such endpoint.
    """
    endpoint_id = _id(visit)
    try:
        command = ChangeEndpoint(
            partner_id=visit.partner_id,
            endpoint_id=endpoint_id,
            allow_http=visit.services.deployment.is_sandbox,
            url=visit.form.get("url", "").strip()[:_LONGEST_URL],
            event_types=choose_types(sorted(_chosen(visit))),
        )
        _as_person(visit, endpoint_id, change_endpoint, command)
    except NotFound:
        raise
    except EztongError as error:
        return _one(visit, endpoint_id, error=error)
    return visit.redirect_done(f"{HOME}/{endpoint_id}")


def rotate(visit: Visit) -> Response:
    """Give an endpoint a new secret and show it, once; the old one signs beside it for a day, or ends now.

    Raises:
        NotFound: the partner has no such endpoint.
    """
    endpoint_id, once = _id(visit), _once(visit, "rotate")
    at_once = visit.form.get("at_once") == "yes"
    try:
        made = _as_person(
            visit, endpoint_id, rotate_secret, visit.partner_id, endpoint_id, at_once=at_once, idempotency=once
        )
    except NotFound:
        raise
    except EztongError as error:
        return _one(visit, endpoint_id, error=error)
    return _one(visit, endpoint_id, secret=made.secret)


def _do(visit: Visit, what: str, endpoint_id: EndpointId) -> None:
    partner_id = visit.partner_id
    match what:
        case "test":
            _as_person(visit, endpoint_id, send_test, partner_id, endpoint_id, idempotency=_once(visit, "test"))
        case "resend":
            message_id = MessageId(visit.form.get("message", ""))
            _as_person(visit, endpoint_id, resend_delivery, partner_id, endpoint_id, message_id)
        case "off":
            _as_person(visit, endpoint_id, disable_endpoint, partner_id, endpoint_id, DisabledBecause.PARTNER)
        case "on":
            _as_person(visit, endpoint_id, enable_endpoint, partner_id, endpoint_id)
        case _:
            _as_person(visit, endpoint_id, remove_endpoint, partner_id, endpoint_id)


def _as_person(
    visit: Visit, subject: str, use_case: Callable[Concatenate[Act, P], T], /, *args: P.args, **more: P.kwargs
) -> T:
    doing = Doing(PortalPermission.WEBHOOKS_MANAGE, visit.partner_id, subject)
    services, by = visit.services, visit.acting
    return visit.audited(lambda: services.perform(by, as_person, doing, use_case, *args, **more), subject=subject)


def _once(visit: Visit, operation: str) -> IdempotencyKey | None:
    once = visit.form.get("once", "")[:_LONGEST_ONCE]
    if not once:
        return None
    typed = (visit.form.get("url", ""), visit.form.get("at_once", ""), *sorted(_chosen(visit)))
    body = "\x00".join((visit.request.url.path, visit.acting.name, *typed))
    return idempotency_key(once, body=body.encode(), operation=f"portal-{operation}", keys=visit.services.keys)


def _chosen(visit: Visit) -> set[str]:
    return {event.value for event in CHOOSABLE if visit.form.get(f"event_{event.value}") == "yes"}


def _id(visit: Visit) -> EndpointId:
    return EndpointId(str(visit.request.path_params["endpoint_id"]))


def _form(visit: Visit, *, events: set[str], url: str) -> dict[str, Any]:
    return {
        "events": list(CHOOSABLE),
        "chosen": _chosen(visit) or events,
        "url": visit.form.get("url", url),
        "once": new_token(entropy=visit.services.entropy),
        "may_manage": visit.may(PortalPermission.WEBHOOKS_MANAGE),
    }


def _list(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        endpoints = stored.webhook_endpoints.list(visit.partner_id)
    return visit.form_page(
        "webhooks.html",
        because=error,
        endpoints=endpoints.those,
        unreadable=endpoints.unreadable,
        is_open=error is not None,
        **_form(visit, events={event.value for event in CHOOSABLE}, url=""),
    )


def _one(visit: Visit, endpoint_id: EndpointId, *, error: EztongError | None = None, secret: str = "") -> Response:
    before = visit.request.query_params.get("before")
    with visit.services.store.read() as stored:
        endpoint = find_endpoint(visit.partner_id, endpoint_id, stored=stored)
        page = read_deliveries(
            visit.partner_id,
            endpoint_id,
            before=None if before is None else MessageId(before),
            limit=SHOWN,
            stored=stored,
            now=visit.now,
        )
    return visit.form_page(
        "webhooks_one.html",
        because=error,
        endpoint=endpoint,
        secret=secret,
        old_signs=endpoint.previous_signs(now=visit.now),
        held_off=endpoint.disabled_because is DisabledBecause.OPERATOR,
        deliveries=page.listed.those,
        unreadable=page.listed.unreadable,
        older=page.next_cursor,
        is_later_page=before is not None,
        pending=DeliveryState.PENDING,
        test=WebhookEventType.TEST,
        is_changing=error is not None and visit.request.url.path.endswith("/change"),
        **_form(visit, events={event.value for event in endpoint.event_types}, url=endpoint.url),
    )
