"""A partner's desk: it takes codes until it is ended, and may be opened again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.errors import InputInvalid, StateConflict


class DeskNotTyped(InputInvalid):
    """What was typed to confirm the end of a desk is not its id."""

    code = "desk_not_typed"
    advice = "Type the desk's id as it stands on the page: nothing was done."


class DeskStateConflict(StateConflict):
    """The desk was ended, or opened again, already."""

    code = "desk_state_conflict"
    advice = "Look at the desks again: it stands already as you want it, or somebody was faster."


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A desk as its partner keeps it. One that was ended keeps its name, by which its history is read."""

    desk: str
    name: str
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether codes are taken there."""
        return self.ended_at is None


def check_typed(typed: str, desk: str) -> None:
    """Refuse to end a desk whose id was not typed.

    Raises:
        DeskNotTyped: something else was typed.
    """
    if typed.strip() != desk:
        raise DeskNotTyped
