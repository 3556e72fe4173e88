"""The table of the citizen door: which page answers which address."""

from __future__ import annotations

from starlette.routing import Route

from eztong.citizen.access import passkeys, sign_in, unlock
from eztong.citizen.agreements import documents
from eztong.citizen.agreements import signed as my_agreements
from eztong.citizen.codes import at_desk, scan
from eztong.citizen.codes import events as code_events
from eztong.citizen.codes import page as code
from eztong.citizen.freezing import freeze, frozen, lost
from eztong.citizen.grants import page as grants
from eztong.citizen.me import data as my_data
from eztong.citizen.me import devices
from eztong.citizen.me import page as me
from eztong.citizen.records import export as records_export
from eztong.citizen.records import not_me
from eztong.citizen.records import page as records
from eztong.citizen.recovery import recover, waiting
from eztong.citizen.registration import accept, identity, phone, result
from eztong.citizen.requests import answer as approve
from eztong.citizen.shell import about, installable, start
from eztong.citizen.visit import DOOR, Visit
from eztong.http.streams import EventStreams
from eztong.pages.assets import Assets
from eztong.pages.routing import page
from eztong.pages.visit import House
from eztong.ports.services import Services


def routes(services: Services, assets: Assets, streams: EventStreams) -> list[Route]:
    """Return the routes of the door."""
    house = House(services, DOOR, assets=assets, visit_type=Visit)
    return [
        *installable.routes(assets),
        *_before_sign_in(house),
        *_from_outside(house),
        *_showing_and_answering(house, streams),
        *_own_pages(house),
    ]


def _before_sign_in(house: House[Visit]) -> list[Route]:
    return [
        page(house, "/", get=start.show),
        page(house, "/offline", get=installable.offline),
        page(house, "/about", get=about.show),
        page(house, "/documents/{kind}", get=documents.show),
        page(house, "/register", get=accept.show, post=accept.accept, when_forged=accept.go_on),
        page(house, "/register/phone", get=phone.ask, post=phone.send),
        page(house, "/register/otp", get=phone.ask_otp, post=phone.confirm),
        page(house, "/register/identity", get=identity.ask, post=identity.apply),
        page(house, "/register/result", get=result.show),
        page(house, "/sign-in", get=sign_in.ask, post=sign_in.send),
        page(house, "/sign-in/code", get=sign_in.ask_code, post=sign_in.confirm),
        page(house, "/sign-in/passkey/options", post=passkeys.offer_to_sign_in),
        page(house, "/sign-in/passkey", post=sign_in.confirm_passkey),
    ]


def _from_outside(house: House[Visit]) -> list[Route]:
    return [
        page(house, "/lost", get=lost.ask, post=lost.send),
        page(house, "/lost/code", get=lost.ask_code, post=lost.confirm),
        page(house, "/lost/passkey/options", post=passkeys.offer_to_freeze),
        page(house, "/lost/passkey", post=lost.confirm_passkey),
        page(house, "/frozen", get=frozen.show),
        page(house, "/recover", get=recover.ask, post=recover.send),
        page(house, "/recover/code", get=recover.ask_code, post=recover.confirm),
        page(house, "/recover/passkey/options", post=passkeys.offer_to_recover),
        page(house, "/recover/passkey", post=recover.confirm_passkey),
        page(house, "/recover/done", get=recover.done),
        page(house, "/recover/waiting", get=waiting.show, post=waiting.go_on),
        page(house, "/recover/stop", post=waiting.stop),
        page(house, "/recover/stopped", get=waiting.show_stopped),
        page(house, "/recover/stop/{token}", get=waiting.ask_by_link, post=waiting.stop_with_link),
    ]


def _showing_and_answering(house: House[Visit], streams: EventStreams) -> list[Route]:
    return [
        page(house, "/unlock", get=unlock.ask, post=unlock.unlock),
        page(house, "/unlock/setup", get=unlock.ask_setup, post=unlock.setup),
        page(house, "/unlock/passkey/options", post=passkeys.offer_to_unlock),
        page(house, "/unlock/passkey", post=passkeys.unlock),
        page(house, "/code", get=code.show, post=code.issue),
        code_events.route(house, streams),
        page(house, "/code/spoken", post=code.issue_spoken),
        page(house, "/r/{token}", get=approve.show, post=approve.answer),
        page(house, "/at/{token}", get=at_desk.show, post=at_desk.go_on),
        page(house, "/scan", get=scan.show, post=scan.follow),
        scan.frames(house),
    ]


def _own_pages(house: House[Visit]) -> list[Route]:
    return [
        page(house, "/me/passkeys/options", post=passkeys.offer_new),
        page(house, "/me/passkeys", post=passkeys.add),
        page(house, "/sign-out", post=sign_in.leave),
        page(house, "/freeze", get=freeze.ask, post=freeze.freeze),
        page(house, "/me", get=me.show, post=me.reveal),
        page(house, "/me/data", get=my_data.show, post=my_data.export),
        page(house, "/me/devices", get=devices.show, post=devices.act),
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
