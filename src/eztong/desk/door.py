"""The table of the desk door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.desk import counter, frames, live, set_up, sign, sign_in
from eztong.desk.visit import HOME, PLACE, PLAN, SET_UP, SIGN_IN, Visit
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import Door
from eztong.ports.services import Services


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the door."""
    door = Door(services, PLAN, assets=assets, visit_type=Visit)
    return [
        page(door, HOME, get=counter.show, post=counter.check),
        page(door, counter.CHECKS_PATH + "/{entry_id}", get=counter.show_again),
        page(door, SIGN_IN, get=sign_in.ask, post=sign_in.sign_in),
        page(door, SET_UP, get=set_up.ask, post=set_up.go_on),
        page(door, "/desk/sign-out", post=sign_in.sign_out),
        page(door, PLACE, get=sign_in.ask_place, post=sign_in.take),
        page(door, "/desk/checklist", post=counter.tick_off),
        page(door, "/desk/live", get=live.show),
        page(door, "/desk/sign", get=sign.show, post=sign.make),
        frames.route(door),
    ]
