"""Clauses that do not apply: void, or suspended for now; the rest of the text stands (clause 5.5).

``proposed -> standing -> lifted``, or ``proposed -> refused``. Two operators set a mark and two lift it. The text is
never changed: whoever reads it sees the clause with its mark, and what was accepted stays accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eztong.domain.agreements import DocumentKind
from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.incidents.incident import Bilingual


class Effect(StrEnum):
    """What a mark says of its clause."""

    VOID = "void"
    SUSPENDED = "suspended"


class MarkState(StrEnum):
    """Where a mark stands."""

    PROPOSED = "proposed"
    STANDING = "standing"
    LIFTED = "lifted"
    REFUSED = "refused"


class ClauseUnknown(InputInvalid):
    """The text in force has no such clause."""

    code = "clause_unknown"
    advice = "Name a document in force and the number of one of its clauses, such as `service 2.9`."


class MarkUnknown(NotFound):
    """No mark of this id."""

    code = "clause_mark_unknown"
    advice = "There is no such mark; `eztong agreements marks` shows them."


class ClauseMarked(StateConflict):
    """The clause has a mark, or one is proposed."""

    code = "clause_marked"
    advice = "The clause is marked already, or a mark waits for the second operator; see `eztong agreements marks`."


class MarkNotStanding(StateConflict):
    """The mark does not stand, so that it cannot be lifted."""

    code = "clause_mark_not_standing"
    advice = "Only a mark that stands can be lifted; see `eztong agreements marks`."


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseMark:
    """A mark on one clause of one version, with a reason that everybody reads."""

    mark_id: str
    kind: DocumentKind
    version: str
    clause: str
    effect: Effect
    since: datetime
    reason: Bilingual
    state: MarkState = MarkState.PROPOSED
    made_by: str
    made_at: datetime
    lifted_at: datetime | None = None

    @property
    def is_shown(self) -> bool:
        """Say whether readers see it: also once it was lifted, with its days."""
        return self.state in {MarkState.STANDING, MarkState.LIFTED}
