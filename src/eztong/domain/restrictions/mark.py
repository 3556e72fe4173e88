"""Marks: what limits an account for a cause, up to a ceiling, until it is lifted (clauses 2.5, 2.8; PIPL art. 44).

An account is ``restricted`` while a mark is open; the lowest ceiling of its open marks decides what passes. A mark is
no state: a freeze, a recovery, a termination or a deregistration neither lifts nor hides it, and goes back to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.events import Actor
from eztong.domain.identifiers import HolderId


class Cause(StrEnum):
    """Why an account is limited."""

    DOCUMENT_EXPIRED = "document_expired"
    """The identity document has run out."""
    DATA_DOUBT = "data_doubt"
    """What is stored of the person is not what the authority says, or staff doubt it."""
    RISK = "risk"
    """Somebody else may be using the account, or the account may be misused."""
    OPERATOR = "operator"
    """The operator has to, by law or by an order."""
    MINOR_LIMITS = "minor_limits"
    """The holder is a minor, and the guardian set limits."""
    CASE = "case"
    """A case about misuse decided it, by two operators (clause 2.10)."""
    ASKED = "asked"
    """The holder asked that the data be kept and not used (PIPL art. 44)."""


class Ceiling(StrEnum):
    """The most demanding scenes that still pass; ``none`` passes nothing."""

    NONE = "none"
    LOW = "low"
    SUBSTANTIAL = "substantial"


_FROM_BELOW: Final = (Ceiling.NONE, Ceiling.LOW, Ceiling.SUBSTANTIAL)

RESUMES: Final = Budget("resumes", 10, timedelta(days=1))
"""How often a holder may let an account be used again: each pause and each end of one sends messages."""

BY_RECHECK: Final = frozenset({Cause.DOCUMENT_EXPIRED, Cause.DATA_DOUBT})
"""What lifts by itself once the authority confirmed the person anew."""

BY_GUARDIAN: Final = frozenset({Cause.MINOR_LIMITS})
"""What a guardian sets, and lifts; it ends with the guardianship."""

BY_STAFF: Final = frozenset({Cause.DATA_DOUBT, Cause.RISK, Cause.OPERATOR})
"""What the operator's staff set, and lift. Nobody lifts what a holder asked for, or a guardian set, in their place."""

OF_A_CASE: Final = (BY_STAFF | {Cause.CASE}) - BY_RECHECK
"""What a person decided and no check answers: nobody leaves it by leaving the service (clause 2.13).

A doubt about the data is none of them: it ends when the authority confirms the person, as it does whoever registers
again. Nor is what a document, a guardian or the holder limits.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A mark. ``rule`` names what set it, ``until`` is when it was lifted; an open one has none."""

    holder_id: HolderId
    restriction_id: str
    cause: Cause
    ceiling: Ceiling
    rule: str
    by: Actor
    since: datetime
    until: datetime | None = None
    lifted_by: Actor | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it limits the account now."""
        return self.until is None


def open_marks(marks: Iterable[Restriction]) -> list[Restriction]:
    """Return the open ones, the lowest ceiling first, then the oldest."""
    found = [mark for mark in marks if mark.is_open]
    return sorted(found, key=lambda mark: (_FROM_BELOW.index(mark.ceiling), mark.since, mark.restriction_id))


def has_case(marks: Iterable[Restriction]) -> bool:
    """Say whether a case of the operator's limits the account now."""
    return any(mark.is_open and mark.cause in OF_A_CASE for mark in marks)


def effective_ceiling(marks: Iterable[Restriction]) -> Ceiling | None:
    """Return the lowest ceiling of the open marks; None: nothing limits the account."""
    found = open_marks(marks)
    return found[0].ceiling if found else None


def is_no_looser(ceiling: Ceiling, than: Ceiling) -> bool:
    """Say whether ``ceiling`` lets no more pass than the other one."""
    return _FROM_BELOW.index(ceiling) <= _FROM_BELOW.index(than)


def lower_ceiling(one: Ceiling | None, other: Ceiling | None) -> Ceiling | None:
    """Return the ceiling that lets less pass; None limits nothing."""
    found = [ceiling for ceiling in (one, other) if ceiling is not None]
    return min(found, key=_FROM_BELOW.index, default=None)
