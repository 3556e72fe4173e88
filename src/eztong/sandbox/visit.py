"""A visit to the sandbox's pages: every page says which fault is on, and where the other pages are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from starlette.responses import Response
from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.pages import visit as shared
from eztong.pages.assets import Assets
from eztong.ports.act import HOLDER
from eztong.ports.sandbox import PartnerApi, SandboxControls
from eztong.ports.services import Services

OVERVIEW: Final = "/sandbox"
PERSONAS: Final = "/sandbox/personas"
INBOX: Final = "/sandbox/inbox"
CONTROLS: Final = "/sandbox/controls"
HOTEL: Final = "/sandbox/hotel"
GAME: Final = "/sandbox/game"
SIDE_BY_SIDE: Final = "/sandbox/side-by-side"
NAVIGATION: Final = (
    (OVERVIEW, "sandbox.nav_overview"),
    (PERSONAS, "sandbox.nav_personas"),
    (INBOX, "sandbox.nav_inbox"),
    (CONTROLS, "sandbox.nav_controls"),
    (HOTEL, "sandbox.nav_hotel"),
    (GAME, "sandbox.nav_game"),
    (SIDE_BY_SIDE, "sandbox.nav_side_by_side"),
)
STATIC: Final = Path(__file__).parent / "static"
PLAN: Final = shared.DoorPlan(
    by=HOLDER, templates=Path(__file__).parent / "templates", cookie="ezt_sandbox", home=OVERVIEW, sign_in=OVERVIEW
)
Command: TypeAlias = Callable[[str], str]
"""Returns what is typed on this machine for a command of eztong, such as ``sandbox reset``."""
UNREACHABLE: Final = "unreachable"


class SandboxDoor(shared.Door["Visit"]):
    """What the sandbox's pages have beyond those of other doors: the switches, and the demo partners' client."""

    def __init__(
        self, services: Services, assets: Assets, *, controls: SandboxControls, api: PartnerApi, command: Command
    ) -> None:
        super().__init__(services, PLAN, assets=assets, visit_type=Visit)
        self.command: Final = command
        self.controls: Final = controls
        self.api: Final = api


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(shared.Visit):
    """A request of a browser to the sandbox's pages."""

    door: SandboxDoor = field(repr=False)

    @override
    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Render a page within the sandbox's frame."""
        frame: dict[str, Any] = {"navigation": NAVIGATION, "fault": self._fault(), "command": self.door.command}
        return shared.Visit.page(self, template, status=status, **(frame | context))

    def _fault(self) -> str:
        try:
            return self.door.controls.fault().value
        except Unavailable:
            return UNREACHABLE
