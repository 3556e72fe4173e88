"""Look at what an endpoint was told, and how each try went: what is not due yet is nobody's to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.delivery import DeliveryAttempt, DeliveryUnknown, WebhookDelivery
from eztong.domain.webhooks.endpoint import EndpointId
from eztong.domain.webhooks.event import MessageId
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.send_again import find_delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPage:
    """Deliveries, newest first; ``next_cursor`` goes on behind them, None if there are no more."""

    listed: Listed[WebhookDelivery]
    next_cursor: MessageId | None


def read_deliveries(
    partner_id: PartnerId,
    endpoint_id: EndpointId,
    *,
    before: MessageId | None,
    limit: int,
    stored: Repositories,
    now: datetime,
) -> DeliveryPage:
    """Return what the endpoint was told by now.

    Raises:
        EndpointUnknown: the partner has no such endpoint.
    """
    find_endpoint(partner_id, endpoint_id, stored=stored)
    found = stored.webhook_deliveries.list(partner_id, endpoint_id, before=before, now=now, limit=limit + 1)
    shown = found.those[:limit]
    more = len(found.those) + found.unreadable > limit and bool(shown)
    return DeliveryPage(listed=Listed(shown, found.damaged), next_cursor=shown[-1].message_id if more else None)


def read_delivery(
    partner_id: PartnerId,
    endpoint_id: EndpointId,
    message_id: MessageId,
    *,
    stored: Repositories,
    now: datetime,
) -> tuple[WebhookDelivery, Sequence[DeliveryAttempt]]:
    """Return a delivery with its log.

    Raises:
        EndpointUnknown, DeliveryUnknown: the partner has no such thing, or it is not due yet.
    """
    delivery = find_delivery(find_endpoint(partner_id, endpoint_id, stored=stored), message_id, stored=stored)
    if delivery.due_at > now:
        raise DeliveryUnknown
    return delivery, stored.webhook_deliveries.attempts(delivery)
