"""The port of sets of agreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.agreement_sets.agreement_set import AgreementSet
from eztong.domain.damage import Listed
from eztong.domain.identifiers import HolderId


class AgreementSetRepository(Protocol):
    """Sets of agreements with their members."""

    def add(self, agreement_set: AgreementSet) -> bool:
        """Store a set with its members; return False if its number is taken."""
        ...

    def remove_draft(self, set_id: str) -> bool:
        """Remove a draft with its members and the texts that are drafts with it; False if it is none."""
        ...

    def get(self, set_id: str) -> AgreementSet | None:
        """Return one set."""
        ...

    def by_number(self, number: int) -> AgreementSet | None:
        """Return the set of a number."""
        ...

    def in_force(self) -> AgreementSet | None:
        """Return the set in force, whatever is wrong with others."""
        ...

    def list(self) -> Sequence[AgreementSet]:
        """Return every set, the newest first."""
        ...

    def move(self, before: AgreementSet, after: AgreementSet) -> bool:
        """Give a set the state and times of ``after``, if it still has the state of ``before``."""
        ...

    def due(self, *, now: datetime) -> Listed[AgreementSet]:
        """Return the scheduled sets whose time has come, the oldest first."""
        ...

    def has_grace_over(self, *, now: datetime) -> bool:
        """Say whether the grace of some member has ended and does not count as ended yet."""
        ...

    def start_telling(self, set_id: str) -> None:
        """Note that holders are to be told of a set."""
        ...

    def to_tell(self) -> tuple[str, HolderId] | None:
        """Return a set that not everybody was told of, and up to whom everybody was."""
        ...

    def told(self, set_id: str, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        """Move the mark up to which everybody was told, if it still is where it was seen; ``done_at`` ends it."""
        ...
