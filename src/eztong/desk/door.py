"""The table of the desk door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.desk import counter, frames, live, sign, sign_in
from eztong.desk.visit import DOOR, HOME, PLACE, SIGN_IN, Visit
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import House
from eztong.ports.services import Services


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the door."""
    house = House(services, DOOR, assets=assets, visit_type=Visit)
    return [
        page(house, HOME, get=counter.show, post=counter.check),
        page(house, counter.CHECKS_PATH + "/{entry_id}", get=counter.show_again),
        page(house, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(house, "/desk/sign-out", post=sign_in.sign_out),
        page(house, PLACE, get=sign_in.ask_place, post=sign_in.take),
        page(house, "/desk/checklist", post=counter.tick_off),
        page(house, "/desk/live", get=live.show),
        page(house, "/desk/sign", get=sign.show, post=sign.make),
        frames.route(house),
    ]
