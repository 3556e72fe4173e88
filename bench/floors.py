"""What a thing costs at least: the parts that nobody can leave out, each at the speed of its floor in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

GROUP: Final = 32
"""How many rows share a commit where calls come together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Floors of one core, each per second, with nothing around them."""

    sm2: float
    """Raw SM2 signatures."""

    single_rows: float
    """Rows, each in a durable commit of its own."""

    shared_rows: float
    """Rows, ``GROUP`` of them in each durable commit."""

    http: float
    """Small requests, answered ``{}``."""

    dressed_http: float
    """The same with our middleware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What cannot be left out of one piece of work."""

    requests: int = 1
    rows: int = 0
    signatures: float = 0.0

    def rate(self, floors: Floors) -> float:
        """Return how many a second one core could do if there was nothing else to do."""
        seconds = self.requests / floors.http + self.rows / floors.shared_rows + self.signatures / floors.sm2
        return 1 / seconds

    @property
    def parts(self) -> str:
        """Name what it is made of."""
        parts = {
            "request": self.requests,
            "row in a shared commit": self.rows,
            "SM2 signature": self.signatures,
        }
        return " + ".join(f"{count:.2g} × {name}" for name, count in parts.items() if count)


ISSUING: Final = Work(rows=1)
VERIFYING: Final = Work(rows=1, signatures=1 / GROUP)
REGISTERING: Final = Work(rows=1)
POLLING: Final = Work()
FLOW: Final = Work(requests=3, rows=2, signatures=1)
"""Opened, approved with a signed answer, read."""
