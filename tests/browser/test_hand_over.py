"""An account goes over to a ward who is fourteen: on a service of its own, whose clock stands years later."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import pytest
from playwright.sync_api import expect

from eztong.http.cookies import LANGUAGE_COOKIE
from tests.browser import ways
from tests.browser.checks.whole import PHONE_IN_ENGLISH, check_in_english, check_on_a_desk
from tests.browser.conftest import OpenWindow
from tests.browser.steps import handing_over
from tests.browser.stop import Reach, at
from tests.browser.test_back import WITH_A_CLOCK_OF_THEIR_OWN, check_back
from tests.browser.window import DESK, Window
from tests.simulators.service import Service, running

PAGES: Final[tuple[Reach, ...]] = (handing_over.to_offer, handing_over.to_digits, handing_over.to_code)
SETTLING: Final = ("/me/phone", "/me/deregister")
"""What waits until the account cannot be had back any more, and says so."""
BACK: Final[dict[str, Reach]] = {
    "/me/family/{guardianship_id}/hand-over": handing_over.to_digits,
    "/take-over/code": handing_over.to_code,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose clock these tests move on by years, which other pages would not outlast."""
    with running(tmp_path_factory.mktemp("grown") / "data") as started:
        yield started


# One test, since the account goes over once, and every page before it is of that account.
def test_each_page_is_whole_back_leads_somewhere_and_then_the_ward_takes_over(open_window: OpenWindow) -> None:
    for reach in PAGES:
        window = open_window(size=DESK)
        check_on_a_desk(window, reach)
        check_in_english(window, reach, reach_anew=partial(open_window, **PHONE_IN_ENGLISH))
    assert set(BACK) == WITH_A_CLOCK_OF_THEIR_OWN
    for reach in BACK.values():
        check_back(reach, open_window)
    window = open_window(size=DESK)
    take_over(window)
    for path in SETTLING:
        check_on_a_desk(window, at(path))
        check_in_english(window, at(path), reach_anew=partial(open_window, **PHONE_IN_ENGLISH))
        window.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        window.context.clear_cookies(name=LANGUAGE_COOKIE)


def take_over(window: Window) -> None:
    """Take the account over, with a PIN and a consent of one's own, and show a code."""
    phone = handing_over.to_code(window)
    page = window.page
    page.fill("#otp", window.service.newest_otp(phone))
    page.locator("form[action='/take-over/code'] button.primary").click()
    page.wait_for_url("**/unlock/setup?**")
    page.fill("#pin", ways.PIN)
    page.fill("#again", ways.PIN)
    page.locator("form[action='/unlock/setup'] button").last.click()
    page.wait_for_url("**/register")
    for tick in page.locator("input[type='checkbox']").all():
        tick.check()
    page.locator("form[action='/register'] button.primary").click()
    page.wait_for_url("**/code")
    page.locator("form[action='/code'] button.primary").click()
    expect(page.locator("[data-payload], svg.qr, .code-card").first).to_be_visible()
