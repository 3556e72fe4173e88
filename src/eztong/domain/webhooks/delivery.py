"""Deliveries: one message for one endpoint, tried with growing pauses for up to three days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.identifiers import PartnerId
from eztong.domain.jobs.job import RULES, JobKind
from eztong.domain.webhooks.endpoint import LONGEST_REST, DisabledBecause, EndpointId, WebhookEndpoint
from eztong.domain.webhooks.event import MessageId, WebhookEventType

TRIED_FOR: Final = timedelta(days=3)
"""How long a delivery is tried."""
DELIVERIES_FOR: Final = timedelta(days=30)
"""How long a delivery is listed after it was due."""
_SUCCESS: Final = range(200, 300)
_REDIRECT: Final = range(300, 400)
_REFUSAL: Final = range(400, 500)
_GONE: Final = 410


class DeliveryUnknown(NotFound):
    """The endpoint has no such delivery, or it is no longer kept."""

    code = "webhook_delivery_unknown"
    advice = "List the deliveries of the endpoint and take the id from there; they are kept for 30 days."


class DeliveryPending(StateConflict):
    """The delivery waits to be tried by itself."""

    code = "webhook_delivery_pending"
    advice = "It is tried again by itself; send it again once it arrived or was given up."


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryFailure(StrEnum):
    """Why a try failed, as coarsely as helps: never what was answered, nor which address a name leads to."""

    ADDRESS = "address_refused"
    """The name leads to no address that may be called."""

    NO_CONNECTION = "no_connection"
    TLS = "tls_failed"
    """The certificate is not one for this name, or no secure connection came about."""

    TIMEOUT = "timeout"
    UNREADABLE = "unreadable_answer"
    REDIRECTED = "redirected"
    """It answered with another address, which is never followed."""

    REFUSED = "client_error"
    SERVER_ERROR = "server_error"
    DISABLED = "endpoint_disabled"
    """The endpoint was switched off while this waited."""

    PARTNER = "partner_not_approved"
    """The partner was suspended for as long as this was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """How one try went: the status that was answered, if any, how long it took, and how many bytes were read."""

    status: int | None = None
    failure: DeliveryFailure | None = None
    milliseconds: int = 0
    read_bytes: int = 0

    @property
    def is_gone(self) -> bool:
        """Say whether it was answered that nobody shall call there again."""
        return self.status == _GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt:
    """A line of the delivery log."""

    number: int
    at: datetime
    tried: Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDelivery:
    """A message to one endpoint. ``give_up_at`` is when its last try is; ``subject`` as of its event."""

    partner_id: PartnerId
    endpoint_id: EndpointId
    message_id: MessageId
    event_type: WebhookEventType
    body: str
    due_at: datetime
    next_attempt_at: datetime
    give_up_at: datetime
    subject: str | None = None
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    failure: DeliveryFailure | None = None
    settled_at: datetime | None = None

    def after(self, tried: Tried, *, now: datetime) -> WebhookDelivery:
        """Return the delivery after a try: arrived, tried again later, or given up after the last moment."""
        attempts = self.attempts + 1
        if tried.failure is None:
            return replace(self, attempts=attempts, state=DeliveryState.DELIVERED, failure=None, settled_at=now)
        if tried.is_gone or now >= self.give_up_at:
            return replace(self, attempts=attempts, state=DeliveryState.FAILED, failure=tried.failure, settled_at=now)
        pause = RULES[JobKind.WEBHOOK_RETRY].backoff.pause_after(self.attempts)
        return replace(
            self, attempts=attempts, failure=tried.failure, next_attempt_at=min(now + pause, self.give_up_at)
        )

    def held(self, *, now: datetime) -> WebhookDelivery:
        """Return the delivery after it was not tried, since its partner gets no answers now."""
        if now >= self.give_up_at:
            return replace(self, state=DeliveryState.FAILED, failure=DeliveryFailure.PARTNER, settled_at=now)
        later = min(now + LONGEST_REST, self.give_up_at)
        return replace(self, failure=DeliveryFailure.PARTNER, next_attempt_at=later)

    def again(self, *, now: datetime) -> WebhookDelivery:
        """Return the delivery to be tried for three days more, under the same id.

        Raises:
            DeliveryPending: it is being tried.
        """
        if self.state is DeliveryState.PENDING:
            raise DeliveryPending
        return replace(
            self,
            state=DeliveryState.PENDING,
            failure=None,
            settled_at=None,
            next_attempt_at=now,
            give_up_at=now + TRIED_FOR,
        )


def failure_of(status: int) -> DeliveryFailure | None:
    """Return what an answered status means; None: it arrived."""
    if status in _SUCCESS:
        return None
    if status in _REDIRECT:
        return DeliveryFailure.REDIRECTED
    return DeliveryFailure.REFUSED if status in _REFUSAL else DeliveryFailure.SERVER_ERROR


def endpoint_after(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, tried: Tried, *, now: datetime
) -> WebhookEndpoint:
    """Return the endpoint after a try of ``delivery``, which is as the try left it.

    Where a delivery is given up and nothing else arrived for as long as it was tried, the endpoint is switched off.
    """
    if tried.failure is None:
        return endpoint.after_success(took=timedelta(milliseconds=tried.milliseconds), now=now)
    failed = endpoint.after_failure(now=now)
    if tried.is_gone:
        return failed.disabled(DisabledBecause.GONE, now=now)
    begun = delivery.give_up_at - TRIED_FOR
    arrived_since = endpoint.delivered_at is not None and endpoint.delivered_at >= begun
    if delivery.state is DeliveryState.FAILED and not arrived_since:
        return failed.disabled(DisabledBecause.FAILING, now=now)
    return failed
