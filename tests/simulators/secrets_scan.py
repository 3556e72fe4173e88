"""Looks for personal data and secrets in clear in whatever a service leaves on disk or shows to its operator."""

from __future__ import annotations

import base64
import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from tests.simulators.cast import Person

_NO_NEIGHBOUR = rb"0-9A-Za-z+/=_.\-"
_SHORT = 8
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_GROUPING = re.compile(rb"(?<=\d)[ \-](?=[\dXx])")


@dataclass
class Secrets:
    """What must be found nowhere: a word for each secret, and every spelling of it."""

    known: dict[str, bytes] = field(default_factory=dict)

    def add(self, what: str, text: str) -> None:
        """Remember a secret in the spellings in which it could leak."""
        spellings = {
            "UTF-8": text.encode(),
            "GB18030": text.encode("gb18030"),
            "UTF-16": text.encode("utf-16-le"),
            "JSON": json.dumps(text)[1:-1].encode(),
            "Python": ascii(text)[1:-1].encode(),
            "URL": quote(text).encode(),
            "hex": text.encode().hex().encode(),
            "full width": text.translate(_FULL_WIDTH).encode(),
            **{f"base 64 at {offset}": _base64_core(text.encode(), offset) for offset in range(3)},
        }
        for spelling, data in spellings.items():
            self.known.setdefault(f"{what} ({spelling})", data)

    def add_people(self, people: Iterable[Person]) -> None:
        """Remember number, name and phone of everybody."""
        for person in people:
            self.add(f"{person.key} number", person.number)
            self.add(f"{person.key} phone", person.phone)
            self.add(f"{person.key} name {person.name!r}", person.name)

    def found_in(self, places: Mapping[str, bytes]) -> list[str]:
        """Return what was found where; numbers also where blanks or dashes group their digits."""
        return [
            f"{what} in {place}"
            for place, data in places.items()
            for spelling in (data, _GROUPING.sub(b"", data))
            for what, secret in self.known.items()
            if _holds(spelling, secret)
        ]


def _base64_core(data: bytes, offset: int) -> bytes:
    """Return what of ``data`` in base 64 is the same whatever stands around it, ``offset`` bytes into three."""
    encoded = base64.b64encode(bytes(offset) + data)
    first, last = -(-offset * 8 // 6), (offset + len(data)) * 8 // 6
    return encoded[first:last]


def _holds(data: bytes, secret: bytes) -> bool:
    if secret not in data:
        return False
    if len(secret) > _SHORT or not secret.isdigit():
        return True
    # Six digits stand by chance in any longer number; a message code would stand by itself.
    alone = rb"(?<![" + _NO_NEIGHBOUR + rb"])" + secret + rb"(?![" + _NO_NEIGHBOUR + rb"])"
    return re.search(alone, data) is not None


def places_of(database: Path, *others: Path) -> dict[str, bytes]:
    """Return database, write-ahead log and other files; of archives, also each part."""
    files = [database, database.with_name(database.name + "-wal"), *others]
    places = {path.name: path.read_bytes() for path in files if path.exists()}
    for name, data in list(places.items()):
        places.update((f"{name}!{part}", content) for part, content in _parts(data))
    return places


def _parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                handle = archive.extractfile(member)
                if handle is not None:
                    yield member.name, handle.read()
    except tarfile.ReadError:
        return


def contains(places: Mapping[str, bytes], needles: Iterable[bytes]) -> bool:
    """Say whether each of ``needles`` stands somewhere: that the scan looked at the right places at all."""
    return all(any(needle in data for data in places.values()) for needle in needles)
