"""The code page: a press makes a code, a look does not; and freezing ends it all (2.2, 2.9, 2.11)."""

import re

import zxingcpp

from tests.flows.citizen.browser import Browser, Person, Town

EXPIRED_CARD = Person("测过期", "330000197809090062")


def read_drawn_qr(page: str) -> str:
    """Draw the page's QR from its path and read it as a scanner would."""
    size = int(re.findall(r'<svg class="qr" viewBox="0 0 (\d+)', page)[0])
    path = re.findall(r'<path d="([^"]+)" fill="#000"', page)[0]
    scale = 4
    pixels = bytearray(b"\xff" * (size * scale) ** 2)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path):
        for row in range(int(y) * scale, (int(y) + int(height)) * scale):
            start = row * size * scale + int(x) * scale
            pixels[start : start + int(width) * scale] = bytes(int(width) * scale)
    image = memoryview(pixels).cast("B", (size * scale, size * scale))
    found = zxingcpp.read_barcodes(image)
    return found[0].text


def test_looking_issues_nothing(browser: Browser) -> None:
    browser.register()
    page = browser.get("/code").text
    assert "data-number" not in page
    assert "身份码未显示" in page


def test_the_card_shows_one_code_in_two_spellings_and_nothing_of_the_person(browser: Browser, town: Town) -> None:
    browser.register()
    card = browser.show_code()
    page = browser.page
    assert page.url.path == "/code"
    assert not page.url.query
    assert len(card["number"]) == 18
    assert f"{card['number'][:4]} {card['number'][4:8]}" in page.text
    assert card["expires"].endswith("Z")
    assert page.headers["cache-control"] == "no-store"
    assert "测*一" in page.text
    assert "测一一" not in page.text
    assert read_drawn_qr(page.text) == card["qr"]
    assert town.verify(card["qr"]) == "passed"
    assert town.verify(card["number"], desk="front-1") == "code_already_used"


def test_a_new_code_replaces_the_old_one(browser: Browser, town: Town) -> None:
    browser.register()
    old, new = browser.show_code(), browser.show_code()
    assert old["number"] != new["number"]
    assert town.verify(old["number"]) == "code_cancelled"
    assert town.verify(new["number"]) == "passed"


def test_a_number_to_read_out_lives_five_minutes_and_has_no_qr(browser: Browser, town: Town) -> None:
    browser.register()
    card = browser.show_code("/code/spoken")
    assert "qr" not in card
    town.pass_time(299)
    assert town.verify(card["number"]) == "passed"


def test_a_code_ends_with_its_minute(browser: Browser, town: Town) -> None:
    browser.register()
    card = browser.show_code()
    town.pass_time(61)
    assert town.verify(card["number"]) == "code_expired"
    assert "上一个码已过期" in browser.get("/code?expired").text


def test_an_unfinished_application_has_no_code(browser: Browser) -> None:
    browser.bind_phone()
    browser.get("/code")
    assert browser.at() == "/register/identity"
    browser.send("/code")
    assert browser.at() == "/register/identity"


def test_a_restricted_holder_is_told_so_and_still_shows_codes(browser: Browser, town: Town) -> None:
    browser.register(EXPIRED_CARD)
    assert "部分场景可用" in browser.get("/code").text
    assert town.verify(browser.show_code()["number"]) == "passed"


def test_freezing_asks_first_then_ends_codes_and_sessions(browser: Browser, town: Town) -> None:
    browser.register()
    card = browser.show_code()
    page = browser.get("/freeze")
    assert "挂失之后立即停止" in page.text
    assert town.verify(card["number"]) == "passed"
    card = browser.show_code()
    browser.get("/freeze")
    done = browser.send("/freeze")
    assert 'data-state="frozen"' in done.text
    assert town.verify(card["number"]) == "not_passed"
    assert "ezt_session" not in browser.client.cookies
    browser.get("/code")
    assert browser.at() == "/sign-in"


def test_the_old_session_token_is_dead_after_a_freeze(browser: Browser) -> None:
    browser.register()
    token = browser.client.cookies["ezt_session"]
    browser.get("/freeze")
    browser.send("/freeze")
    browser.bring_token(token)
    browser.get("/code")
    assert browser.at() == "/sign-in"
