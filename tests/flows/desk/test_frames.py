"""Pictures for the server to read: signed-in staff only, from their own page, of a size that a camera sends."""

import httpx
import zxingcpp

from eztong.http.qr_reading import MAX_PIXELS
from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk


def send(clerk: Clerk, body: bytes, size: str, *, csrf: str | None = None) -> httpx.Response:
    clerk.get("/desk")
    headers = {"content-type": "application/octet-stream", "x-csrf": csrf or clerk.csrf()}
    answer: httpx.Response = clerk.client.post(f"/desk/frame?{size}", content=body, headers=headers)
    return answer


def test_a_picture_of_a_code_is_read(clerk: Clerk) -> None:
    drawn = zxingcpp.create_barcode("0123456789", zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=8)
    rows, columns = drawn.shape
    answer = send(clerk, bytes(drawn), f"w={columns}&h={rows}")  # type: ignore[call-overload]  # its stubs do not say that it is a buffer
    assert answer.json() == {"text": "0123456789"}


def test_a_picture_larger_than_any_other_body_passes_and_one_byte_more_does_not(clerk: Clerk) -> None:
    assert send(clerk, bytes(MAX_PIXELS), "w=640&h=480").json() == {"text": None}
    assert send(clerk, bytes(MAX_PIXELS + 1), "w=640&h=480").status_code == 413


def test_a_size_that_is_no_number_is_refused(clerk: Clerk) -> None:
    for size in ("", "w=a&h=1", "w=-1&h=1", "w=99999&h=1"):
        assert send(clerk, b"x", size).status_code == 422


def test_another_sites_picture_is_refused(clerk: Clerk) -> None:
    assert send(clerk, b"x", "w=1&h=1", csrf="0" * 64).status_code == 403


def test_nobodys_picture_is_refused(town: Town) -> None:
    stranger = Clerk(town)
    stranger.get("/desk/sign-in")
    headers = {"x-csrf": stranger.csrf()}
    assert stranger.client.post("/desk/frame?w=1&h=1", content=b"x", headers=headers).status_code == 401


def test_only_the_desk_may_ask_for_the_camera(clerk: Clerk) -> None:
    assert "camera=(self)" in clerk.get("/desk").headers["permissions-policy"]
    assert "camera=()" in clerk.get("/").headers["permissions-policy"]
