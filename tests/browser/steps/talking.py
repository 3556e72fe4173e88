"""The ways to the pages of talks with the service."""

from __future__ import annotations

from tests.browser.window import Window


def to_talks_form(window: Window) -> None:
    """Stand on the form that opens talks, with a record to tick."""
    person = window.service.somebody()
    window.be(person)
    window.service.partners["hotel"].verify(window.service.code(person)["qr"], "hotel_check_in")
    window.open("/feedback?kind=talks").locator("input[name^='record-']").first.wait_for()


def to_open_talks(window: Window) -> None:
    """Open talks, and stand on their page."""
    to_talks_form(window)
    page = window.page
    page.locator("textarea").fill("...")
    page.locator("form[action='/feedback'] button").click()
    number = page.locator("[data-ticket]").get_attribute("data-ticket")
    window.open(f"/feedback/{number}").locator("[data-stage=open]").wait_for()


def to_proposal(window: Window) -> None:
    """Have a proposal on the page."""
    to_open_talks(window)
    number = window.page.url.rsplit("/", 1)[1].partition("?")[0]
    words = window.service.data_dir / "words.txt"
    words.write_text("我们道歉，并赔偿二百元。We apologise, and pay two hundred yuan.", "utf-8")
    done = window.service.run("talks", "propose", number, "--operator", "demo-li", "--words-file", str(words))
    assert done.returncode == 0, done.stderr
    window.page.reload()
    window.page.locator("[data-stage=proposed]").wait_for()


def to_settled_talks(window: Window) -> None:
    """Accept it."""
    to_proposal(window)
    window.page.locator("[data-proposal] .tick").click()
    window.page.locator("button[value=accept]").click()
    window.page.locator("[data-stage=settled]").wait_for()


def to_failed_talks(window: Window) -> None:
    """End the talks."""
    to_proposal(window)
    window.page.locator("details summary").click()
    window.page.locator("details .tick").click()
    window.page.locator("button[value=fail]").click()
    window.page.locator("[data-stage=failed]").wait_for()
