"""Write down what a partner's servers shall hear, in the unit of work of what happened: never afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from eztong.domain.identifiers import PartnerId, make_id
from eztong.domain.jobs.job import Job
from eztong.domain.webhooks.delivery import TRIED_FOR, WebhookDelivery
from eztong.domain.webhooks.endpoint import EndpointId, WebhookEndpoint
from eztong.domain.webhooks.event import MESSAGE, MessageId, WebhookEvent, render_body
from eztong.ports.act import Act
from eztong.usecases.apart import readable_of
from eztong.usecases.naming import new_id

WEBHOOKS: Final = "webhooks"
_BETWEEN: Final = "/"


def announce(act: Act, partner_id: PartnerId, events: Iterable[WebhookEvent]) -> None:
    """Queue each event for every active endpoint of the partner that chose it.

    An endpoint that cannot be read is counted and passed over: what happened waits for none of them.
    """
    those = [one for one in readable_of(act, WEBHOOKS, act.uow.webhook_endpoints.list(partner_id)) if one.is_active]
    if not those:
        return
    for event in events:
        message_id = new_message(act, event)
        for endpoint in those:
            if event.event_type in endpoint.event_types:
                queue_delivery(act, endpoint, event, message_id)


def new_message(act: Act, event: WebhookEvent) -> MessageId:
    """Return the id of a new message; it says when the event is told, and nothing of when it was written down."""
    return MessageId(make_id(MESSAGE, now=event.at, random=act.entropy.id_bytes()))


def queue_delivery(act: Act, endpoint: WebhookEndpoint, event: WebhookEvent, message_id: MessageId) -> WebhookDelivery:
    """Store a delivery, and wake the endpoint's job when it is due."""
    delivery = WebhookDelivery(
        partner_id=endpoint.partner_id,
        endpoint_id=endpoint.endpoint_id,
        message_id=message_id,
        event_type=event.event_type,
        body=render_body(event),
        due_at=event.at,
        next_attempt_at=event.at,
        give_up_at=event.at + TRIED_FOR,
        subject=event.subject,
    )
    act.uow.webhook_deliveries.add(delivery)
    call(act, endpoint, delivery.next_attempt_at)
    return delivery


def call(act: Act, endpoint: WebhookEndpoint, due: datetime) -> None:
    """Let the endpoint's one job run when something is due, and the endpoint does not rest."""
    at = endpoint.call_at(due, now=act.now)
    job = Job(
        job_id=new_id(act, "job"),
        kind=endpoint.lane,
        key=job_key(endpoint),
        created_at=act.now,
        next_attempt_at=at,
    )
    if not act.uow.jobs.add(job):
        act.uow.jobs.bring_forward(job.kind, job.key, to=at)


def job_key(endpoint: WebhookEndpoint) -> str:
    """Return the key of the endpoint's job: there is one for each, so that one try is under way at most."""
    return f"{endpoint.partner_id}{_BETWEEN}{endpoint.endpoint_id}"


def endpoint_of(key: str) -> tuple[PartnerId, EndpointId]:
    """Return whose job a key names."""
    partner_id, _, endpoint_id = key.partition(_BETWEEN)
    return PartnerId(partner_id), EndpointId(endpoint_id)
