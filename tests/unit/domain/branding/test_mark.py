"""A mark is a small square PNG and nothing else; whatever does not make the picture is taken out."""

from __future__ import annotations

import zlib

import pytest

from eztong.domain.branding.mark import MOST_BYTES, MarkInvalid, mark_name, mark_side, parse_mark
from tests.unit.domain.branding.pictures import SIGNATURE, chunk, header, picture, pixels

END = chunk(b"IEND", b"")


def test_a_picture_stays_as_it_is_and_what_is_written_beside_it_goes() -> None:
    assert parse_mark(picture()) == picture()
    noted = picture(
        more=[chunk(b"tEXt", b"Author\x00Li Na"), chunk(b"eXIf", b"somewhere"), chunk(b"iTXt", b"<script>")]
    )
    assert parse_mark(noted) == picture()
    assert (mark_side(picture(128)), mark_name(picture()) == mark_name(picture(shade=41))) == (128, False)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(60),
        picture() + b"PK\x03\x04 another file",
        picture()[:-12],
        picture().replace(b"IDAT", b"IDaT"),
        SIGNATURE + header(32) + pixels(32) + END,
        SIGNATURE + header(1024) + pixels(1024) + END,
        SIGNATURE + header(64, height=65) + pixels() + END,
        SIGNATURE + header(depth=16) + pixels(samples=6) + END,
        SIGNATURE + header(interlace=1) + pixels() + END,
        SIGNATURE + header(colour=3) + pixels(samples=1) + END,
        SIGNATURE + header(colour=5) + pixels() + END,
        SIGNATURE + header() + header() + pixels() + END,
        SIGNATURE + header() + pixels(filtering=9) + END,
        SIGNATURE + header() + chunk(b"EVIL", b"") + pixels() + END,
        SIGNATURE + header() + chunk(b"IDAT", b"no zlib") + END,
        SIGNATURE + header() + pixels(63) + END,
        SIGNATURE + header() + pixels()[:-4] + b"0000" + END,
        SIGNATURE + header() + chunk(b"tEXt", bytes(MOST_BYTES)) + pixels() + END,
        SIGNATURE + pixels() + END,
        SIGNATURE + header() + b"\x00\x00",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(MarkInvalid):
        parse_mark(content)


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    bomb = chunk(b"IDAT", zlib.compress(bytes(20_000_000)))
    with pytest.raises(MarkInvalid):
        parse_mark(SIGNATURE + header() + bomb + END)
