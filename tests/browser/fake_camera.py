"""What a fake camera sees: a short film of a QR code."""

from __future__ import annotations

from pathlib import Path

import zxingcpp

FRAME = (640, 480)


def write_video(path: Path, text: str) -> None:
    """Write a short film of a QR code in the form that Chromium's fake camera plays."""
    width, height = FRAME
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=8)
    rows, columns = drawn.shape
    pixels = bytes(drawn)  # type: ignore[call-overload]  # its stubs do not say that it is a buffer
    left, top = (width - columns) // 2, (height - rows) // 2
    picture = bytearray(b"\xeb" * (width * height))
    for row in range(rows):
        start = (top + row) * width + left
        picture[start : start + columns] = pixels[row * columns : (row + 1) * columns]
    frame = b"FRAME\n" + bytes(picture) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A0:0 C420jpeg\n".encode() + frame * 5)
