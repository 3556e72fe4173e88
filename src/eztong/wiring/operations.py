"""What probes and monitors ask: whether the process lives, whether it can work, and its numbers.

``/healthz`` is answered on the event loop, so it says that the process lives whatever the worker threads wait for; the
other two have a thread of their own.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.storage.beside.went_back import read_went_back
from eztong.adapters.storage.stored.reach import missing_ends, newest_batch
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.incidents.incident import Incident, Phase
from eztong.http.problems import status_and_headers
from eztong.ports.services import Services
from eztong.usecases.drills.note_drill import read_drills
from eztong.wiring.build import Built
from eztong.wiring.checks.findings import english, words
from eztong.wiring.checks.stored_data import (
    RESTS,
    doubt_in_clock,
    published_keys,
    said_of,
    said_of_clock,
    said_of_return,
    said_of_times,
    stands_behind,
)

_BEARER: Final = "bearer"


def operations_routes(built: Built) -> list[Route]:
    """Return the routes; the thread that they use ends with the process."""
    thread = ThreadPoolExecutor(1, "operations")
    return [
        Route("/healthz", _alive),
        Route("/readyz", _apart(thread, lambda _request: _ready(built))),
        Route("/metrics", _apart(thread, lambda request: _metrics(request, built))),
    ]


async def _alive(_request: Request) -> Response:
    return PlainTextResponse("ok\n")


def _apart(thread: Executor, work: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await asyncio.get_running_loop().run_in_executor(thread, work, request)

    return endpoint


def _ready(built: Built) -> Response:
    try:
        built.services.store.check_health()
    except EztongError as error:
        status, headers = status_and_headers(error)
        return PlainTextResponse(f"not ready: {error.detail}\n", status, headers)
    return PlainTextResponse("".join(f"{line}\n" for line in ("ready", *_standing(built))))


def _standing(built: Built) -> Iterator[str]:
    """Say which authority is asked and what is open: no reason to be less ready."""
    services = built.services
    yield f"authority: {services.authority.adapter_id}"
    yield from _warnings(built)
    for incident in _open_incidents(services):
        yield f"open: {incident.incident_id} {incident.kind.value}"


def _warnings(built: Built) -> Iterator[str]:
    """Say what an operator must look into, and no probe can mend."""
    database = built.settings.stored_at
    try:
        missing = missing_ends(database, published_keys(built.keyring))
        went_back = read_went_back(database)
        doubt = doubt_in_clock(built.settings)
        newest = newest_batch(database)
    except (EztongError, OSError) as error:
        yield f"warning: EZT018 {words(error)}"
        return
    if missing:
        yield f"warning: EZT018 {said_of(missing).english}"
    behind = stands_behind(newest.at, now=built.services.clock.now())
    if behind is not None:
        yield f"warning: EZT019 {said_of_clock(behind).english}"
    if newest.passed_over:
        yield f"warning: EZT019 {said_of_times(newest).english}"
    if doubt is not None:
        yield f"warning: EZT019 {doubt.english}"
    if went_back is not None:
        yield f"warning: EZT021 {said_of_return(went_back).english} {english(RESTS)}"


def _open_incidents(services: Services) -> Sequence[Incident]:
    now = services.clock.now()
    return [one for one in services.incidents.look().running if one.phase(now) is Phase.OPEN]


def _metrics(request: Request, built: Built) -> Response:
    """Return the numbers to whom they are meant for.

    Raises:
        NotFound: without the token that the settings name; in live mode also where they name none.
    """
    if not _may_read_metrics(request.headers.get("authorization", ""), built):
        raise NotFound("There is nothing at this address.")
    services = built.services
    with services.store.read() as stored:
        for kind, depth in stored.jobs.depths().items():
            built.metrics.queue_depth(kind.value, depth)
        now = services.clock.now()
        backlog = stored.webhook_deliveries.backlog(now=now)
        drill = read_drills(stored=stored).whole
    built.metrics.drill_age(-1.0 if drill is None else max((now - drill.at).total_seconds(), 0.0))
    since = now if backlog.oldest is None else backlog.oldest
    built.metrics.webhook_backlog(backlog.waiting, max((now - since).total_seconds(), 0.0))
    built.metrics.incidents_open(len(_open_incidents(services)))
    if isinstance(services.authority, HttpAuthority):
        built.metrics.authority_state(services.authority.circuit.phase.value)
    text, content_type = built.metrics.render()
    return Response(text, headers={"content-type": content_type})


def _may_read_metrics(header: str, built: Built) -> bool:
    token = built.settings.metrics_token
    if token is None:
        return built.services.deployment.is_sandbox
    scheme, _, sent = header.partition(" ")
    return scheme.lower() == _BEARER and hmac.compare_digest(sent.strip().encode(), token.get_secret_value().encode())
