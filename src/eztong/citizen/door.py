"""The table of the citizen door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.citizen import (
    accept,
    approve,
    code,
    documents,
    freeze,
    identity,
    my_agreements,
    passkeys,
    phone,
    result,
    start,
    unlock,
)
from eztong.citizen.visit import DOOR, Visit
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import House
from eztong.ports.services import Services


def routes(services: Services, assets: Assets) -> list[Route]:
    """Return the routes of the door."""
    house = House(services, DOOR, assets=assets, visit_type=Visit)
    return [
        page(house, "/", get=start.show),
        page(house, "/documents/{kind}", get=documents.show),
        page(house, "/register", get=accept.show, post=accept.accept, when_forged=accept.go_on),
        page(house, "/register/phone", get=phone.ask, post=phone.send),
        page(house, "/register/otp", get=phone.ask_otp, post=phone.confirm),
        page(house, "/register/identity", get=identity.ask, post=identity.apply),
        page(house, "/register/result", get=result.show),
        page(house, "/unlock", get=unlock.ask, post=unlock.unlock),
        page(house, "/unlock/setup", get=unlock.ask_setup, post=unlock.setup),
        page(house, "/unlock/passkey/options", post=passkeys.offer_to_unlock),
        page(house, "/unlock/passkey", post=passkeys.unlock),
        page(house, "/me/passkeys/options", post=passkeys.offer_new),
        page(house, "/me/passkeys", post=passkeys.add),
        page(house, "/code", get=code.show, post=code.issue),
        page(house, "/code/spoken", post=code.issue_spoken),
        page(house, "/r/{token}", get=approve.show, post=approve.answer),
        page(house, "/freeze", get=freeze.ask, post=freeze.freeze),
        page(house, "/me/agreements", get=my_agreements.show),
        page(house, "/me/agreements/{acceptance_id}", get=my_agreements.show_text),
        page(house, "/me/agreements/{acceptance_id}/receipt", get=my_agreements.receipt),
    ]
