"""An e-mail address: a second place for notices, never a proof of who somebody is.

The shape that mailboxes have in practice: a part of letters, digits and a few marks, and a host name of letters, digits
and hyphens (RFC 5321, 4.1.2, without quotes, addresses of machines and other alphabets). Whether it reaches its owner
only a message can tell.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from eztong.domain.errors import InputInvalid

MAX_LENGTH: Final = 200
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z]{{2,63}}")
_MAX_LOCAL: Final = 64


class EmailInvalid(InputInvalid):
    """The text is no e-mail address that notices can be sent to.

    Cause: a slip, or an address with quotes, spaces or letters other than a to z.
    What to do: type it as in name@example.com.
    """

    code = "email_invalid"
    advice = "Type an address like name@example.com."


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EmailAddress:
    """An address, as ``parse_email`` checked its shape. Printing it shows nothing."""

    value: str

    @override
    def __repr__(self) -> str:
        """Hide the address: it must not reach a log."""
        return "EmailAddress(***)"


def parse_email(text: str) -> EmailAddress:
    """Return the address in ``text``, its host in small letters; full-width characters and outer spaces are mended.

    Raises:
        EmailInvalid: it has not the shape of one.
    """
    local, _, host = unicodedata.normalize("NFKC", text).strip().rpartition("@")
    value = f"{local}@{host.lower()}"
    if len(value) > MAX_LENGTH or len(local) > _MAX_LOCAL:
        raise EmailInvalid
    if not _LOCAL.fullmatch(local) or not _HOST.fullmatch(host.lower()):
        raise EmailInvalid
    return EmailAddress(value=value)


def mask_email(value: str) -> str:
    """Return the mask of an address: the first character, and where it is (``l***@example.com``)."""
    local, _, host = value.rpartition("@")
    return f"{local[:1]}***@{host}"
