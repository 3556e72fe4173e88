"""Links that were scanned or typed: only this deployment's own are followed, and only to a request or a counter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from eztong.domain.codes.presentation_code import NUMBER_LENGTH, QR_LENGTH

MAX_LINK: Final = 500
_PATH: Final = re.compile(r"/(?:r|at)/[A-Za-z0-9_-]{1,100}")
_CODE: Final = re.compile(rf"[0-9]{{{NUMBER_LENGTH}}}|[0-9]{{{QR_LENGTH}}}")
_PORTS: Final = {"https": 443, "http": 80}


class ForeignKind(StrEnum):
    """What was scanned instead."""

    WEB = "web"
    CODE = "code"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Foreign:
    """Not a link of ours. ``host`` is the other site's name in ASCII, so that no letter looks like another."""

    kind: ForeignKind
    host: str = ""


def read_link(text: str, *, origin: str) -> str | Foreign:
    """Return the path of an own link, or what the text is instead.

    A link that somebody pasted with words around it is found among them. Nothing but scheme, host, port and path may
    be there: no user name, no query, no fragment.
    """
    ours = urlsplit(origin)
    words = text[:MAX_LINK].split()
    link = next((word for word in words if "://" in word), "".join(words))
    if _CODE.fullmatch(link):
        return Foreign(ForeignKind.CODE)
    if link.startswith(f"{ours.netloc}/"):
        link = f"{ours.scheme}://{link}"
    split = _split(link)
    if split is None:
        return Foreign(ForeignKind.OTHER)
    if _place(split) == _place(ours) and not split.query and not split.fragment and _PATH.fullmatch(split.path):
        return split.path
    return Foreign(ForeignKind.WEB, _ascii(split.hostname or ""))


def _split(link: str) -> SplitResult | None:
    try:
        split = urlsplit(link)
        _place(split)
    except ValueError:
        return None
    return split if split.scheme in _PORTS and split.hostname else None


def _place(split: SplitResult) -> tuple[str, str | None, int | None, str | None]:
    return split.scheme, split.hostname, split.port or _PORTS.get(split.scheme), split.username


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""
