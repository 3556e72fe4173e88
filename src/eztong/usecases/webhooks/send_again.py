"""Try an endpoint with a test event, and send a delivery again that arrived, or was given up."""

from __future__ import annotations

from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.delivery import DeliveryUnknown, WebhookDelivery
from eztong.domain.webhooks.endpoint import EndpointDisabled, EndpointId, WebhookEndpoint
from eztong.domain.webhooks.event import MessageId
from eztong.domain.webhooks.news import trial
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.idempotency import IdempotencyKey, find_earlier, remember
from eztong.usecases.webhooks.announce import call, new_message, queue_delivery
from eztong.usecases.webhooks.find_endpoint import find_endpoint


def send_test(
    act: Act, partner_id: PartnerId, endpoint_id: EndpointId, *, idempotency: IdempotencyKey | None = None
) -> WebhookDelivery:
    """Queue a test event for the endpoint, whatever it chose.

    Raises:
        EndpointUnknown, EndpointDisabled, IdempotencyConflict: nothing was queued.
    """
    endpoint = _active(act, partner_id, endpoint_id)
    earlier = find_earlier(idempotency, partner_id=partner_id, stored=act.uow)
    if earlier is not None:
        return find_delivery(endpoint, MessageId(earlier), stored=act.uow)
    event = trial(endpoint_id, now=act.now)
    delivery = queue_delivery(act, endpoint, event, new_message(act, event))
    remember(act, idempotency, partner_id=partner_id, resource_id=delivery.message_id)
    return delivery


def resend_delivery(
    act: Act,
    partner_id: PartnerId,
    endpoint_id: EndpointId,
    message_id: MessageId,
    *,
    idempotency: IdempotencyKey | None = None,
) -> WebhookDelivery:
    """Let a delivery be tried for three days more: the same message under the same id.

    Raises:
        EndpointUnknown, EndpointDisabled, DeliveryUnknown, DeliveryPending, IdempotencyConflict: nothing was queued.
    """
    endpoint = _active(act, partner_id, endpoint_id)
    delivery = find_delivery(endpoint, message_id, stored=act.uow)
    if delivery.due_at > act.now:
        raise DeliveryUnknown
    if find_earlier(idempotency, partner_id=partner_id, stored=act.uow) is not None:
        return delivery
    again = delivery.again(now=act.now)
    act.uow.webhook_deliveries.save(again)
    call(act, endpoint, again.next_attempt_at)
    remember(act, idempotency, partner_id=partner_id, resource_id=message_id)
    return again


def find_delivery(endpoint: WebhookEndpoint, message_id: MessageId, *, stored: Repositories) -> WebhookDelivery:
    """Return a delivery of the endpoint.

    Raises:
        DeliveryUnknown: it has none of this id.
    """
    found = stored.webhook_deliveries.get(endpoint.partner_id, endpoint.endpoint_id, message_id)
    if found is None:
        raise DeliveryUnknown
    return found


def _active(act: Act, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookEndpoint:
    endpoint = find_endpoint(partner_id, endpoint_id, stored=act.uow)
    if not endpoint.is_active:
        raise EndpointDisabled
    return endpoint
