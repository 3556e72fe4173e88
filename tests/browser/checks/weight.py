"""What a first load of a page weighs, and the budgets that pages keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

# What answer headers take besides the body, about as long as ours are.
_HEADERS = 900


@dataclass(frozen=True)
class Budget:
    """The most that a first load may take."""

    kilobytes: float
    requests: int


# The code page is what people open in a queue with a bad connection.
CODE_PAGE = Budget(kilobytes=100, requests=12)
EVERY_PAGE = Budget(kilobytes=120, requests=16)


@dataclass(frozen=True)
class Load:
    """What a first load took."""

    kilobytes: float
    requests: int

    def excess(self, budget: Budget) -> list[str]:
        """Say what is over the budget."""
        found = []
        if self.kilobytes > budget.kilobytes:
            found.append(f"{self.kilobytes:.1f} KB of {budget.kilobytes}")
        if self.requests > budget.requests:
            found.append(f"{self.requests} requests of {budget.requests}")
        return found


def first_load(page: Page) -> Load:
    """Return what the page that is open brings to a browser that has nothing of it yet: it and all that it loads."""
    sizes: list[float] = page.evaluate(
        "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((entry) => entry.encodedBodySize)"
    )
    return Load((sum(sizes) + _HEADERS * len(sizes)) / 1000, len(sizes))


def over_the_wire(page: Page, path: str) -> Load:
    """Open an address with nothing cached, and count the bytes that came, headers included."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    page.goto(path)
    page.wait_for_load_state("load")
    page.wait_for_timeout(200)
    return Load(sum(sizes) / 1000, len(sizes))
