"""The whole service as one ASGI application: all doors, shared middleware, background work, clean stop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from eztong import citizen
from eztong.domain.errors import EztongError
from eztong.http.correlation import CorrelationMiddleware
from eztong.http.headers import SecurityHeadersMiddleware
from eztong.http.logs import AccessLogMiddleware
from eztong.http.metrics import MetricsMiddleware
from eztong.http.problems import problem_of
from eztong.http.sanity import SanityMiddleware
from eztong.partner_api.application import build_partner_api
from eztong.partner_api.docs_page import docs_routes
from eztong.sandbox import inbox_page, test_helpers
from eztong.wiring.background import background
from eztong.wiring.build import Built


def build_application(built: Built) -> ASGIApp:
    """Return the application; starting it starts the background work, stopping it loses no acknowledged write."""
    services = built.services
    routers: list[APIRouter] = [test_helpers.router] if built.sandbox is not None else []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with background(built):
            yield
        built.close()

    app = build_partner_api(
        services,
        metrics=built.metrics,
        verifications_per_minute=built.settings.verifications_per_minute,
        extra_routers=routers,
        lifespan=lifespan,
    )
    app.state.sandbox = built.sandbox
    routes = [*_operations(built), *docs_routes(), *citizen.routes(services)]
    if built.sandbox is not None:
        routes += inbox_page.routes(services)
    app.router.routes.extend(routes)
    return _with_middleware(app, built)


def _with_middleware(app: ASGIApp, built: Built) -> ASGIApp:
    app = SanityMiddleware(app)
    app = SecurityHeadersMiddleware(app, https=built.services.deployment.is_secure)
    app = MetricsMiddleware(app, metrics=built.metrics)
    app = AccessLogMiddleware(app)
    return CorrelationMiddleware(app, entropy=built.services.entropy)


def _operations(built: Built) -> list[Route]:
    def alive(_request: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    def ready(_request: Request) -> Response:
        try:
            built.services.store.check_health()
        except EztongError as error:
            problem = problem_of(error)
            return Response(f"not ready: {problem.detail}\n", status_code=problem.status, media_type="text/plain")
        return Response("ready\n", media_type="text/plain")

    def metrics(_request: Request) -> Response:
        text, content_type = built.metrics.render()
        return Response(text, headers={"content-type": content_type})

    return [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", metrics)]
