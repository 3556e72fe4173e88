"""扫一扫 over HTTP: own links are followed, others are named; pictures are read for signed-in holders only."""

from __future__ import annotations

import pytest
import zxingcpp
from httpx import Response

from eztong.citizen.codes.scan import FRAMES
from tests.flows.citizen.browser import Browser, Town

SIDE = 480


def picture(text: str) -> bytes:
    """Draw a QR code in the middle of a gray picture."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(scale=6)
    rows, columns = drawn.shape
    pixels = bytes(drawn)  # type: ignore[call-overload]  # its stubs do not say that it is a buffer
    whole = bytearray(b"\xff" * (SIDE * SIDE))
    for row in range(rows):
        start = ((SIDE - rows) // 2 + row) * SIDE + (SIDE - columns) // 2
        whole[start : start + columns] = pixels[row * columns : (row + 1) * columns]
    return bytes(whole)


def send_picture(browser: Browser, gray: bytes, *, csrf: str | None = None) -> Response:
    token = browser.hidden().get("csrf", "") if csrf is None else csrf
    answer: Response = browser.client.post(f"/scan/frame?w={SIDE}&h={SIDE}", content=gray, headers={"x-csrf": token})
    return answer


@pytest.fixture
def scanning(browser: Browser) -> Browser:
    browser.register()
    assert browser.get("/scan").status_code == 200
    return browser


def test_without_a_session_one_signs_in_and_comes_back(browser: Browser) -> None:
    page = browser.get("/scan")
    assert page.url.path == "/sign-in"
    assert page.url.params["next"] == "/scan"


def test_a_pasted_link_of_a_request_leads_to_it(scanning: Browser, town: Town) -> None:
    _, path = town.ask()
    page = scanning.send("/scan", link=f"{town.services.deployment.public_url}{path}")
    assert page.url.path == path
    assert "示例酒店想确认您的身份" in page.text


def test_a_foreign_link_is_named_and_not_opened(scanning: Browser) -> None:
    page = scanning.send("/scan", link="https://evil.example/r/not-ours?<script>")
    assert (page.url.path, page.status_code) == ("/scan", 422)
    assert "evil.example" in page.text
    assert "not-ours" not in page.text
    assert "没有打开" in page.text


def test_somebodys_code_is_named_and_not_shown_again(scanning: Browser) -> None:
    page = scanning.send("/scan", link="88" + "1" * 16)
    assert page.status_code == 422
    assert "这是一个身份码" in page.text
    assert "1" * 16 not in page.text


def test_a_picture_is_read_for_who_is_signed_in(scanning: Browser, town: Town) -> None:
    link = town.services.deployment.public_url + town.ask()[1]
    assert send_picture(scanning, picture(link)).json() == {"text": link}
    assert send_picture(scanning, b"\xff" * (SIDE * SIDE)).json() == {"text": None}


def test_pictures_need_a_session_and_a_token_of_the_page(scanning: Browser, town: Town) -> None:
    assert send_picture(scanning, picture("a"), csrf="0" * 64).status_code == 403
    stranger = town.browser()
    stranger.get("/register")
    assert send_picture(stranger, picture("a")).status_code == 401


def test_pictures_are_counted_by_holder(scanning: Browser) -> None:
    tiny = f"/scan/frame?w={SIDE}&h={SIDE}"
    csrf = scanning.hidden()["csrf"]
    answers = [
        scanning.client.post(tiny, content=b"", headers={"x-csrf": csrf}).status_code for _ in range(FRAMES.amount + 1)
    ]
    assert answers[:-1] == [200] * FRAMES.amount
    assert answers[-1] == 429


def test_the_camera_is_allowed_on_this_page_only(scanning: Browser) -> None:
    assert "camera=(self)" in scanning.get("/scan").headers["permissions-policy"]
    assert "camera=()" in scanning.get("/code").headers["permissions-policy"]
