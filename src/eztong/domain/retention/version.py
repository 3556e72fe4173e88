"""Versions of the periods: ``proposed -> published | refused``.

Of those that have begun, the one that was published last is in force: so a later one also takes the place of one whose
moment has not come.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.retention.bounds import BOUNDS, KeptKind, kind_named, usual_period

MOST_AHEAD: Final = timedelta(days=366)
_DAY: Final = timedelta(days=1)


class RetentionState(StrEnum):
    """Where a version stands."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    REFUSED = "refused"
    """The second operator said no, or the first took it back."""


class RetentionInvalid(InputInvalid):
    """A period is beyond its bounds, of a kind that keeps its own, or begins too far ahead. ``name`` is the kind's."""

    code = "retention_invalid"

    def __init__(self, name: str = "", why: str = "") -> None:
        """Keep which kind it is, and say why."""
        super().__init__(f"{name}: {why}" if why else None)
        self.name = name


class RetentionUnknown(NotFound):
    """No version of this id."""

    code = "retention_unknown"
    advice = "There is no such version; `eztong retention list` shows them."


class RetentionUnchanged(StateConflict):
    """These are the periods that hold already, or will."""

    code = "retention_unchanged"
    advice = "These periods hold already: change one, or leave them."


class RetentionSettled(StateConflict):
    """It was published or refused before."""

    code = "retention_settled"
    advice = "This version was decided before; propose it anew."


class RetentionMoved(StateConflict):
    """Another version was published since it was proposed: what it shortens is not what was counted."""

    code = "retention_moved"
    advice = "Other periods were published meanwhile. Reject this version, and propose it anew."


@dataclass(frozen=True, slots=True)
class Periods:
    """How long each kind is kept: what an operator changed, and for all others what the list says."""

    changed: Mapping[KeptKind, timedelta] = field(default_factory=dict)

    def after(self, kind: KeptKind) -> timedelta:
        """Return the period of a kind, within the bounds that this version of the program has for it."""
        bounds, chosen = BOUNDS.get(kind), self.changed.get(kind)
        if bounds is None or chosen is None:
            return usual_period(kind)
        return min(max(chosen, bounds.least), bounds.most)

    def shortened_by(self, other: Periods) -> list[KeptKind]:
        """Return the kinds that ``other`` keeps for a shorter time than these."""
        return [kind for kind in BOUNDS if other.after(kind) < self.after(kind)]

    def differing(self, other: Periods) -> list[KeptKind]:
        """Return the kinds of which ``other`` has another period."""
        return [kind for kind in BOUNDS if other.after(kind) != self.after(kind)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionVersion:
    """A version as it was proposed, and what became of it.

    ``starts_at`` is the moment that was asked for; it holds from then on, but never before it was published.
    ``based_on`` is the version that was published last when this one was proposed; empty for none.
    """

    version_id: str
    periods: Periods
    starts_at: datetime
    based_on: str = ""
    state: RetentionState = RetentionState.PROPOSED
    made_by: str
    made_at: datetime
    published_at: datetime | None = None

    def has_begun(self, *, now: datetime) -> bool:
        """Say whether it was published and its moment has come."""
        return self.published_at is not None and max(self.starts_at, self.published_at) <= now


def newest_published(versions: Iterable[RetentionVersion]) -> RetentionVersion | None:
    """Return the version that was published last, whether or not it has begun."""
    published = [(one.published_at, one.version_id, one) for one in versions if one.published_at is not None]
    return max(published, key=lambda row: row[:2])[2] if published else None


def periods_at(versions: Iterable[RetentionVersion], *, now: datetime) -> Periods:
    """Return the periods that hold at a moment."""
    found = newest_published(one for one in versions if one.has_begun(now=now))
    return Periods() if found is None else found.periods


def parse_periods(days: Mapping[str, int]) -> Periods:
    """Return periods from days by the name of their kind; the usual period of a kind is no change.

    Raises:
        RetentionInvalid: naming the kind.
    """
    changed: dict[KeptKind, timedelta] = {}
    for name, number in days.items():
        kind = kind_named(name)
        if kind is None:
            raise RetentionInvalid(name, "Its period is set by the agreements or by the program.")
        bounds = BOUNDS[kind]
        if not bounds.least // _DAY <= number <= bounds.most // _DAY:
            raise RetentionInvalid(name, f"From {bounds.least.days} to {bounds.most.days} days.")
        if timedelta(days=number) != usual_period(kind):
            changed[kind] = timedelta(days=number)
    return Periods(changed)


def parse_start(asked: datetime | None, *, now: datetime) -> datetime:
    """Return when periods shall hold: at once, or at a moment that is not more than a year ahead.

    Raises:
        RetentionInvalid: it is.
    """
    if asked is None or asked <= now:
        return now
    if asked > now + MOST_AHEAD:
        raise RetentionInvalid("starts", "At most a year ahead.")
    return asked
