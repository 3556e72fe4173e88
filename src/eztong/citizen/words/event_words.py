"""Which words an event of an account's history has: its detail may say more than its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.domain.events import EventKind
from eztong.domain.identity.age import AgeBand
from eztong.ports.storage.holders import HolderEvent
from eztong.usecases.agreements.withdraw_authorisation import HANDED_OVER, TAKEN_BACK

BY_DETAIL: Final[Mapping[EventKind, tuple[str, tuple[str, ...]]]] = {
    EventKind.AUTHORISATION_WITHDRAWN: ("why", (HANDED_OVER, TAKEN_BACK)),
    EventKind.CAME_OF_AGE: ("band", (AgeBand.MINOR.value, AgeBand.ADULT.value)),
}
"""The fact that chooses the words of a kind, and its values that have words of their own."""


def event_words(event: HolderEvent) -> str:
    """Return what leads to the words of an event, after ``event.``: its kind, perhaps with what it was."""
    name, values = BY_DETAIL.get(event.kind, ("", ()))
    value = event.fact(name) if values else None
    return f"{event.kind}.{value}" if value in values else event.kind
