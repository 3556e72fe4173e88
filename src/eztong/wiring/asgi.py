"""The whole service as one ASGI application: all doors, shared middleware, background work, clean stop."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from eztong import citizen, console, desk, partner_portal
from eztong.adapters.clock import SystemClock
from eztong.citizen import visit as citizen_visit
from eztong.citizen.codes import scan
from eztong.console import visit as console_visit
from eztong.console.agreement_sets import drafting
from eztong.console.branding import page as branding
from eztong.desk import frames
from eztong.desk import visit as desk_visit
from eztong.http.direct.route import DirectRoute
from eztong.http.exchange import ExchangeMiddleware, Exchanges
from eztong.http.failures import FailureMiddleware
from eztong.http.headers import SecurityHeadersMiddleware
from eztong.http.hosts import Hosts, OwnHostsMiddleware
from eztong.http.metrics import labelled
from eztong.http.notice import NoticeMiddleware
from eztong.http.sanity import SanityMiddleware
from eztong.pages.assets import Assets
from eztong.pages.brand import brand_routes
from eztong.pages.frames import MAX_BODY
from eztong.pages.unknown_addresses import with_pages
from eztong.pages.visit import Door
from eztong.partner_api.application import answer_problem, build_partner_api
from eztong.partner_api.docs_page import docs_routes
from eztong.partner_api.verify_call import Verifier
from eztong.partner_portal import apply_form
from eztong.partner_portal import visit as portal_visit
from eztong.partner_portal.visit import APPLY, APPLY_STATE
from eztong.ports.limiter import Limit
from eztong.ports.services import Services
from eztong.sandbox import door as sandbox_door
from eztong.sandbox import test_helpers
from eztong.sandbox import visit as sandbox_visit
from eztong.tencentcloud.door import TencentDoor
from eztong.tencentcloud.transport.input_keys import input_key_routes
from eztong.tencentcloud.transport.request import is_own_host
from eztong.wiring.background import background
from eztong.wiring.build import Built
from eztong.wiring.compliance.pack import compliance_pack
from eztong.wiring.demo_key import own_api
from eztong.wiring.doctor import examine
from eztong.wiring.machine.own_machine import OwnMachine
from eztong.wiring.operations import operations_routes

STATIC_FOLDERS = (citizen.STATIC, desk.STATIC, sandbox_door.STATIC)
DESK = "/desk"
CONSOLE = "/console"
PORTAL = "/partner"
CAMERA_PATHS = ("/desk", "/scan")
LARGER_BODIES = {
    frames.PATH: MAX_BODY,
    scan.FRAME_PATH: MAX_BODY,
    drafting.DRAFT: drafting.MAX_BODY,
    branding.HOME: branding.MAX_BODY,
    APPLY: apply_form.MAX_BODY,
    APPLY_STATE: apply_form.MAX_BODY,
}
COLLECTOR_THRESHOLDS = (50_000, 20, 50)


class Application:
    """The service, and the one route of it that a server may answer without asking the application."""

    def __init__(self, app: ASGIApp, direct: DirectRoute) -> None:
        self._app = app
        self.direct = direct

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        await self._app(scope, receive, send)


def build_application(built: Built, *, command: sandbox_visit.Command = "eztong {}".format) -> Application:
    """Return the application; starting it starts the background work, stopping it loses no acknowledged write.

    ``command`` returns what is typed for a command on this machine, which pages of the sandbox print.
    """
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
        # What stays out of the collector's rounds outlives the interpreter: libraries in C++ would call it a leak.
        gc.unfreeze()

    limit = Limit("verifications", built.settings.verifications_per_minute, 60)
    verifier = Verifier(services=services, limit=limit)
    app = build_partner_api(verifier, extra_routers=routers, lifespan=lifespan)
    app.state.sandbox = built.sandbox
    assets = Assets(*STATIC_FOLDERS)
    routes = [
        assets.route(),
        *brand_routes(services.brand),
        *operations_routes(built),
        *docs_routes(),
        *citizen.routes(services, assets, built.streams),
    ]
    routes += [
        *desk.routes(services, assets),
        *_console_routes(built, assets),
        *partner_portal.routes(services, assets),
        *input_key_routes(services),
    ]
    if built.sandbox is not None and api is not None:
        routes += sandbox_door.routes(
            services, assets, controls=built.sandbox, api=api, command=command, desk=_desk_among(routes)
        )
    app.router.routes.extend(labelled(route) for route in routes)
    app.add_exception_handler(HTTPException, with_pages(answer_problem, _doors_of_people(services, assets)))
    return _with_doors(app, verifier, built)


def _console_routes(built: Built, assets: Assets) -> list[Route]:
    settings, services = built.settings, built.services
    return console.routes(
        services,
        assets,
        machinery=OwnMachine(settings),
        examine=partial(examine, settings),
        pack=partial(compliance_pack, settings, services),
    )


def _doors_of_people(services: Services, assets: Assets) -> dict[str, Door[Any]]:
    return {
        DESK: Door(services, desk_visit.PLAN, assets=assets, visit_type=desk_visit.Visit),
        CONSOLE: Door(services, console_visit.PLAN, assets=assets, visit_type=console_visit.Visit),
        PORTAL: Door(services, portal_visit.PLAN, assets=assets, visit_type=portal_visit.Visit),
        "": Door(services, citizen_visit.PLAN, assets=assets, visit_type=citizen_visit.Visit),
    }


def _with_doors(app: ASGIApp, verifier: Verifier, built: Built) -> Application:
    """Set before the framework what answers without it."""
    services, hosts = built.services, hosts_of(built)
    https, own_frames = services.deployment.is_secure, built.sandbox is not None
    exchanges = Exchanges(metrics=built.metrics, entropy=services.entropy)
    own_host = built.settings.tencent_host
    own_of_doors = {host.encode() for host in built.settings.own_hosts}
    door = TencentDoor(
        with_middleware(
            OwnHostsMiddleware(
                NoticeMiddleware(app, notice=services.incidents.header),
                own=built.settings.own_hosts,
                public_url=services.deployment.public_url,
            ),
            exchanges=exchanges,
            hosts=hosts,
            https=https,
            own_frames=own_frames,
        ),
        services=services,
        exchanges=exchanges,
        own_host=own_host,
        signing_clocks=(services.clock, SystemClock()) if services.deployment.is_sandbox else (services.clock,),
    )
    direct = DirectRoute(
        "/v1/verifications",
        verifier.answer_request,
        exchanges=exchanges,
        is_ours=lambda host: hosts.knows(host) and not is_own_host(host, own_host) and host.lower() not in own_of_doors,
        https=https,
        own_frames=own_frames,
        notice=services.incidents.header,
    )
    return Application(door, direct)


def hosts_of(built: Built) -> Hosts:
    """Return the names that the service answers to."""
    settings, deployment = built.settings, built.services.deployment
    named = [deployment.public_url, settings.tencent_host or "", *settings.own_hosts]
    if deployment.is_sandbox and not settings.is_anywhere:
        named.append(f"[{settings.host}]" if ":" in settings.host else settings.host)
    return Hosts(named, is_sandbox=deployment.is_sandbox)


def spare_the_collector() -> None:
    """Take what start-up made out of the garbage collector's rounds, and make the rounds rarer.

    Nothing of a request is cyclic, so reference counts free it at once; the default thresholds spend several percent
    of a busy core on looking at the same long-lived objects again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def with_middleware(
    app: ASGIApp,
    *,
    exchanges: Exchanges,
    https: bool,
    hosts: Hosts | None = None,
    own_frames: bool = False,
) -> ASGIApp:
    """Dress an application in what every door shares; without ``hosts`` it answers to every name."""
    app = FailureMiddleware(app)
    app = SanityMiddleware(app, larger=LARGER_BODIES, hosts=hosts)
    app = SecurityHeadersMiddleware(app, https=https, own_frames=own_frames, camera_paths=CAMERA_PATHS)
    return ExchangeMiddleware(app, exchanges=exchanges)


def _desk_among(routes: Sequence[Route]) -> str | None:
    """Return the address of the partner desk, if this deployment has one."""
    return next((route.path for route in routes if route.path == DESK), None)
