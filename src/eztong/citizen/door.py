"""The table of the citizen door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.citizen import (
    accept,
    approve,
    code,
    documents,
    freeze,
    grants,
    identity,
    my_agreements,
    not_me,
    phone,
    records,
    records_export,
    result,
    start,
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
        page(house, "/code", get=code.show, post=code.issue),
        page(house, "/code/spoken", post=code.issue_spoken),
        page(house, "/r/{token}", get=approve.show, post=approve.answer),
        page(house, "/freeze", get=freeze.ask, post=freeze.freeze),
        page(house, "/records", get=records.show),
        page(house, "/records/export/{kind}", get=records_export.export),
        page(house, "/records/{record_id}", get=records.show_one),
        page(house, "/records/{record_id}/proof", get=records.proof),
        page(house, "/records/{record_id}/not-me", get=not_me.ask, post=not_me.report),
        page(house, "/grants", get=grants.show),
        page(house, "/grants/partners/{partner_id}", post=grants.switch),
        page(house, "/grants/{grant_id}/withdraw", post=grants.withdraw),
        page(house, "/me/agreements", get=my_agreements.show),
        page(house, "/me/agreements/{acceptance_id}", get=my_agreements.show_text),
        page(house, "/me/agreements/{acceptance_id}/receipt", get=my_agreements.receipt),
    ]
