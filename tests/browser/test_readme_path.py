"""The READMEs' «try it in two minutes», walked exactly as it is written: one browser, two windows."""

import os
import re
import subprocess
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
        """Return the next bold words; a line break within them is a space."""
        return " ".join(str(next(self._bold)).split())

    @property
    def is_over(self) -> bool:
        """Say whether every bold word and address was used."""
        return next(self._bold, None) is None and next(self.addresses, None) is None


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
def test_the_path_works_as_it_is_written(open_window: OpenWindow, service: Service, language: str) -> None:
    readme, heading, hotel = READMES[language]
    words = Words(readme, heading)
    window = open_window(language=language, size=DESK)
    desk, phone = window.page, window.context.new_page()

    desk.goto(next(words.addresses))
    desk.locator("li, tr, form").filter(has_text=hotel).get_by_role("button", name=words.bold()).first.click()
    desk.get_by_role("button", name=words.bold()).click()

    phone.goto(next(words.addresses))
    phone.get_by_role("button", name=words.bold()).first.click()
    phone.get_by_role("button", name=words.bold(), exact=True).first.click()
    phone.get_by_role("button", name=words.bold()).first.click()

    desk.locator("#code").fill(digits_on(phone))
    desk.get_by_role("button", name=words.bold(), exact=True).click()
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

    phone.get_by_role("link", name=words.bold(), exact=True).last.click()
    phone.get_by_role("button", name=words.bold()).first.click()
    noted = digits_on(phone)
    phone.get_by_role("link", name=words.bold(), exact=True).click()
    phone.get_by_role("link", name=words.bold()).last.click()
    phone.get_by_role("button", name=words.bold()).click()
    phone.wait_for_selector("[data-state=frozen]")

    desk.goto(next(words.addresses))
    desk.locator("#code").fill(noted)
    desk.get_by_role("button", name=words.bold(), exact=True).click()
    expect(desk.locator("#result")).to_contain_text(words.bold())
    assert words.is_over, "the page says more than was walked"
    assert '"outcome":"passed"' in run_block(readme, service), "what follows in the README works after it"


def run_block(readme: str, service: Service) -> str:
    """Run the commands of «one minute with curl» against the service, as they stand."""
    part = (ROOT / readme).read_text("utf-8").partition("test_helpers")[0].rpartition("```sh\n")[2]
    rest = (ROOT / readme).read_text("utf-8").partition(part)[2].partition("```")[0]
    port = service.url.rpartition(":")[2]
    kept = {key: value for key, value in os.environ.items() if not key.startswith("EZTONG_")}  # noqa: TID251 - a child's environment is ours to give
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", (part + rest).replace(":8080", f":{port}")],
        cwd=ROOT,
        env=kept | {"EZTONG_DATA_DIR": str(service.data_dir), "EZTONG_PORT": port, "NO_PROXY": "127.0.0.1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
