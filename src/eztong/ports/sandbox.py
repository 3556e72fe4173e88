"""The sandbox port: what newcomers and integrators may move. It does not exist in live mode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from eztong.ports.live_person import LivePersonFactor


class AuthorityFault(StrEnum):
    """What can be made to go wrong at the sandbox authority."""

    NONE = "none"
    TIMEOUT = "timeout"
    DOWN = "down"
    PENDING = "pending"
    GARBLED = "garbled"
    BAD_UPSTREAM = "bad_upstream"


class FaceOutcome(StrEnum):
    """What the simulated face check can be told to find."""

    PASSED = "passed"
    NOT_LIVE = "not_live"
    NOT_SAME_PERSON = "not_same_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxPersona:
    """An invented person: what to type, what the story is, and what registering leads to (``kind:detail``)."""

    key: str
    name: str
    number: str
    phone: str
    story: str
    story_en: str
    expected: str


class SandboxControls(Protocol):
    """Moves clock and faults, and knows the invented people."""

    def personas(self) -> Sequence[SandboxPersona]:
        """Return all personas in their order."""
        ...

    def persona(self, key: str) -> SandboxPersona:
        """Return one persona, or with ``S`` and a number that synthetic citizen: any number, each different.

        Raises:
            NotFound: there is no such key.
        """
        ...

    def advance_clock(self, seconds: int) -> datetime:
        """Move the service's clock forward for good; return the new time.

        Raises:
            InputInvalid: backwards, or more than ten years at once.
        """
        ...

    def set_fault(self, fault: AuthorityFault) -> None:
        """Switch a fault of the authority on, or off with ``none``.

        Raises:
            Unavailable: the authority's own process cannot be reached.
        """
        ...

    def face(self, outcome: FaceOutcome) -> LivePersonFactor:
        """Return a live-person factor that finds ``outcome``."""
        ...
