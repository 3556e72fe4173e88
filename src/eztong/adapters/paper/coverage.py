"""Which characters a font file has glyphs for: its ``cmap`` table (OpenType 1.9.1), of the format for all of Unicode.

Read by ourselves because a typesetter draws a box where a glyph is missing, or refuses the whole document; whoever has
a rare name should get neither.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_COLLECTION: Final = b"ttcf"
_CMAP: Final = b"cmap"
_SEGMENTED: Final = 12
_GROUP: Final = struct.Struct(">III")
# Shape what stands beside them, and need no glyph of their own: joiners, direction marks, variation selectors.
_INVISIBLE: Final = ((0x200B, 0x200F), (0x2060, 0x2064), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0100, 0xE01EF))


class FontUnreadable(Exception):
    """The file is no font, or has no table of characters that we can read."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of a font, as ranges in order."""

    starts: Sequence[int]
    ends: Sequence[int]

    def has(self, character: str) -> bool:
        """Say whether the font can show it, or it needs no showing."""
        point = ord(character)
        place = bisect_right(self.starts, point) - 1
        is_drawn = place >= 0 and point <= self.ends[place]
        return is_drawn or any(start <= point <= end for start, end in _INVISIBLE)


def read_coverage(path: Path, *, index: int) -> Coverage:
    """Return the characters of face ``index`` of a font file or collection.

    Raises:
        FontUnreadable: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = _table(file, _CMAP, at=_face(file, index))
            return _read_groups(file, at=_segmented(file, at=start))
    except (OSError, struct.error, StopIteration) as error:
        raise FontUnreadable(path.name) from error


def _face(file: BinaryIO, index: int) -> int:
    return _number(file, ">I", at=12 + 4 * index) if file.read(4) == _COLLECTION else 0


def _table(file: BinaryIO, tag: bytes, *, at: int) -> int:
    places = (at + 12 + 16 * number for number in range(_number(file, ">H", at=at + 4)))
    return next(_number(file, ">I", at=place + 8) for place in places if _bytes(file, 4, at=place) == tag)


def _segmented(file: BinaryIO, *, at: int) -> int:
    places = (at + 4 + 8 * number for number in range(_number(file, ">H", at=at + 2)))
    tables = (at + _number(file, ">I", at=place + 4) for place in places)
    return next(table for table in tables if _number(file, ">H", at=table) == _SEGMENTED)


def _read_groups(file: BinaryIO, *, at: int) -> Coverage:
    count = _number(file, ">I", at=at + 12)
    groups = [(start, end) for start, end, glyph in _GROUP.iter_unpack(file.read(_GROUP.size * count)) if glyph]
    return Coverage([start for start, _ in groups], [end for _, end in groups])


def _number(file: BinaryIO, form: str, *, at: int) -> int:
    (number,) = struct.unpack(form, _bytes(file, struct.calcsize(form), at=at))
    return int(number)


def _bytes(file: BinaryIO, size: int, *, at: int) -> bytes:
    file.seek(at)
    return file.read(size)
