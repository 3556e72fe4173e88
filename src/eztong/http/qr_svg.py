"""QR codes as SVG elements that stand inside a page: no address of theirs, so nothing of them in a URL or cache."""

from __future__ import annotations

import html
import re
from typing import Final

import zxingcpp

_PATH: Final = re.compile(r'<path d="([MmLlHhVvZz0-9 .,-]+)"/>')
_SIZE: Final = re.compile(r'<svg width="([0-9]+)"')


def render_qr(text: str, *, label: str) -> str:
    """Return ``text`` as a QR code: black on pure white with its quiet zone, scaled by the stylesheet.

    ``label`` is what a screen reader says instead. The result is escaped: a template may mark it as safe.

    Raises:
        ValueError: the text fits no QR code (programmer's mistake).
    """
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    drawn = code.to_svg(add_quiet_zones=True)
    size, path = _SIZE.search(drawn), _PATH.search(drawn)
    if size is None or path is None:
        raise ValueError("the QR code was not drawn as one path")
    side, modules = size[1], path[1]
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{html.escape(label)}" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{modules}" fill="#000"/></svg>'
    )
