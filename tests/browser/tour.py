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


def everywhere() -> Iterator[Stop]:
    """Give every stop in the order of the gallery."""
    yield Stop("start", at("/"))
    yield Stop("register-documents", at("/register"))
    yield Stop("code-locked", at("/code", persona="P01"))
    yield Stop("sandbox-inbox", at("/sandbox/inbox"))


TOUR = tuple(everywhere())
