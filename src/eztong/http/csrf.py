"""Forms of ours only: each carries a keyed hash of the browser's session token.

The hash needs no storage. Another site can make a browser post a form, but can neither read the cookie nor compute
the hash, so the form does not pass.
"""

from __future__ import annotations

from eztong.domain.errors import NotPermitted
from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal
from eztong.ports.keys import Keys, MacPurpose

CSRF_FIELD = "csrf"
_CONTEXT = b"csrf\x00"


class FormForged(NotPermitted):
    """The form did not come from a page that this browser was shown."""

    code = "form_forged"
    advice = "Open the page again on this device and send the form from there. Nothing was done."


class SignedOut(FormForged):
    """The form came without any session: since it was shown, this browser was signed out or lost its cookie."""

    code = "signed_out"
    advice = "Sign in again, then send the form from the page that opens. Nothing was done."


def csrf_token(session_token: str, *, keys: Keys) -> str:
    """Return what every form of this browser must carry."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + session_token.encode()).hex()


def check_csrf(presented: str, *, session_token: str | None, keys: Keys) -> None:
    """Compare in constant time, under the active and every retiring key.

    Raises:
        FormForged: there is no session cookie, or the form carries no token or another one.
    """
    if session_token is None or not presented.isascii():
        raise FormForged
    for expected in keys.macs(MacPurpose.SESSION, _CONTEXT + session_token.encode()):
        try:
            require_equal(expected.hex().encode(), presented.encode())
        except GmError:
            continue
        return
    raise FormForged
