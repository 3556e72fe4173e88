"""The READMEs' «try it in two minutes», walked exactly as it is written: one browser, two windows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenWindow
from tests.browser.window import DESK
from tests.simulators.service import Service, running

ROOT = Path(__file__).parents[2]
LIVE_MS = 3_000
ANSWER_MS = 8_000


class Words:
    """The words that a README prints in bold, in order; each may only be used once they are reached."""

    def __init__(self, name: str, heading: str) -> None:
        text = (ROOT / name).read_text(encoding="utf-8")
        part = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        self.addresses = iter(re.findall(r"<http://127\.0\.0\.1:8080(/[a-z/]+)>", part))
        self._bold = iter(re.findall(r"\*\*([^*]+)\*\*", part))

    def bold(self) -> str:
        """Return the next bold words."""
        return str(next(self._bold))


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """A fresh sandbox, as a newcomer has: the path ends with a frozen account."""
    with running(tmp_path / "data") as started:
        yield started


READMES = {
    "en": ("README.md", "Try it in two minutes", "Demo Hotel"),
    "zh-CN": ("README.zh-CN.md", "两分钟上手", "示例酒店"),
}


def digits_on(page: Page) -> str:
    number = page.locator("[data-number]").get_attribute("data-number")
    assert number is not None
    return number


@pytest.mark.parametrize("language", READMES)
def test_the_path_works_as_it_is_written(open_window: OpenWindow, language: str) -> None:
    name, heading, hotel = READMES[language]
    words = Words(name, heading)
    window = open_window(language=language, size=DESK)
    phone, desk = window.page, window.context.new_page()

    phone.goto(next(words.addresses))
    phone.get_by_role("button", name=words.bold()).first.click()
    show = words.bold()
    phone.get_by_role("button", name=show).first.click()

    desk.goto(next(words.addresses))
    enter = words.bold()
    desk.locator("li, tr, form").filter(has_text=hotel).get_by_role("button", name=enter).first.click()
    desk.get_by_role("button", name=words.bold()).click()

    desk.locator("#code").fill(digits_on(phone))
    check = words.bold()
    desk.get_by_role("button", name=check, exact=True).click()
    expect(desk.locator("#result")).to_contain_text(words.bold())
    expect(phone.locator("main")).to_contain_text(words.bold(), timeout=LIVE_MS)

    desk.goto(next(words.addresses))
    desk.get_by_role("button", name=words.bold()).click()
    with window.context.expect_page() as opened:
        desk.get_by_role("link", name=words.bold()).click()
    asked = opened.value
    number = desk.locator(".match-number strong").inner_text()
    asked.get_by_label(words.bold()).check()
    asked.locator(".match label").filter(has_text=number).click()
    asked.get_by_role("button", name=words.bold()).click()
    expect(desk.locator("[data-verdict=adult]")).to_be_visible(timeout=ANSWER_MS)

    phone.get_by_role("link", name=words.bold(), exact=True).click()
    expect(phone.locator(".record")).to_have_count(len(("hotel", "game")))
    phone.goto("/code")
    phone.get_by_role("button", name=show).first.click()
    shown = digits_on(phone)
    phone.get_by_role("link", name=words.bold(), exact=True).click()
    phone.get_by_role("link", name=words.bold()).last.click()
    freeze(phone)
    desk.goto("/desk")
    desk.locator("#code").fill(shown)
    desk.get_by_role("button", name=check, exact=True).click()
    expect(desk.locator("#result")).to_contain_text(words.bold())


def freeze(page: Page) -> None:
    page.locator("input[type=radio]").first.check(force=True)
    page.locator("form .button.danger").click()
    page.wait_for_selector("[data-state=frozen]")
