"""The operator's mark: a small square PNG, taken apart and put together again from what makes the picture alone.

PNG only: an SVG is a document that may hold scripts and references, and browsers read more of it than any list says.
"""

from __future__ import annotations

import binascii
import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from eztong.domain.errors import InputInvalid

MOST_BYTES: Final = 64 * 1024
LEAST_SIDE: Final = 64
MOST_SIDE: Final = 512
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by the kind of colour."""

_PALETTE: Final = 3
_KEPT: Final = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_HEADER: Final = struct.Struct(">IIBBBBB")
_CHUNK: Final = struct.Struct(">I4s")
_MOST_FILTER: Final = 4


class MarkInvalid(InputInvalid):
    """It is no picture that can be a mark."""

    code = "mark_invalid"
    advice = (
        f"Give a square PNG of {LEAST_SIDE} to {MOST_SIDE} pixels, 8 bits a colour, not interlaced, "
        f"of at most {MOST_BYTES // 1024} KiB."
    )


@dataclass(frozen=True, slots=True)
class _Header:
    side: int
    colour: int

    @property
    def row(self) -> int:
        """Bytes of a row with its filter."""
        return 1 + self.side * _SAMPLES[self.colour]


def parse_mark(content: bytes) -> bytes:
    """Return the picture without whatever does not make it: no text, no time, no profile, nothing behind its end.

    Raises:
        MarkInvalid: it is too large, of another format or size, damaged, or holds more than its picture.
    """
    if not 0 < len(content) <= MOST_BYTES or not content.startswith(_SIGNATURE):
        raise MarkInvalid
    kept = [(name, data) for name, data in _chunks(content) if name in _KEPT]
    if not kept or kept[0][0] != b"IHDR" or kept[-1] != (b"IEND", b"") or len([1 for n, _ in kept if n == b"IHDR"]) > 1:
        raise MarkInvalid
    header = _header(kept[0][1])
    has_palette = any(name == b"PLTE" for name, _data in kept)
    if header.colour == _PALETTE and not has_palette:
        raise MarkInvalid
    _check_pixels(header, b"".join(data for name, data in kept if name == b"IDAT"))
    return _SIGNATURE + b"".join(_written(name, data) for name, data in kept)


def mark_side(mark: bytes) -> int:
    """Return the pixels of a side of a mark that was parsed."""
    side: int = _HEADER.unpack_from(mark, len(_SIGNATURE) + _CHUNK.size)[0]
    return side


def mark_name(mark: bytes) -> str:
    """Return the name under which a mark is served: another picture has another one."""
    return hashlib.sha256(mark).hexdigest()[:16]


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place < len(content):
        if place + _CHUNK.size > len(content):
            raise MarkInvalid
        length, name = _CHUNK.unpack_from(content, place)
        end = place + _CHUNK.size + length
        if end + 4 > len(content):
            raise MarkInvalid
        if binascii.crc32(content[place + 4 : end]) != int.from_bytes(content[end : end + 4], "big"):
            raise MarkInvalid
        # A capital first letter: whoever does not know the chunk cannot show the picture.
        if name not in _KEPT and not name[:1].islower():
            raise MarkInvalid
        yield name, content[place + _CHUNK.size : end]
        place = end + 4
        if name == b"IEND":
            # What stands behind the end is some other file's.
            if place != len(content):
                raise MarkInvalid
            return


def _header(data: bytes) -> _Header:
    if len(data) != _HEADER.size:
        raise MarkInvalid
    width, height, depth, colour, packing, filtering, interlace = _HEADER.unpack(data)
    is_plain = (depth, packing, filtering, interlace) == (8, 0, 0, 0) and colour in _SAMPLES
    if not is_plain or width != height or not LEAST_SIDE <= width <= MOST_SIDE:
        raise MarkInvalid
    return _Header(width, colour)


def _check_pixels(header: _Header, packed: bytes) -> None:
    expected = header.row * header.side
    unpacker = zlib.decompressobj()
    try:
        # No more than the picture may have: a small file may hold a huge one.
        pixels = unpacker.decompress(packed, expected + 1)
    except zlib.error:
        raise MarkInvalid from None
    if len(pixels) != expected or not unpacker.eof or unpacker.unused_data:
        raise MarkInvalid
    if any(one > _MOST_FILTER for one in pixels[:: header.row]):
        raise MarkInvalid


def _written(name: bytes, data: bytes) -> bytes:
    return _CHUNK.pack(len(data), name) + data + binascii.crc32(name + data).to_bytes(4, "big")
