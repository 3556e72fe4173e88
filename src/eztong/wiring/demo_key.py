"""API keys of the sandbox's demo partner sites: made at the first start, kept sealed, never shown or logged.

A key is kept so that a restart does not leave one more live key behind. A kept key that no longer opens anything
(revoked, or the keyring was changed) is replaced.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Final

from eztong.adapters.own_api import OwnApi
from eztong.domain.errors import KeyRevoked, KeyUnknown, NotFound, PartnerSuspended
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.act import SYSTEM, Act
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.authenticate_partner import IssueApiKey, authenticate_partner, issue_api_key
from eztong.wiring.settings import Settings

SITES: Final = ("hotel", "game")
_SETTING: Final = "demo_site_key."
_LABEL: Final = "demo site"
_SCOPES: Final = frozenset({Scope.VERIFY, Scope.READ, Scope.REQUEST})
_ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - what a server listens on is not where a client calls


def own_api(settings: Settings, *, services: Services) -> OwnApi:
    """Return the client of the demo sites, with a key for each that there is a partner for."""
    keys = {}
    for site in SITES:
        try:
            keys[site] = demo_key(site, services=services)
        except NotFound:
            continue
    return OwnApi(listening_address(settings), keys)


def listening_address(settings: Settings) -> str:
    """Return where this process itself can be reached: not the public address, which may be a proxy's."""
    host = _ANYWHERE.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def demo_key(partner: str, *, services: Services) -> str:
    """Return the demo site's key: the kept one if it still opens the partner's door, otherwise a new one.

    Raises:
        NotFound: there is no such partner.
    """
    return services.perform(SYSTEM, _kept_or_fresh, partner)


def _kept_or_fresh(act: Act, partner: str) -> str:
    return _kept(partner, stored=act.uow, keys=act.keys, now=act.now) or _fresh(act, partner)


def _kept(partner: str, *, stored: Repositories, keys: Keys, now: datetime) -> str | None:
    kept = stored.settings.get(_SETTING + partner)
    if kept is None:
        return None
    try:
        text = keys.open(base64.b64decode(kept), place=_place(partner)).decode()
    except (GmError, binascii.Error):
        return None
    try:
        authenticate_partner(text, stored=stored, keys=keys, now=now)
    except PartnerSuspended:
        # The key is good: that the partner may not use it now is what its site has to show.
        return text
    except (KeyRevoked, KeyUnknown):
        return None
    return text


def _fresh(act: Act, partner: str) -> str:
    command = IssueApiKey(partner_id=PartnerId(partner), label=_LABEL, scopes=_SCOPES, live=False)
    _key, text = issue_api_key(act, command)
    sealed = act.keys.seal(text.encode(), nonce=act.entropy.token(NONCE_BYTES), place=_place(partner))
    act.uow.settings.set(_SETTING + partner, base64.b64encode(sealed).decode())
    return text


def _place(partner: str) -> tuple[str, str, str]:
    return ("settings", _SETTING + partner, "value")
