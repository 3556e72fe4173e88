"""Find an endpoint of a partner, and open its secrets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.endpoint import EndpointId, EndpointUnknown, WebhookEndpoint
from eztong.domain.webhooks.signature import SigningSecret, read_secret
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories

CURRENT: Final = "sealed_secret"
PREVIOUS: Final = "sealed_previous"


def find_endpoint(partner_id: PartnerId, endpoint_id: EndpointId, *, stored: Repositories) -> WebhookEndpoint:
    """Return the endpoint.

    Raises:
        EndpointUnknown: the partner has no such endpoint.
    """
    endpoint = stored.webhook_endpoints.get(partner_id, endpoint_id)
    if endpoint is None:
        raise EndpointUnknown
    return endpoint


def open_secret(endpoint: WebhookEndpoint, *, keys: Keys) -> SigningSecret:
    """Return what signs for the endpoint.

    Raises:
        eztong.gm.errors.DecryptionFailed: it was changed in the store, or the keyring lost the key it is sealed under.
    """
    return read_secret(keys.open(endpoint.sealed_secret, place=secret_place(endpoint.endpoint_id, CURRENT)))


def signing_secrets(endpoint: WebhookEndpoint, *, keys: Keys, now: datetime) -> Sequence[SigningSecret]:
    """Return every secret that signs for the endpoint now, the newest first.

    Raises:
        eztong.gm.errors.DecryptionFailed: one was changed in the store, or its key is lost.
    """
    secrets = [open_secret(endpoint, keys=keys)]
    if endpoint.sealed_previous is not None and endpoint.previous_signs(now=now):
        place = secret_place(endpoint.endpoint_id, PREVIOUS)
        secrets.append(read_secret(keys.open(endpoint.sealed_previous, place=place)))
    return secrets


def secret_place(endpoint_id: EndpointId, column: str) -> tuple[str, str, str]:
    """Return what a sealed secret is bound to."""
    return ("webhook_endpoints", endpoint_id, column)
