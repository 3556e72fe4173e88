"""The repository of webhook endpoints."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.damage import Listed
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.endpoint import EndpointId, WebhookEndpoint


class WebhookEndpointRepository(Protocol):
    """Where partners' servers hear."""

    def add(self, endpoint: WebhookEndpoint) -> None:
        """Store an endpoint."""
        ...

    def get(self, partner_id: PartnerId, endpoint_id: EndpointId) -> WebhookEndpoint | None:
        """Return an endpoint of the partner."""
        ...

    def list(self, partner_id: PartnerId) -> Listed[WebhookEndpoint]:
        """Return the partner's endpoints, oldest first; one that cannot be read keeps no other back."""
        ...

    def save(self, endpoint: WebhookEndpoint) -> bool:
        """Store what changed of an endpoint; return whether it is still there. Address and choice stay as they are."""
        ...

    def choose(self, endpoint: WebhookEndpoint) -> bool:
        """Store address and chosen events of an endpoint; return whether it is still there."""
        ...

    def remove(self, partner_id: PartnerId, endpoint_id: EndpointId) -> bool:
        """Remove an endpoint with its deliveries; return whether it was there."""
        ...
