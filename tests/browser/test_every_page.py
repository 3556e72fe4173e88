"""Every page of the tour: strict, light, no wider than a small phone, in words, and WCAG 2.2 AA in both languages.

A stop is reached once, and everything is looked at there, in the dark, in large type and in English: reaching it is
what costs.
"""

from functools import partial

import pytest

from tests.browser.checks.axe import CONTRAST, violations
from tests.browser.checks.whole import PHONE_IN_ENGLISH, check_in_english, check_on_a_desk, width_of
from tests.browser.checks.words import words_for_programs_on
from tests.browser.conftest import OpenWindow
from tests.browser.stop import Stop
from tests.browser.tour import TOUR
from tests.browser.window import DESK, SMALL_PHONE, Window
from tests.plain_words import words_for_programs


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_in_chinese_on_a_desk_and_in_english_on_a_phone(open_window: OpenWindow, stop: Stop) -> None:
    window = open_window(size=DESK)
    check_on_a_desk(window, stop.reach)
    check_in_english(window, stop.reach, reach_anew=partial(open_window, **PHONE_IN_ENGLISH))


def test_the_check_notices_what_is_wrong(phone: Window) -> None:
    page = phone.open("/")
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x.png\"><input>')")
    rules = {violation.partition(":")[0] for violation in violations(page)}
    assert rules == {"image-alt", "label"}


def test_the_check_of_the_dark_notices_colours_that_are_too_close(phone: Window) -> None:
    page = phone.open("/")
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelector('h1').style.color = '#333'")
    assert {violation.partition(":")[0] for violation in violations(page, rules=CONTRAST)} == {"color-contrast"}


def test_a_word_for_programs_is_noticed(phone: Window) -> None:
    page = phone.open("/")
    page.evaluate("document.querySelector('main').append('Why: code_already_used, 2026-01-15')")
    assert words_for_programs_on(page) == ["code_already_used", "2026-01-15"]


def test_the_token_of_a_link_is_no_word() -> None:
    assert words_for_programs("Stop it: https://eztong.example/stop/ab_cd-ef=x now") == []


def test_a_page_that_is_too_wide_is_noticed(open_window: OpenWindow) -> None:
    window = open_window(size=SMALL_PHONE)
    window.open("/").evaluate("document.querySelector('main').append(Object.assign(new Image(400, 10), {alt: ''}))")
    assert width_of(window) > SMALL_PHONE[0]
