"""The way back to the merchant after an eid flow: the address that it gave when it opened the flow, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from eztong.citizen.visit import Visit
from eztong.domain.eid.eid_flow import redirect_address
from eztong.domain.requests.request import Request
from eztong.usecases.eid.open_eid_flow import open_settings

SECONDS_UNTIL_RETURN = 5


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the browser goes, and the site's name as the holder reads it."""

    address: str
    site: str


@dataclass(frozen=True, slots=True)
class EidReceipt:
    """What an eid flow adds to the receipt."""

    back: WayBack | None = None
    released: bool = False


def eid_receipt(visit: Visit, request: Request) -> EidReceipt:
    """Return the way back, if the merchant gave an address, and whether name and number were told."""
    with visit.services.store.read() as stored:
        flow = stored.eid_flows.of_request(request.request_id)
    if flow is None:
        return EidReceipt()
    released = flow.ending is not None and bool(flow.ending.user_info)
    redirect_url = open_settings(flow, keys=visit.services.keys).redirect_url
    if redirect_url is None:
        return EidReceipt(released=released)
    address = redirect_address(redirect_url, flow.eid_token)
    return EidReceipt(WayBack(address, urlsplit(redirect_url).hostname or ""), released)


def refresh_header(back: WayBack) -> str:
    """Return the header that takes the browser back by itself after a moment to read the receipt."""
    return f"{SECONDS_UNTIL_RETURN}; url={back.address}"
