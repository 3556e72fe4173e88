"""Endpoints and deliveries as JSON values: what the API answers, the command line prints, and a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eztong.domain.canonical_json import render_time
from eztong.domain.webhooks.delivery import DeliveryAttempt, WebhookDelivery
from eztong.domain.webhooks.endpoint import DisabledBecause, WebhookEndpoint

NOTICES = {
    DisabledBecause.PARTNER: "Switched off by the partner.",
    DisabledBecause.OPERATOR: "Switched off by the operator.",
    DisabledBecause.FAILING: "Nothing arrived here for three days. Mend the server, enable the endpoint, and send "
    "again what failed.",
    DisabledBecause.GONE: "The server answered 410, which says that nobody shall call it again.",
}
"""What a disabled endpoint says of itself where endpoints are listed."""


def describe_endpoint(endpoint: WebhookEndpoint, *, now: datetime) -> dict[str, Any]:
    """Return what its partner may see of an endpoint: everything but the secret."""
    because, signs = endpoint.disabled_because, endpoint.previous_signs(now=now)
    return {
        "id": endpoint.endpoint_id,
        "url": endpoint.url,
        "event_types": sorted(endpoint.event_types),
        "state": endpoint.state.value,
        "disabled_because": None if because is None else because.value,
        "disabled_at": _time(endpoint.disabled_at),
        "notice": None if because is None else NOTICES[because],
        "created_at": render_time(endpoint.created_at),
        "secret_made_at": render_time(endpoint.secret_made_at),
        "public_key": endpoint.public_key,
        "previous_public_key": endpoint.previous_public_key if signs else None,
        "previous_secret_until": _time(endpoint.previous_until) if signs else None,
        "delivered_at": _time(endpoint.delivered_at),
        "failures": endpoint.failures,
    }


def describe_delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    """Return what its partner may see of a delivery, without what was sent."""
    is_settled = delivery.settled_at is not None
    return {
        "id": delivery.message_id,
        "type": delivery.event_type.value,
        "state": delivery.state.value,
        "due_at": render_time(delivery.due_at),
        "attempts": delivery.attempts,
        "failure": None if delivery.failure is None else delivery.failure.value,
        "next_attempt_at": None if is_settled else render_time(delivery.next_attempt_at),
        "settled_at": _time(delivery.settled_at),
    }


def describe_with_log(delivery: WebhookDelivery, attempts: Sequence[DeliveryAttempt]) -> dict[str, Any]:
    """Return a delivery with what was sent and how each try went; nothing that a server answered but its status."""
    return describe_delivery(delivery) | {"body": delivery.body, "log": [_attempt(one) for one in attempts]}


def _attempt(attempt: DeliveryAttempt) -> dict[str, Any]:
    tried = attempt.tried
    return {
        "number": attempt.number,
        "at": render_time(attempt.at),
        "status": tried.status,
        "failure": None if tried.failure is None else tried.failure.value,
        "milliseconds": tried.milliseconds,
        "read_bytes": tried.read_bytes,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else render_time(moment)
