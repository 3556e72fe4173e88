"""Pictures that may be a mark, and such that may not."""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + binascii.crc32(name + data).to_bytes(4, "big")


def header(side: int = 64, *, height: int | None = None, depth: int = 8, colour: int = 2, interlace: int = 0) -> bytes:
    return chunk(
        b"IHDR", struct.pack(">IIBBBBB", side, side if height is None else height, depth, colour, 0, 0, interlace)
    )


def pixels(side: int = 64, *, samples: int = 3, shade: int = 40, filtering: int = 0) -> bytes:
    return chunk(b"IDAT", zlib.compress((bytes([filtering]) + bytes([shade]) * (side * samples)) * side))


def picture(side: int = 64, *, shade: int = 40, more: Sequence[bytes] = ()) -> bytes:
    return SIGNATURE + header(side) + b"".join(more) + pixels(side, shade=shade) + chunk(b"IEND", b"")
