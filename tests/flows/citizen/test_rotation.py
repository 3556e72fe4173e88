"""A new session key signs nobody out: what was made under the key before is found until that one retires."""

from __future__ import annotations

from eztong.adapters.entropy import SystemEntropy
from eztong.domain.keys.rotation import ROTATION_PAUSE
from eztong.usecases.requests.open_request import request_token
from tests.flows.citizen.browser import Browser, Town
from tests.flows.citizen.recovery.test_waiting_recovery import DAY, begin, finish, link_of


def rotate(town: Town) -> None:
    town.pass_time(int(ROTATION_PAUSE.total_seconds()) + 1)
    town.built.keyring.rotate("session", entropy=SystemEntropy(), now=town.services.clock.now())


def test_a_rotation_signs_nobody_out_and_two_do(town: Town, browser: Browser) -> None:
    browser.register()
    rotate(town)
    browser.get("/me")
    assert (browser.page.status_code, browser.at()) == (200, "/me")
    browser.unlock()
    assert "number" in browser.show_code(), "what was set under the key before works under the new one"
    rotate(town)
    browser.get("/me")
    assert browser.at() == "/sign-in", "what is two rotations old has ended"


def test_an_open_requests_address_stays_what_it_was(town: Town, browser: Browser) -> None:
    browser.register()
    request, link = town.ask()
    later = town.services.clock.now() + ROTATION_PAUSE
    town.built.keyring.rotate("session", entropy=SystemEntropy(), now=later)
    assert f"/r/{request_token(request.request_id, keys=town.services.keys)}" == link
    browser.get(link)
    assert (browser.page.status_code, browser.at()) == (200, link)


def test_a_waiting_recovery_can_be_stopped_and_completed_after_a_rotation(town: Town, browser: Browser) -> None:
    browser.register()
    town.pass_time(int(ROTATION_PAUSE.total_seconds()) + 1)
    new = town.browser()
    begin(new)
    link = link_of(town)
    town.built.keyring.rotate("session", entropy=SystemEntropy(), now=town.services.clock.now())
    assert town.browser().get(link).status_code == 200, "the link in the message stops it still"
    assert new.get("/recover/waiting").url.path == "/recover/waiting", "its own browser still knows that it waits"
    town.pass_time(DAY)
    finish(new)
    assert new.at() == "/unlock/setup"
