"""The offer of a secret and an authenticator app on a page: how it is shown, and how it comes back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, Final

from eztong.http.qr_svg import render_qr
from eztong.pages.visit import Visit
from eztong.usecases.set_up_offer import SetUpOffer

LONGEST_SECRET: Final = 128
LONGEST_CODE: Final = 20
"""Of digits, or of a backup code with its dash."""

_LONGEST: Final = 200
_MOST_DIGITS: Final = 11


def typed_offer(form: Mapping[str, str]) -> SetUpOffer:
    """Return the offer as a form brought it back; nothing of it is believed yet."""
    until = form.get("until", "")
    return SetUpOffer(
        name=_typed(form, "name"),
        secret=_typed(form, "secret"),
        key=_typed(form, "key"),
        until=int(until) if until.isascii() and until.isdigit() and len(until) <= _MOST_DIGITS else 0,
        tag=_typed(form, "tag"),
    )


def typed_code(form: Mapping[str, str]) -> str:
    """Return the digits of an app, or a backup code with its dash, as they were typed, without blanks."""
    return "".join(form.get("code", "").split())[:LONGEST_CODE]


def offered(offer: SetUpOffer, visit: Visit) -> dict[str, Any]:
    """Return what the page shows of an offer: the key of the app as a picture, and spelt."""
    key = bytes.fromhex(offer.key)
    issuer = visit.services.deployment.operator_name
    address = visit.services.one_time_codes.address(key, operator=offer.name, issuer=issuer)
    spelt = base64.b32encode(key).decode()
    return {
        "offer": offer,
        "spelt": " ".join(spelt[place : place + 4] for place in range(0, len(spelt), 4)),
        "qr": render_qr(address, label=visit.words.text("console.set_up_qr")),
    }


def _typed(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").strip()[: _LONGEST + 1]
