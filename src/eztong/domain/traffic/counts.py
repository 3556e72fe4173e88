"""Counts over time: what the service did in slots of five minutes, kept for a week, for the charts of the console."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

SLOT: Final = timedelta(minutes=5)
KEPT_FOR: Final = timedelta(days=7)

VERIFICATION: Final = "verification."
"""What the names of counts of verifications begin with; the outcome follows."""

ANSWER: Final = "answer."
"""What those of HTTP answers begin with; their class follows, such as ``5xx``."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened in a slot of time, which began at ``slot``."""

    slot: datetime
    name: str
    count: int


def slot_of(moment: datetime, *, wide: timedelta = SLOT) -> datetime:
    """Return when the slot began that a moment lies in; ``wide`` is its length, a whole number of seconds."""
    seconds = int(wide.total_seconds())
    return moment - timedelta(seconds=moment.timestamp() % seconds)


def grown(now: Mapping[str, int], before: Mapping[str, int]) -> dict[str, int]:
    """Return by how much counts grew; one that is smaller began anew."""
    more = {name: count - before.get(name, 0) if count >= before.get(name, 0) else count for name, count in now.items()}
    return {name: count for name, count in more.items() if count > 0}


def series(
    counts: Iterable[Count], *, prefix: str, since: datetime, until: datetime, wide: timedelta
) -> Mapping[str, Sequence[int]]:
    """Return for each name below ``prefix`` how much there was in each slot from ``since`` to ``until``.

    Every slot stands in it, also an empty one; names come in the order of their sums, the largest first.
    """
    first = slot_of(since, wide=wide)
    places = int((until - first) / wide) + 1
    found: dict[str, list[int]] = {}
    for one in counts:
        place = int((one.slot - first) / wide) if one.slot >= first else -1
        if one.name.startswith(prefix) and 0 <= place < places:
            row = found.setdefault(one.name.removeprefix(prefix), [0] * places)
            row[place] += one.count
    return dict(sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))
