"""The table of the sandbox's pages: which page answers which address."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from starlette.routing import Route

from eztong.domain.errors import NotPermitted
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.ports.sandbox import PartnerApi, SandboxControls
from eztong.ports.services import Services
from eztong.sandbox import controls as controls_page
from eztong.sandbox import game, hotel, inbox, overview, personas, side_by_side, visit
from eztong.sandbox.visit import STATIC, Command, SandboxDoor

__all__ = ["STATIC", "routes"]

SITE_THREADS: Final = 16


def routes(
    services: Services,
    assets: Assets,
    *,
    controls: SandboxControls,
    api: PartnerApi,
    command: Command,
    desk: str | None = None,
) -> list[Route]:
    """Return the routes of the pages; ``desk`` is the address of the partner desk, if there is one.

    ``command`` returns what is typed for a command on this machine.

    Raises:
        NotPermitted: the deployment is live.
    """
    if not services.deployment.is_sandbox:
        raise NotPermitted("The inbox shows message codes: it exists in the sandbox only.")
    door = SandboxDoor(services, assets, controls=controls, api=api, command=command)
    return [
        page(door, visit.OVERVIEW, get=overview.show),
        page(door, visit.PERSONAS, get=personas.show, post=personas.be),
        page(door, visit.INBOX, get=inbox.show),
        Route(f"{visit.INBOX}/clear", inbox.Clearing(services).clear, methods=["POST"]),
        page(door, visit.CONTROLS, get=controls_page.show),
        page(door, "/sandbox/clock", post=controls_page.move_clock),
        page(door, "/sandbox/fault", post=controls_page.switch_fault),
        *_demo_sites(door),
        page(door, visit.SIDE_BY_SIDE, get=side_by_side.SideBySide(desk).show),
    ]


def _demo_sites(door: SandboxDoor) -> list[Route]:
    # Their handlers wait for /v1 on this very server: with threads of their own they cannot starve it.
    threads = ThreadPoolExecutor(SITE_THREADS, thread_name_prefix="demo-site")
    return [
        page(door, visit.HOTEL, get=hotel.show, post=hotel.check_code, threads=threads),
        page(door, f"{visit.HOTEL}/requests", post=hotel.ask, threads=threads),
        page(door, f"{visit.HOTEL}/requests/{{request_id}}", get=hotel.show_request, threads=threads),
        page(door, visit.GAME, get=game.show, post=game.ask, threads=threads),
        page(door, f"{visit.GAME}/requests/{{request_id}}", get=game.show_request, threads=threads),
    ]
