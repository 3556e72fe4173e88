"""A partner's server as the use cases see it, and the queue that they leave for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from typing_extensions import override

from eztong.domain.identifiers import PartnerId
from eztong.domain.jobs.job import JobKind
from eztong.domain.webhooks.delivery import DeliveryFailure, Tried, WebhookDelivery
from eztong.domain.webhooks.endpoint import WebhookEndpoint
from eztong.domain.webhooks.event import CHOOSABLE, WebhookEventType
from eztong.ports.act import PARTNER
from eztong.ports.webhook_sender import SenderStopped, SignedDelivery, WebhookSender
from eztong.usecases.jobs.run_due import run_due
from eztong.usecases.webhooks.deliver_webhook import deliver_webhooks
from eztong.usecases.webhooks.find_endpoint import find_endpoint
from eztong.usecases.webhooks.manage_endpoints import AddEndpoint, WithSecret, add_endpoint
from eztong.usecases.webhooks.read_deliveries import read_deliveries
from tests.unit.usecases.fakes import START, SetClock
from tests.unit.usecases.stage import Stage

HOTEL = PartnerId("hotel")
URL = "https://hotel.example/hooks"
ARRIVED = Tried(status=204, milliseconds=12)
DOWN = Tried(status=503, failure=DeliveryFailure.SERVER_ERROR, milliseconds=7, read_bytes=3)
SILENT = Tried(failure=DeliveryFailure.TIMEOUT, milliseconds=10_000)
GONE = Tried(status=410, failure=DeliveryFailure.REFUSED)
OUTSIDE = SetClock(START + timedelta(days=99))
"""Receivers have a clock of their own."""
LANES = (JobKind.WEBHOOK, JobKind.WEBHOOK_RETRY)


@dataclass(slots=True)
class CollectingSender(WebhookSender):
    """Keeps what is posted, and answers as was chosen; ``while_sending`` happens once, before it answers."""

    answer: Tried = ARRIVED
    sent: list[SignedDelivery] = field(default_factory=list)
    patience: list[timedelta] = field(default_factory=list)
    while_sending: Callable[[], object] | None = None
    is_stopped: bool = False

    @override
    def send(self, delivery: SignedDelivery, *, patience: timedelta) -> Tried:
        if self.is_stopped:
            raise SenderStopped
        self.sent.append(delivery)
        self.patience.append(patience)
        happens, self.while_sending = self.while_sending or (lambda: None), None
        happens()
        return self.answer

    @property
    def ids(self) -> list[str]:
        return [one.headers["webhook-id"] for one in self.sent]

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(one.body) for one in self.sent]

    @property
    def types(self) -> list[str]:
        return [body["type"] for body in self.bodies]


def listen(
    stage: Stage, *types: WebhookEventType, url: str = URL, partner_id: PartnerId = HOTEL, allow_http: bool = False
) -> WithSecret:
    """Add an endpoint that hears these events, or all."""
    command = AddEndpoint(
        partner_id=partner_id, url=url, event_types=frozenset(types or CHOOSABLE), allow_http=allow_http
    )
    return stage.act(add_endpoint, command, by=PARTNER)


def deliver(stage: Stage, sender: WebhookSender, *, rounds: int = 1) -> None:
    """Let the runner do what is due, in both lanes."""
    handler = partial(deliver_webhooks, services=stage.services, sender=sender, outside=OUTSIDE)
    for _ in range(rounds):
        for kind in LANES:
            run_due(kind, handler, services=stage.services)


def now_of(stage: Stage, added: WithSecret) -> WebhookEndpoint:
    return stage.act(find_endpoint, added.endpoint.partner_id, added.endpoint.endpoint_id)


def deliveries(stage: Stage, added: WithSecret) -> list[WebhookDelivery]:
    """Return what the endpoint was told by now, oldest first."""
    whose = (added.endpoint.partner_id, added.endpoint.endpoint_id)
    return list(stage.act(read_deliveries, *whose, before=None, limit=100).listed.those)[::-1]


def waiting(stage: Stage) -> list[tuple[str, str]]:
    """Return kind and key of every job that waits."""
    return stage.select("SELECT kind, key FROM jobs WHERE kind LIKE 'webhook%' AND ended_at IS NULL ORDER BY kind, key")
