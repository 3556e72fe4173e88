"""A picture's code is read, a picture without one is not, and a size that lies is not believed."""

import pytest
import zxingcpp

from eztong.http.qr_reading import MAX_SIDE, read_qr

TEXT = "01" + "7" * 73


def picture(text: str = TEXT) -> tuple[bytes, int, int]:
    """Return gray pixels, width and height of a QR code."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=4)
    height, width = drawn.shape
    return bytes(drawn), width, height  # type: ignore[call-overload]  # its stubs do not say that it is a buffer


def test_the_text_of_the_code_is_read() -> None:
    gray, width, height = picture()
    assert read_qr(gray, width=width, height=height) == TEXT


def test_a_blank_picture_has_none() -> None:
    assert read_qr(bytes([255]) * 10_000, width=100, height=100) is None


@pytest.mark.parametrize(("width", "height"), [(0, 0), (-1, -1), (10, 10), (MAX_SIDE + 1, 1), (1, MAX_SIDE + 1)])
def test_a_size_that_does_not_fit_the_bytes_reads_nothing(width: int, height: int) -> None:
    gray, _, _ = picture()
    assert read_qr(gray, width=width, height=height) is None
    assert read_qr(b"", width=width, height=height) is None


def test_more_text_than_any_code_of_ours_is_no_code() -> None:
    gray, width, height = picture("9" * 201)
    assert read_qr(gray, width=width, height=height) is None
