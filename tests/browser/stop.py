"""A page of the tour, and the shortest ways to one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from tests.browser import ways
from tests.browser.window import Window

Reach = Callable[[Window], object]


@dataclass(frozen=True)
class Stop:
    """A page with its name in the gallery and the way to it."""

    name: str
    reach: Reach

    @override
    def __str__(self) -> str:
        return self.name


def at(path: str) -> Reach:
    """Return the way to a page that only needs its address."""
    return lambda window: window.open(path)


def as_somebody(path: str) -> Reach:
    """Return the way to a page of a signed-in holder who has used a code once and answered a request once."""

    def reach(window: Window) -> None:
        ways.use_code(window)
        window.open(path)

    return reach


def then(first: Reach, path: str) -> Reach:
    """Return the way that goes on to an address."""

    def reach(window: Window) -> None:
        first(window)
        window.open(path)

    return reach
