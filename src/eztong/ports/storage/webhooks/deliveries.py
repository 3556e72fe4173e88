"""The repository of webhook deliveries: the outbox, and the log of what was tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.delivery import DeliveryAttempt, DeliveryFailure, WebhookDelivery
from eztong.domain.webhooks.endpoint import EndpointId
from eztong.domain.webhooks.event import MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits and is due, of all partners: how many deliveries, and since when the oldest is due."""

    waiting: int
    oldest: datetime | None


class WebhookDeliveryRepository(Protocol):
    """What is told to endpoints. A delivery belongs to its endpoint and goes with it."""

    def add(self, delivery: WebhookDelivery) -> None:
        """Store a delivery, in the unit of work of what it tells."""
        ...

    def get(self, partner_id: PartnerId, endpoint_id: EndpointId, message_id: MessageId) -> WebhookDelivery | None:
        """Return a delivery of the endpoint."""
        ...

    def next_of(self, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookDelivery | None:
        """Return the pending delivery of the endpoint that is to be tried first, also if that lies ahead.

        One that cannot be read keeps no other back.
        """
        ...

    def list(
        self, partner_id: PartnerId, endpoint_id: EndpointId, *, before: MessageId | None, now: datetime, limit: int
    ) -> Listed[WebhookDelivery]:
        """Return what was due by ``now``, newest ids first, behind ``before``."""
        ...

    def save(self, delivery: WebhookDelivery) -> bool:
        """Store what changed of a delivery, its tries included; return whether it is still there."""
        ...

    def add_attempt(self, delivery: WebhookDelivery, attempt: DeliveryAttempt) -> None:
        """Add a line to the log of a delivery."""
        ...

    def attempts(self, delivery: WebhookDelivery) -> Sequence[DeliveryAttempt]:
        """Return the log of a delivery, oldest first."""
        ...

    def drop(self, delivery: WebhookDelivery) -> None:
        """Remove a delivery that came to nothing before it was due."""
        ...

    def give_up(
        self, partner_id: PartnerId, endpoint_id: EndpointId, *, failure: DeliveryFailure, now: datetime
    ) -> int:
        """End every pending delivery of the endpoint as failed; return how many."""
        ...

    def backlog(self, *, now: datetime) -> Backlog:
        """Return what waits and is due."""
        ...
