"""The stamp of the documents page: when it was shown, to which browser; and the session that its acceptance opens.

The session of an accepted application is derived from the browser's earlier token and the stamp's nonce under the
session key. So the same page sent twice opens one application, and somebody who planted the earlier token in the
browser cannot follow: the nonce is only in the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from eztong.gm.errors import GmError
from eztong.gm.sm3 import require_equal
from eztong.http.cookies import encode_token
from eztong.http.csrf import FormForged
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys, MacPurpose

MAX_AGE: Final = timedelta(hours=12)
_NONCE_BYTES: Final = 16
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stamp that this service made for this browser."""

    shown_at: datetime
    session_token: str = field(repr=False)


def make_stamp(token: str, *, keys: Keys, entropy: Entropy, now: datetime) -> str:
    """Return the stamp of a page that is shown now."""
    head = f"{int(now.timestamp() * 1000)}.{entropy.token(_NONCE_BYTES).hex()}"
    return f"{head}.{_tag(b'shown', token, head, keys=keys).hex()}"


def read_stamp(text: str, *, token: str, keys: Keys, now: datetime) -> Stamp:
    """Check a stamp that came back.

    Raises:
        FormForged: not made here, for another browser, from the future, or more than twelve hours old.
    """
    parts = text.split(".")
    if len(parts) != _PARTS or not text.isascii():
        raise FormForged
    head = f"{parts[0]}.{parts[1]}"
    try:
        require_equal(_tag(b"shown", token, head, keys=keys).hex().encode(), parts[2].encode())
    except GmError as error:
        raise FormForged from error
    shown_at = datetime.fromtimestamp(int(parts[0]) / 1000, UTC)
    if not shown_at <= now <= shown_at + MAX_AGE:
        raise FormForged
    return Stamp(shown_at, encode_token(_tag(b"accepted", token, head, keys=keys)))


def _tag(what: bytes, token: str, head: str, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, b"\x00".join((what, token.encode(), head.encode())))
