"""Tokens of links in messages: random, stored as keyed hashes, each kind good for its own purpose alone."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from enum import Enum
from typing import Final

from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose

_TOKEN_BYTES: Final = 32


class LinkKind(Enum):
    """What a link does; it is part of what is hashed, so that no token serves another kind."""

    EMAIL = b"email_link\x00"
    FREEZE = b"freeze_link\x00"


def new_link(act: Act, kind: LinkKind) -> tuple[str, bytes]:
    """Return a new token and its hash."""
    token = base64.urlsafe_b64encode(act.entropy.token(_TOKEN_BYTES)).rstrip(b"=").decode()
    return token, act.keys.mac(MacPurpose.SESSION, kind.value + token.encode())


def hashes_of(token: str, kind: LinkKind, *, keys: Keys) -> Sequence[bytes]:
    """Return the hashes under which a token may be stored: keys rotate while links are out."""
    return keys.macs(MacPurpose.SESSION, kind.value + token.encode())
