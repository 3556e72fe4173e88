"""A secret and an authenticator app for whoever was invited, to the console or to the partner portal.

Nothing of an offer is stored: it goes to the browser with a tag, and comes back with the app's first code.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from eztong.domain.operators.session import InvitationRefused, OneTimeCodeWrong
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.one_time_codes import KEY_BYTES
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services

_OFFER_LIFE: Final = timedelta(minutes=30)
_OFFER = b"operator-offer\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpOffer:
    """A secret and an app's key that were drawn for an operator, and the tag that says so; shown, not stored."""

    name: str
    secret: str = field(repr=False)
    key: str = field(repr=False)
    """Of the authenticator app, in hex."""

    until: int
    """When the offer is over, in seconds since 1970."""

    tag: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOffer:
    """What is stored of an offer whose app showed the right code."""

    secret_hash: str = field(repr=False)
    second_factor: bytes = field(repr=False)
    step: int


def draw_offer(name: str, secret: str, *, services: Services) -> SetUpOffer:
    """Draw the key of an app, and put it with the secret into an offer for this name."""
    until = int((services.clock.now() + _OFFER_LIFE).timestamp())
    key = services.entropy.token(KEY_BYTES).hex()
    tag = _tag(name, secret, key, until, keys=services.keys)
    return SetUpOffer(name=name, secret=secret, key=key, until=until, tag=tag)


def check_offer(offer: SetUpOffer, name: str, *, services: Services) -> None:
    """Refuse an offer that was not made here for this name, or is over.

    Raises:
        InvitationRefused: it was not, or it is.
    """
    expected = _tag(name, offer.secret, offer.key, offer.until, keys=services.keys)
    if (
        not hmac.compare_digest(expected.encode(), offer.tag.encode())
        or services.clock.now().timestamp() >= offer.until
    ):
        raise InvitationRefused


def take_offer(offer: SetUpOffer, code: str, *, place: tuple[str, str, str], services: Services) -> TakenOffer:
    """Return what to store of an offer that was checked; ``place`` is what the app's key is sealed for.

    Raises:
        OneTimeCodeWrong: the app shows other digits; the offer stands.
    """
    key = bytes.fromhex(offer.key)
    step = services.one_time_codes.step_of(key, code)
    if step is None:
        raise OneTimeCodeWrong
    hashed = services.staff_hasher.make_hash(offer.secret, salt=services.entropy.token(SALT_BYTES))
    sealed = services.keys.seal(key, nonce=services.entropy.token(NONCE_BYTES), place=place)
    return TakenOffer(secret_hash=hashed, second_factor=sealed, step=step)


def _tag(name: str, secret: str, key: str, until: int, *, keys: Keys) -> str:
    parts = "\x00".join((name, secret, key, str(until)))
    return keys.mac(MacPurpose.SESSION, _OFFER + parts.encode()).hex()
