"""The way back after unlocking or signing in: own paths only, so that no link can send a person elsewhere."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

SIGN_IN: Final = "/sign-in"
UNLOCK: Final = "/unlock"
HOME: Final = "/code"
_MAX_CHARACTERS: Final = 200
# No scheme, no host, no query, no dots: what is left can only be a page of this site.
_OWN_PATH: Final = re.compile(r"/(?:[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*)?")
# Addresses that take forms only, and the page that their form stands on.
_PAGES_WITH_FORMS_BELOW: Final = ("/me/devices", "/grants")
_PAGE_OF: Final = {
    "/code/spoken": "/code",
    "/scan/frame": "/scan",
    "/lost/passkey": "/lost",
    "/lost/passkey/options": "/lost",
    "/recover/passkey": "/recover",
    "/recover/passkey/options": "/recover",
    "/recover/stop": HOME,
    "/me/phone/code": "/me/phone",
    "/unlock": HOME,
    "/unlock/passkey": HOME,
    "/unlock/passkey/options": HOME,
    "/me/passkeys": "/me/devices",
    "/me/passkeys/options": "/unlock/setup",
    "/sign-out": HOME,
    "/me/deregister/undo": "/me/deregister",
    "/deregistration/undo": "/deregistration/status",
    "/deregistration/receipt": "/deregistration/status",
}


def own_path(text: str) -> str:
    """Return ``text`` if it is the path of a page here, else the code page."""
    if len(text) > _MAX_CHARACTERS or not _OWN_PATH.fullmatch(text):
        return HOME
    for page in _PAGES_WITH_FORMS_BELOW:
        if text.startswith(f"{page}/"):
            return page
    return _PAGE_OF.get(text, text)


def unlock_path(back: str) -> str:
    """Return the address of the unlock page that leads back to ``back``."""
    return f"{UNLOCK}?next={quote(own_path(back))}"


def sign_in_path(back: str) -> str:
    """Return the address of the sign-in page that leads back to ``back``."""
    return f"{SIGN_IN}?next={quote(own_path(back))}"
