"""The two numbers of a change, sealed with the account's key; and the token in the link that keeps the first."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Final

from eztong.domain.contact.phone_change import PhoneChange
from eztong.domain.holder import Holder
from eztong.domain.identity.age import SHANGHAI
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.usecases.number_of_before import TABLE
from eztong.usecases.vault import open_vault

_TOKEN_BYTES: Final = 32
_LINK: Final = b"phone_link\x00"


def seal_number(act: Act, holder: Holder, place: str, number: str) -> bytes:
    """Seal a number for its place: the change's id with ``.old`` or ``.new``."""
    vault = open_vault(holder, keys=act.keys)
    return vault.seal(place, number.encode(), entropy=act.entropy, table=TABLE)


def new_number(change: PhoneChange, holder: Holder, *, keys: Keys) -> str:
    """Return the new number.

    Raises:
        HolderErased, SealedDataDamaged: it cannot be read.
    """
    return open_vault(holder, keys=keys).open(f"{change.change_id}.new", change.sealed_new, table=TABLE).decode()


def old_number(change: PhoneChange, holder: Holder, *, keys: Keys) -> str:
    """Return the number of before.

    Raises:
        HolderErased, SealedDataDamaged: it cannot be read.
    """
    return open_vault(holder, keys=keys).open(f"{change.change_id}.old", change.sealed_old, table=TABLE).decode()


def current_number(holder: Holder, *, keys: Keys) -> str:
    """Return the account's number; empty where there is none.

    Raises:
        HolderErased, SealedDataDamaged: it cannot be read.
    """
    if holder.sealed_phone is None:
        return ""
    return open_vault(holder, keys=keys).open("sealed_phone", holder.sealed_phone).decode()


def draw_token(act: Act) -> str:
    """Return the token of a link: 256 bits that work in an address."""
    return base64.urlsafe_b64encode(act.entropy.token(_TOKEN_BYTES)).rstrip(b"=").decode()


def hash_token(token: str, *, keys: Keys) -> bytes:
    """Return the keyed hash of a new link's token."""
    return keys.mac(MacPurpose.SESSION, _LINK + token.encode())


def hashes_of_token(token: str, *, keys: Keys) -> tuple[bytes, ...]:
    """Return the keyed hashes under which a link's token may be stored: it outlives a rotation."""
    return tuple(keys.macs(MacPurpose.SESSION, _LINK + token.encode()))


def minute_words(moment: datetime) -> str:
    """Return day and minute in Shanghai, as messages say them."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
