"""A partner's webhook: what it was told, how each try went, and sending again."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.incomplete import ChoiceMissing
from eztong.domain.operators.permission import Permission
from eztong.domain.webhooks.delivery import DeliveryState
from eztong.domain.webhooks.endpoint import DisabledBecause, EndpointId
from eztong.domain.webhooks.event import MessageId
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.for_staff import keep_webhook
from eztong.usecases.webhooks.manage_endpoints import disable_endpoint, enable_endpoint
from eztong.usecases.webhooks.read_deliveries import read_deliveries
from eztong.usecases.webhooks.send_again import resend_delivery, send_test

SHOWN: Final = 50
ACTS: Final = ("test", "resend", "off", "on")


def show(visit: Visit) -> Response:
    """Show the endpoint and its newest deliveries, page by page."""
    return _page(visit)


def do(visit: Visit) -> Response:
    """Try it, send a delivery again, switch it off or on.

    Raises:
        ChoiceMissing: none of these.
        NotFound: no such endpoint or delivery.
    """
    what, (partner_id, endpoint_id) = visit.form.get("act", ""), _ids(visit)
    if what not in ACTS:
        raise ChoiceMissing
    try:
        _do(visit, what, partner_id, endpoint_id)
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(visit.request.url.path)


def _do(visit: Visit, what: str, partner_id: PartnerId, endpoint_id: EndpointId) -> None:
    match what:
        case "test":
            visit.perform(keep_webhook, endpoint_id, send_test, partner_id, endpoint_id)
        case "resend":
            message_id = MessageId(visit.form.get("message", ""))
            visit.perform(keep_webhook, endpoint_id, resend_delivery, partner_id, endpoint_id, message_id)
        case "off":
            because = DisabledBecause.OPERATOR
            visit.perform(keep_webhook, endpoint_id, disable_endpoint, partner_id, endpoint_id, because)
        case _:
            visit.perform(keep_webhook, endpoint_id, enable_endpoint, partner_id, endpoint_id)


def _ids(visit: Visit) -> tuple[PartnerId, EndpointId]:
    params = visit.request.path_params
    return PartnerId(str(params["partner_id"])), EndpointId(str(params["endpoint_id"]))


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    partner_id, endpoint_id = _ids(visit)
    before = visit.request.query_params.get("before")
    with visit.services.store.read() as stored:
        endpoint = find_endpoint(partner_id, endpoint_id, stored=stored)
        page = read_deliveries(
            partner_id,
            endpoint_id,
            before=None if before is None else MessageId(before),
            limit=SHOWN,
            stored=stored,
            now=visit.now,
        )
    return visit.form_page(
        "partners/webhooks.html",
        because=error,
        partner_id=partner_id,
        endpoint=endpoint,
        deliveries=page.listed.those,
        unreadable=page.listed.unreadable,
        older=page.next_cursor,
        may_manage=visit.may(Permission.WEBHOOKS_MANAGE),
        pending=DeliveryState.PENDING,
    )
