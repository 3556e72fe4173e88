"""The tour: every page that a person can meet, and how a window gets there.

Accessibility, strictness and the gallery of screenshots all walk this one list, so a new page is a new line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from typing_extensions import override

from tests.browser.window import Window

Reach = Callable[[Window], None]


@dataclass(frozen=True)
class Stop:
    """A page with its name in the gallery and the way to it."""

    name: str
    reach: Reach

    @override
    def __str__(self) -> str:
        return self.name


def at(path: str, *, persona: str | None = None) -> Reach:
    """Return the way to a page that only needs its address, and perhaps somebody who is signed in."""

    def reach(window: Window) -> None:
        if persona is not None:
            window.sign_in_as(persona)
        window.open(path)

    return reach


def code_shown(window: Window) -> None:
    """Show a code of somebody new."""
    window.be(window.service.somebody())
    window.open("/code").locator("form[action='/code'] button").click()
    window.page.wait_for_selector("svg.qr")


def code_used(window: Window) -> None:
    """Show a code and have it used."""
    code_shown(window)
    payload = window.page.locator("[data-qr]").get_attribute("data-qr")
    window.service.partners["hotel"].verify(str(payload), "hotel_check_in", desk="front-1")
    window.page.wait_for_selector("[data-outcome]")


def me_shown(window: Window) -> None:
    """Show the own identity in full."""
    window.sign_in_as("P01")
    window.open("/me").locator("[data-reveal] button").click()
    window.page.wait_for_selector("[data-revealed]")


def everywhere() -> Iterator[Stop]:
    """Give every stop in the order of the gallery."""
    yield Stop("start", at("/"))
    yield Stop("register-documents", at("/register"))
    yield Stop("code-ready", at("/code", persona="P01"))
    yield Stop("code-shown", code_shown)
    yield Stop("code-used", code_used)
    yield Stop("me", at("/me", persona="P01"))
    yield Stop("me-shown", me_shown)
    yield Stop("my-data", at("/me/data", persona="P01"))
    yield Stop("my-agreements", at("/me/agreements", persona="P01"))
    yield Stop("about", at("/about"))
    yield Stop("offline", at("/offline"))
    yield Stop("sandbox-inbox", at("/sandbox/inbox"))


TOUR = tuple(everywhere())
