"""The repository of integrators' session keys."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from eztong.domain.eid.input_session import InputSession
from eztong.domain.identifiers import PartnerId


class InputSessionRepository(Protocol):
    """First uses of session keys, by keyed hash."""

    def claim(self, session: InputSession) -> InputSession:
        """Store the use if it is the key's first, and return the first use: this one or an earlier one."""
        ...

    def failures_since(self, partner_id: PartnerId, since: datetime) -> int:
        """Count the partner's session keys whose first use after ``since`` failed."""
        ...
