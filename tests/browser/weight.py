"""What a first load of a page weighs over the wire, and the budgets that pages keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.browser.tour import Reach
from tests.browser.window import Window


@dataclass(frozen=True)
class Budget:
    """The most that a first load may take."""

    kilobytes: float
    requests: int


# The code page is what people open in a queue with a bad connection.
BUDGETS = {"code": Budget(kilobytes=100, requests=12), "other": Budget(kilobytes=120, requests=16)}


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


def weigh(window: Window, reach: Reach) -> Load:
    """Lead a fresh window to a page; count the bytes that came over the wire, headers included."""
    wire = window.context.new_cdp_session(window.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []

    def finished(event: dict[str, Any]) -> None:
        sizes.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    reach(window)
    window.page.wait_for_load_state("load")
    window.page.wait_for_timeout(200)
    return Load(sum(sizes) / 1000, len(sizes))
