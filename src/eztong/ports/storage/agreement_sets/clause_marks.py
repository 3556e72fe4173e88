"""The port of marks on clauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eztong.domain.agreement_sets.clause_mark import ClauseMark, MarkState
from eztong.domain.agreements import DocumentKind
from eztong.domain.identifiers import HolderId


class ClauseMarkRepository(Protocol):
    """Marks on clauses."""

    def add(self, mark: ClauseMark) -> bool:
        """Store a mark; return False if the clause has one that is proposed or stands."""
        ...

    def get(self, mark_id: str) -> ClauseMark | None:
        """Return one mark."""
        ...

    def list(self) -> Sequence[ClauseMark]:
        """Return every mark, the newest first."""
        ...

    def of_text(self, kind: DocumentKind, version: str) -> Sequence[ClauseMark]:
        """Return the marks on one version of a document that readers see, the oldest first."""
        ...

    def move(self, mark_id: str, state: MarkState, *, seen: MarkState, lifted_at: datetime | None = None) -> bool:
        """Give a mark another state, if it still has the one that was seen."""
        ...

    def start_telling(self, mark_id: str) -> None:
        """Note that holders are to be told of a mark, or of its end."""
        ...

    def to_tell(self) -> tuple[str, HolderId] | None:
        """Return a mark that not everybody was told of, and up to whom everybody was."""
        ...

    def told(self, mark_id: str, *, seen: HolderId, until: HolderId, done_at: datetime | None) -> bool:
        """Move the mark up to which everybody was told, if it still is where it was seen; ``done_at`` ends it."""
        ...
