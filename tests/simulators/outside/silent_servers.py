"""Many servers of partners of which all but one never answer, and the lanes that deliver to them at work."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic, sleep

from eztong.adapters.webhooks.delivering import WebhookLanes
from eztong.domain.identifiers import PartnerId
from eztong.domain.jobs.job import JobKind
from eztong.domain.webhooks.endpoint import MOST_ENDPOINTS, EndpointId
from eztong.domain.webhooks.event import CHOOSABLE
from eztong.ports.act import OPERATOR, SYSTEM, Act
from eztong.usecases.partners.register_partner import RegisterPartner, register_partner
from eztong.usecases.webhooks.manage_endpoints import AddEndpoint, add_endpoint
from eztong.usecases.webhooks.send_again import send_test
from eztong.wiring.background import PAUSE_SECONDS, WorkStep, webhook_steps
from eztong.wiring.build import Built
from tests.simulators.outside.gateway import Gateway

HOTEL = PartnerId("hotel")
_PATIENCE = 60.0


@contextmanager
def silent_port() -> Iterator[int]:
    """Listen on a port where connections come about and nothing is ever read or said."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as server:
        yield int(server.getsockname()[1])


@contextmanager
def delivering(built: Built) -> Iterator[WebhookLanes]:
    """Run the background work of webhooks until the block ends."""
    lanes, ends = WebhookLanes(built.services, built.webhooks), Event()
    threads = [Thread(target=_repeat, args=(step, ends)) for step in webhook_steps(built, lanes)]
    for thread in threads:
        thread.start()
    try:
        yield lanes
    finally:
        ends.set()
        for thread in threads:
            thread.join()
        lanes.close()


def _repeat(step: WorkStep, ends: Event) -> None:
    while not ends.is_set():
        if not step.act():
            # Nobody calls a step here when something is due.
            ends.wait(PAUSE_SECONDS)


def add_silent(built: Built, port: int, count: int, *, answered_before: bool = False) -> None:
    """Add so many endpoints at the port, of as many partners as that takes, and queue a message for each.

    Those that ``answered_before`` are known as good until now.
    """

    def add(act: Act) -> None:
        for number in range(count):
            partner_id = PartnerId(f"silent-{number // MOST_ENDPOINTS}")
            if number % MOST_ENDPOINTS == 0:
                named = RegisterPartner(partner_id=partner_id, name="默", name_en="Silent", sector_id="silent")
                register_partner(act, named)
            endpoint_id = _added(act, partner_id, f"http://127.0.0.1:{port}/{number}")
            endpoint = act.uow.webhook_endpoints.get(partner_id, endpoint_id)
            if answered_before and endpoint is not None:
                act.uow.webhook_endpoints.save(endpoint.after_success(took=timedelta(), now=act.now))
            _queue(act, partner_id, endpoint_id)

    built.services.perform(SYSTEM, add)


def add_healthy(built: Built, url: str) -> EndpointId:
    """Add an endpoint of the hotel."""
    return built.services.perform(OPERATOR, _added, HOTEL, url)


def delay_of_one(built: Built, receiver: Gateway, endpoint_id: EndpointId) -> float:
    """Queue a message for the healthy endpoint, and return after how many seconds it arrived."""
    before, begun = len(receiver.requests), monotonic()
    built.services.perform(OPERATOR, _queue, HOTEL, endpoint_id)
    while len(receiver.requests) == before:
        assert monotonic() - begun < _PATIENCE, "it did not arrive"
        sleep(0.01)
    return monotonic() - begun


def waiting_in(built: Built, kind: JobKind) -> int:
    """Return how many endpoints wait in a lane."""
    with built.services.store.read() as stored:
        return len(stored.jobs.due(kind, now=built.services.clock.now(), limit=10_000))


def _added(act: Act, partner_id: PartnerId, url: str) -> EndpointId:
    command = AddEndpoint(partner_id=partner_id, url=url, event_types=frozenset(CHOOSABLE), allow_http=True)
    return add_endpoint(act, command).endpoint.endpoint_id


def _queue(act: Act, partner_id: PartnerId, endpoint_id: EndpointId) -> None:
    send_test(act, partner_id, endpoint_id)
