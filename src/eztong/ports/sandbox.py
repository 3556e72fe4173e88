"""The sandbox port: what newcomers and integrators may move. It does not exist in live mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
    document_valid_until: date | None = None
    renewed_on: date | None = None
    renamed_on: date | None = None


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

    def fault(self) -> AuthorityFault:
        """Return the fault that is switched on, or ``none``.

        Raises:
            Unavailable: the authority's own process cannot be reached.
        """
        ...

    def face(self, outcome: FaceOutcome) -> LivePersonFactor:
        """Return a live-person factor that finds ``outcome``."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCall:
    """One call to ``/v1`` and its answer, as they went over the wire; the API key is in neither.

    ``sent`` and ``received`` are the bodies as text; ``sent`` is None for a GET.
    """

    method: str
    path: str
    sent: str | None
    idempotency_key: str | None
    status: int
    received: str


class PartnerApi(Protocol):
    """Calls this deployment's own ``/v1`` as a demo partner would: over HTTP, with an API key."""

    def get(self, partner: str, path: str) -> PartnerCall:
        """Read as a demo partner.

        Raises:
            Unavailable: there was no answer, or the partner has no key.
        """
        ...

    def post(self, partner: str, path: str, body: Mapping[str, object], *, idempotency_key: str) -> PartnerCall:
        """Send JSON as a demo partner; a repeated key with the same body gets the same answer.

        Raises:
            Unavailable: there was no answer, or the partner has no key. Nothing is known; ask again with the same key.
        """
        ...
