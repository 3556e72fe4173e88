"""The part of DER (ITU-T X.690) that SM2 structures need, read strictly and written canonically.

The reader refuses everything that has a second encoding: indefinite or non-minimal lengths,
padded or negative integers, trailing bytes. Private to `eztong.gm`.
"""

from typing import Final

from eztong.gm.errors import EncodingInvalid

INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
UTF8_STRING: Final = 0x0C
PRINTABLE_STRING: Final = 0x13
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1

_LONG_FORM: Final = 0x80
_MAX_LENGTH_OCTETS: Final = 4


def encode(tag: int, *parts: bytes) -> bytes:
    """Wrap the joined parts in one definite-length DER element."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG_FORM:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG_FORM | len(octets))) + octets + content


def encode_integer(value: int) -> bytes:
    """Encode a non-negative integer in the fewest octets."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def encode_bit_string(content: bytes) -> bytes:
    """Encode whole octets as a BIT STRING with no unused bits."""
    return encode(BIT_STRING, b"\x00", content)


class DerReader:
    """A cursor over DER bytes; every method consumes one element or raises `EncodingInvalid`."""

    __slots__ = ("_data", "_position")

    def __init__(self, data: bytes) -> None:
        """Start reading at the first byte of `data`."""
        self._data = data
        self._position = 0

    def content(self, tag: int) -> bytes:
        """Consume one element with this tag and return its content octets."""
        start, end = self._bounds(tag)
        self._position = end
        return self._data[start:end]

    def element(self, tag: int) -> bytes:
        """Consume one element with this tag and return all of it, header included."""
        begin = self._position
        _, self._position = self._bounds(tag)
        return self._data[begin : self._position]

    def nested(self, tag: int) -> "DerReader":
        """Consume one constructed element and return a reader over its content."""
        return DerReader(self.content(tag))

    def unsigned_integer(self, *, max_octets: int) -> int:
        """Consume a minimal, non-negative INTEGER below `256 ** max_octets`."""
        octets = self.content(INTEGER)
        if not octets or octets[0] & 0x80:
            raise EncodingInvalid("integer is empty or negative")
        if octets[0] == 0 and len(octets) > 1 and not octets[1] & 0x80:
            raise EncodingInvalid("integer has needless leading zeros")
        if len(octets) - (octets[0] == 0) > max_octets:
            raise EncodingInvalid(f"integer is longer than {max_octets} octets")
        return int.from_bytes(octets, "big")

    def bit_string(self) -> bytes:
        """Consume a BIT STRING made of whole octets."""
        octets = self.content(BIT_STRING)
        if not octets or octets[0] != 0:
            raise EncodingInvalid("bit string is empty or has unused bits")
        return octets[1:]

    def next_tag(self) -> int | None:
        """Return the tag of the next element without consuming it, or None at the end."""
        return None if self._position == len(self._data) else self._data[self._position]

    def finish(self) -> None:
        """Refuse trailing bytes."""
        if self._position != len(self._data):
            raise EncodingInvalid("trailing bytes")

    def _bounds(self, tag: int) -> tuple[int, int]:
        """Return where the content of the next element starts and ends."""
        header = self._data[self._position : self._position + 2]
        if len(header) != 2 or header[0] != tag:  # noqa: PLR2004 - a tag and a length octet
            raise EncodingInvalid(f"expected an element with tag 0x{tag:02x}")
        start = self._position + 2
        size = header[1]
        if size >= _LONG_FORM:
            size, start = self._long_length(size & 0x7F, start)
        if start + size > len(self._data):
            raise EncodingInvalid("element is cut short")
        return start, start + size

    def _long_length(self, count: int, start: int) -> tuple[int, int]:
        """Read a long-form length and refuse any that has a shorter form."""
        octets = self._data[start : start + count]
        if not 1 <= count <= _MAX_LENGTH_OCTETS or len(octets) != count:
            raise EncodingInvalid("length is indefinite, too long or cut short")
        size = int.from_bytes(octets, "big")
        if octets[0] == 0 or size < _LONG_FORM:
            raise EncodingInvalid("length is not minimal")
        return size, start + count
