"""API keys of the sandbox's demo partner sites: made at the first start, kept sealed, never shown or logged.

A key is kept so that a restart does not leave one more live key behind. A kept key that no longer opens anything
(revoked, or the keyring was changed) is replaced.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from eztong.adapters.own_api import OwnApi
from eztong.domain.errors import KeyRevoked, KeyUnknown, NotFound, PartnerSuspended
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.ports.storage.store import UnitOfWork
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
    return services.store.write(lambda uow: _kept(partner, uow, services) or _fresh(partner, uow, services)).value


def _kept(partner: str, stored: Repositories, services: Services) -> str | None:
    kept = stored.queues.setting(_SETTING + partner)
    if kept is None:
        return None
    try:
        text = services.keys.open(base64.b64decode(kept), place=_place(partner)).decode()
    except (GmError, binascii.Error):
        return None
    try:
        authenticate_partner(text, stored=stored, keys=services.keys, now=services.clock.now())
    except PartnerSuspended:
        # The key is good: that the partner may not use it now is what its site has to show.
        return text
    except (KeyRevoked, KeyUnknown):
        return None
    return text


def _fresh(partner: str, uow: UnitOfWork, services: Services) -> str:
    command = IssueApiKey(partner_id=PartnerId(partner), label=_LABEL, scopes=_SCOPES, live=False)
    _key, text = issue_api_key(command, uow=uow, keys=services.keys, entropy=services.entropy, now=services.clock.now())
    sealed = services.keys.seal(text.encode(), nonce=services.entropy.token(NONCE_BYTES), place=_place(partner))
    uow.queues.set_setting(_SETTING + partner, base64.b64encode(sealed).decode())
    return text


def _place(partner: str) -> tuple[str, str, str]:
    return ("settings", _SETTING + partner, "value")
