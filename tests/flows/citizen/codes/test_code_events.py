"""What the page of a code hears when it asks too late, or for a code that is not its own (clauses 2.6, 2.9)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.flows.citizen.browser import Browser, Person, Town

SOMEBODY_ELSE = Person("测一二", "110000199003080023", "19900000002")


def frozen(browser: Browser) -> None:
    browser.get("/freeze")
    browser.send("/freeze")


def signed_out(browser: Browser) -> None:
    browser.get("/me")
    browser.send("/sign-out")


def heard(browser: Browser, code: str) -> str:
    answer = browser.get(f"/code/events?code={code}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    return answer.text


@pytest.mark.parametrize("ends", [frozen, signed_out])
def test_a_page_that_asks_after_the_end_hears_that_its_code_has_ended(
    browser: Browser, ends: Callable[[Browser], None]
) -> None:
    browser.register()
    code = browser.show_code()["code"]
    ends(browser)
    assert heard(browser, code) == "event: ended\ndata: \n\n"


def test_the_code_of_another_account_sounds_like_no_code_at_all(browser: Browser, town: Town) -> None:
    browser.register()
    code = browser.show_code()["code"]
    other = town.browser()
    other.register(SOMEBODY_ELSE)
    assert heard(other, code) == heard(other, "cod_unknown") == "event: ended\ndata: \n\n"


def test_a_page_that_asks_after_the_minute_hears_that_it_is_over(browser: Browser, town: Town) -> None:
    browser.register()
    code = browser.show_code()["code"]
    town.pass_time(61)
    assert "event: over" in heard(browser, code)
