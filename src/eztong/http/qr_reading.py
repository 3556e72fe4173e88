"""QR codes read from grayscale pictures, for browsers that cannot read them themselves."""

from __future__ import annotations

from typing import Final

import zxingcpp

MAX_SIDE: Final = 640
MAX_PIXELS: Final = 640 * 480
_MAX_TEXT: Final = 200
_FORMATS: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def read_qr(gray: bytes, *, width: int, height: int) -> str | None:
    """Return the text of the QR code in a picture of one byte for each pixel, row by row, or None.

    A picture whose size does not fit its bytes shows none; nor does a code with more text than any of ours.
    """
    if not 0 < width <= MAX_SIDE or not 0 < height <= MAX_SIDE or width * height != len(gray):
        return None
    picture = memoryview(gray).cast("B", shape=[height, width])
    found = zxingcpp.read_barcodes(picture, formats=_FORMATS)
    text = next((code.text for code in found), None)
    return text if text and len(text) <= _MAX_TEXT else None
