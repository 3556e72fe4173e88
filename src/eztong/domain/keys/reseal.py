"""Sealing again: whatever is sealed under a key of before is opened and sealed under the newest one, in small steps.

``moving -> checking -> done``: the first pass seals anew, the second opens everything once more and seals what was
written meanwhile by a process that had not heard of the new key. Where it stands is one fact of the installation, so
that whoever runs next goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from eztong.domain.canonical_json import DocumentMalformed, parse_document, parse_time, render_canonical, render_time
from eztong.domain.errors import StateConflict

RESEAL_SETTING: Final = "reseal"
"""The name of the fact."""

_WHOLE: Final = 100
BATCH: Final = 50
"""Values in one unit of work: others wait for a few milliseconds, no longer."""


class ResealRunning(StateConflict):
    """Values are being sealed again already."""

    code = "reseal_running"
    advice = "It goes on by itself beside the running service; see how far: eztong keys status."


class KeyStillUsed(StateConflict):
    """Something is still sealed under the key."""

    code = "key_still_used"
    advice = "Seal it again first: eztong keys reseal."


class ResealPhase(StrEnum):
    """Where it stands. The values stand in databases; none is renamed or taken out."""

    MOVING = "moving"
    CHECKING = "checking"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseal:
    """How far it has come: in ``part``, behind the row with the key ``after``.

    ``moved`` values were sealed anew, ``checked`` ones opened under the newest key in the second pass; ``left`` ones do
    not open at all, and stay as they are under the key that they name. ``seen`` counts what either pass looked at.
    ``total`` is how many values there were when it was measured, ``old`` how many of them under keys of before; None
    until then.
    """

    reseal_id: str
    by: str
    started_at: datetime
    phase: ResealPhase = ResealPhase.MOVING
    part: str = ""
    after: tuple[str, ...] = ()
    moved: int = 0
    checked: int = 0
    left: int = 0
    done_at: datetime | None = None
    seen: int = 0
    total: int | None = None
    old: int | None = None

    @property
    def is_done(self) -> bool:
        """Say whether nothing more is to do."""
        return self.phase is ResealPhase.DONE

    @property
    def percent(self) -> int:
        """How much of both passes is done: 100 at the end only, and 0 as long as nobody has measured."""
        if self.is_done:
            return _WHOLE
        return min(self.seen * _WHOLE // (2 * self.total), _WHOLE - 1) if self.total else 0

    @property
    def remaining(self) -> int:
        """How many values are still under keys of before, as far as that was measured."""
        return 0 if self.is_done or self.old is None else max(self.old - self.moved, 0)

    def part_in(self, parts: Sequence[str]) -> str:
        """Return the part to go on with: the first one if this version does not know the one that is named."""
        return self.part if self.part in parts else parts[0]

    def behind(self, after: tuple[str, ...], *, moved: int, checked: int, left: int) -> Self:
        """Return where it stands after some values."""
        seen = self.seen + moved + checked + left
        if self.phase is ResealPhase.MOVING:
            # The second pass meets the others again, and counts them once.
            return replace(self, after=after, seen=seen, moved=self.moved + moved)
        return replace(
            self,
            after=after,
            seen=seen,
            moved=self.moved + moved,
            checked=self.checked + checked,
            left=self.left + left,
        )

    def next_part(self, parts: Sequence[str], *, now: datetime) -> Self:
        """Return where it stands once a part is through: in the next one, the next pass, or at its end."""
        place = parts.index(self.part_in(parts)) + 1
        if place < len(parts):
            return replace(self, part=parts[place], after=())
        if self.phase is ResealPhase.MOVING:
            return replace(self, phase=ResealPhase.CHECKING, part=parts[0], after=())
        return replace(self, phase=ResealPhase.DONE, part="", after=(), done_at=now)


def render_reseal(reseal: Reseal) -> str:
    """Return the fact as it is stored."""
    return render_canonical(
        {
            "id": reseal.reseal_id,
            "by": reseal.by,
            "started_at": render_time(reseal.started_at),
            "phase": reseal.phase.value,
            "part": reseal.part,
            "after": list(reseal.after),
            "moved": reseal.moved,
            "checked": reseal.checked,
            "left": reseal.left,
            "done_at": None if reseal.done_at is None else render_time(reseal.done_at),
            "seen": reseal.seen,
            "total": reseal.total,
            "old": reseal.old,
        }
    ).decode()


def parse_reseal(text: str) -> Reseal | None:
    """Return what :func:`render_reseal` made; None for what it did not: then it is begun anew."""
    try:
        found: dict[str, Any] = parse_document(text.encode())
        done_at = found["done_at"]
        return Reseal(
            reseal_id=str(found["id"]),
            by=str(found["by"]),
            started_at=parse_time(found["started_at"]),
            phase=ResealPhase(found["phase"]),
            part=str(found["part"]),
            after=tuple(str(one) for one in found["after"]),
            moved=int(found["moved"]),
            checked=int(found["checked"]),
            left=int(found["left"]),
            done_at=None if done_at is None else parse_time(done_at),
            # A version of before counted none of these.
            seen=int(found.get("seen") or 0),
            total=_measured(found.get("total")),
            old=_measured(found.get("old")),
        )
    except (DocumentMalformed, ValueError, KeyError, TypeError):
        return None


def _measured(found: object) -> int | None:
    return None if found is None else int(str(found))
