"""The stage: who takes part, what they have in hand, and what is noted while a step is played."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from eztong.adapters.authority.persona_model import Persona
from eztong.cli.demo.browser import Browser
from eztong.cli.demo.checks import Notes, StepFailed
from eztong.cli.demo.partner import PlayedPartner
from eztong.cli.demo.processes import Installation

_PATIENCE_SECONDS: Final = 15.0
_POLL_SECONDS: Final = 0.05


@dataclass(slots=True)
class Code:
    """A code as the citizen's screen shows it."""

    number: str
    qr: str


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything the steps share. ``answers`` are the verifications that passed, by a name of ours."""

    installation: Installation
    persona: Persona
    citizen: Browser
    hotel: PlayedPartner
    library: PlayedPartner
    game: PlayedPartner
    notes: Notes = field(default_factory=Notes)
    keys: bytes = b""
    used: str = ""
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def partner_code(self, answer: str) -> str:
        """Return the partner code of an earlier answer."""
        return str(self.answers[answer]["result"]["partner_code"])

    def wait_for(self, what: str, look: Callable[[], str | None]) -> str:
        """Look until there is something.

        Raises:
            StepFailed: it did not come in time.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (found := look()) is None:
            if time.monotonic() > deadline:
                raise StepFailed(f"{what} did not come within {_PATIENCE_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)
        return found


Play = Callable[[Stage], None]
