"""The whole service as one ASGI application: all doors, shared middleware, background work, clean stop."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from eztong import citizen, desk
from eztong.adapters.authority.http_client import HttpAuthority
from eztong.adapters.clock import SystemClock
from eztong.citizen import scan
from eztong.desk import frames
from eztong.domain.errors import EztongError
from eztong.http.correlation import CorrelationMiddleware
from eztong.http.headers import SecurityHeadersMiddleware
from eztong.http.logs import AccessLogMiddleware
from eztong.http.metrics import Metrics, MetricsMiddleware, labelled
from eztong.http.problems import problem_of
from eztong.http.sanity import SanityMiddleware
from eztong.pages.assets import Assets
from eztong.pages.frames import MAX_BODY
from eztong.partner_api.application import build_partner_api
from eztong.partner_api.docs_page import docs_routes
from eztong.partner_api.hot_path import VerificationHotPath
from eztong.partner_api.verify_call import Verifier
from eztong.ports.entropy import Entropy
from eztong.ports.limiter import Limit
from eztong.sandbox import door as sandbox_door
from eztong.sandbox import test_helpers
from eztong.tencentcloud.door import TencentDoor
from eztong.tencentcloud.input_keys import input_key_routes
from eztong.wiring.background import background
from eztong.wiring.build import Built
from eztong.wiring.demo_key import own_api

STATIC_FOLDERS = (citizen.STATIC, desk.STATIC, sandbox_door.STATIC)
DESK = "/desk"
CAMERA_PATHS = ("/desk", "/scan")
LARGER_BODIES = {frames.PATH: MAX_BODY, scan.FRAME_PATH: MAX_BODY}
COLLECTOR_THRESHOLDS = (50_000, 20, 50)


def build_application(built: Built) -> ASGIApp:
    """Return the application; starting it starts the background work, stopping it loses no acknowledged write."""
    services = built.services
    api = own_api(built.settings, services=services) if built.sandbox is not None else None
    routers: list[APIRouter] = [test_helpers.router] if built.sandbox is not None else []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        spare_the_collector()
        async with built.store.on_event_loop(), background(built):
            yield
        if api is not None:
            api.close()
        built.close()

    limit = Limit("verifications", built.settings.verifications_per_minute, 60)
    verifier = Verifier(services=services, limit=limit, metrics=built.metrics)
    app = build_partner_api(verifier, extra_routers=routers, lifespan=lifespan)
    app.state.sandbox = built.sandbox
    assets = Assets(*STATIC_FOLDERS)
    routes = [assets.route(), *_operations(built), *docs_routes(), *citizen.routes(services, assets, built.streams)]
    routes += [*desk.routes(services, assets), *input_key_routes(services)]
    if built.sandbox is not None and api is not None:
        routes += sandbox_door.routes(services, assets, controls=built.sandbox, api=api, desk=_desk_among(routes))
    app.router.routes.extend(labelled(route) for route in routes)
    https = services.deployment.is_secure
    own_frames = api is not None
    dressed = with_middleware(app, metrics=built.metrics, entropy=services.entropy, https=https, own_frames=own_frames)
    hot = VerificationHotPath(dressed, verifier=verifier, https=https, own_frames=own_frames)
    return TencentDoor(
        hot,
        services=services,
        metrics=built.metrics,
        own_host=built.settings.tencent_host,
        signing_clocks=(services.clock, SystemClock()) if services.deployment.is_sandbox else (services.clock,),
    )


def spare_the_collector() -> None:
    """Take what start-up made out of the garbage collector's rounds, and make the rounds rarer.

    Nothing of a request is cyclic, so reference counts free it at once; the default thresholds spend several percent
    of a busy core on looking at the same long-lived objects again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def with_middleware(
    app: ASGIApp, *, metrics: Metrics, entropy: Entropy, https: bool, own_frames: bool = False
) -> ASGIApp:
    """Dress an application in what every door shares."""
    app = SanityMiddleware(app, larger=LARGER_BODIES)
    app = SecurityHeadersMiddleware(app, https=https, own_frames=own_frames, camera_paths=CAMERA_PATHS)
    app = MetricsMiddleware(app, metrics=metrics)
    app = AccessLogMiddleware(app)
    return CorrelationMiddleware(app, entropy=entropy)


def _desk_among(routes: Sequence[Route]) -> str | None:
    """Return the address of the partner desk, if this deployment has one."""
    return next((route.path for route in routes if route.path == DESK), None)


def _operations(built: Built) -> list[Route]:
    services = built.services

    def alive(_request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    def ready(_request: Request) -> Response:
        try:
            services.store.check_health()
        except EztongError as error:
            problem = problem_of(error)
            return Response(f"not ready: {problem.detail}\n", status_code=problem.status, media_type="text/plain")
        return Response("ready\n", media_type="text/plain")

    def metrics(_request: Request) -> Response:
        with services.store.read() as stored:
            for name, depth in stored.queues.depths().items():
                built.metrics.queue_depth(name, depth)
        if isinstance(services.authority, HttpAuthority):
            built.metrics.authority_state(services.authority.circuit.phase.value)
        text, content_type = built.metrics.render()
        return Response(text, headers={"content-type": content_type})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
