"""QR codes as a scanner sees them and as a terminal can show them."""

from __future__ import annotations

import re
from typing import Final

import zxingcpp

from eztong.cli.demo.checks import StepFailed
from eztong.cli.demo.pages import Page

# The path of render_qr: one rectangle after the other, "M x y h width v height h -width Z".
_RECTANGLE: Final = re.compile(r"M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)Z")
_DARK: Final = 0
_LIGHT: Final = 255
_SCALE: Final = 4
_HALF_BLOCKS: Final = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}


def scan(page: Page) -> str:
    """Read the QR drawing of a page with a decoder, as the desk's scanner would.

    Raises:
        StepFailed: there is none, or it cannot be read.
    """
    dots = _dots(page)
    side = len(dots) * _SCALE
    image = bytes(_DARK if dots[y // _SCALE][x // _SCALE] else _LIGHT for y in range(side) for x in range(side))
    found = zxingcpp.read_barcodes(memoryview(image).cast("B", shape=[side, side]))
    if len(found) != 1:
        raise StepFailed("the drawing on the page is not one readable QR code")
    text: str = found[0].text
    return text


def draw(page: Page) -> str:
    """Return the QR drawing in half-block characters: light on dark, so that phones read it off a dark terminal."""
    dots = _dots(page)
    if len(dots) % 2:
        dots.append([False] * len(dots))
    return "\n".join(
        "".join(_HALF_BLOCKS[not upper, not lower] for upper, lower in zip(dots[row], dots[row + 1], strict=True))
        for row in range(0, len(dots), 2)
    )


def _dots(page: Page) -> list[list[bool]]:
    dots = [[False] * page.qr_size for _ in range(page.qr_size)]
    rest = _RECTANGLE.sub("", page.qr_path)
    if not page.qr_path or rest:
        raise StepFailed("the page shows no QR drawing of the known form")
    for match in _RECTANGLE.finditer(page.qr_path):
        left, top, width, height, _back = (int(part) for part in match.groups())
        for row in range(top, top + height):
            dots[row][left : left + width] = [True] * width
    return dots
