"""The table of the sandbox's pages: which page answers which address."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.routing import Route

from eztong.domain.errors import NotPermitted
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door, House, Visit
from eztong.ports.services import Services
from eztong.sandbox import inbox_page

STATIC: Final = Path(__file__).parent / "static"
DOOR: Final = Door(
    templates=Path(__file__).parent / "templates", cookie="ezt_sandbox", home="/sandbox", sign_in="/sandbox"
)


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the pages.

    Raises:
        NotPermitted: the deployment is live.
    """
    if not services.deployment.is_sandbox:
        raise NotPermitted("The inbox shows message codes: it exists in the sandbox only.")
    house = House(services, DOOR, assets=assets, visit_type=Visit)
    return [
        page(house, inbox_page.PATH, get=inbox_page.show),
        Route(f"{inbox_page.PATH}/clear", inbox_page.Clearing(services).clear, methods=["POST"]),
    ]
