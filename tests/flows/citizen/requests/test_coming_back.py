"""Whoever must sign in or register first comes back to the request, and by no link to anywhere else."""

from __future__ import annotations

import base64
import re

import pytest

from tests.flows.citizen.browser import ANYBODY, PIN, Browser, Town

WAY = "ezt_way_back"


def kept(browser: Browser) -> str | None:
    value: str | None = browser.client.cookies.get(WAY)
    return value


def plant(browser: Browser, value: str) -> None:
    browser.client.cookies.delete(WAY)
    browser.client.cookies.set(WAY, value, domain="testserver.local", path="/")


def test_registering_comes_back_to_the_request_once(browser: Browser, town: Town) -> None:
    _, path = town.ask()
    page = browser.get(path)
    assert f"/sign-in?next={path}" in page.text
    assert 'href="/register"' in page.text
    browser.bind_phone()
    page = browser.send("/register/identity", name=ANYBODY.name, number=ANYBODY.number)
    found = re.search(r'href="(/unlock/setup\?next=[^"]+)"', page.text)
    assert found is not None
    browser.get(found[1])
    page = browser.send("/unlock/setup", pin=PIN, again=PIN)
    assert (page.url.path, page.status_code) == (path, 200)
    assert kept(browser) is None


def test_signing_in_on_another_phone_comes_back_to_the_request(browser: Browser, town: Town) -> None:
    browser.register()
    town.pass_time(61)
    other = town.browser()
    _, path = town.ask()
    other.get(path)
    other.get(f"/sign-in?next={path}")
    other.send("/sign-in", phone=ANYBODY.phone)
    page = other.send("/sign-in/code", otp=other.newest_otp(), pin=PIN)
    assert page.url.path == path
    assert 'name="act" value="agree"' in page.text
    assert kept(other) is None


def test_the_way_is_forgotten_after_a_quarter_of_an_hour(browser: Browser, town: Town) -> None:
    _, path = town.ask()
    browser.get(path)
    town.pass_time(901)
    assert path not in browser.register().text


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a",
        "!!!!",
        "A" * 401,
        base64.urlsafe_b64encode(b"\x00" * 32 + b"99999999999 /r/planted").decode().rstrip("="),
        base64.urlsafe_b64encode(b"\x00" * 32 + b"\xff\xff").decode().rstrip("="),
    ],
)
def test_a_way_that_another_wrote_is_not_followed(value: str, browser: Browser) -> None:
    plant(browser, value)
    page = browser.register()
    assert page.status_code == 200
    assert "planted" not in page.text
    assert 'href="/unlock/setup"' in page.text


def test_a_way_that_was_written_here_cannot_be_changed(browser: Browser, town: Town) -> None:
    _, path = town.ask()
    browser.get(path)
    value = str(kept(browser))
    whole = bytearray(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
    whole[-1] ^= 1
    plant(browser, base64.urlsafe_b64encode(bytes(whole)).decode().rstrip("="))
    assert 'href="/unlock/setup"' in browser.register().text
