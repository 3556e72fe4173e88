"""Set and lift marks: the one place where what limits an account changes (clauses 2.5, 2.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from eztong.domain.damage import RowDamaged
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder, HolderState
from eztong.domain.notices import Topic
from eztong.domain.restrictions.mark import (
    Cause,
    Ceiling,
    Restriction,
    effective_ceiling,
    is_no_looser,
    lower_ceiling,
    open_marks,
)
from eztong.ports.act import Act
from eztong.usecases.apart import MARKS, Unread, read_apart
from eztong.usecases.end_codes import end_codes
from eztong.usecases.naming import new_id
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMark:
    """A mark to set, and the rule or reason that sets it."""

    cause: Cause
    ceiling: Ceiling
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkChange:
    """What became of the account by a change, and which marks were set and lifted."""

    holder: Holder
    added: Sequence[Restriction] = ()
    lifted: Sequence[Restriction] = ()


def change_marks(
    act: Act,
    holder: Holder,
    *,
    new: NewMark | None = None,
    lifts: frozenset[Cause] = frozenset(),
    of_rule: str | None = None,
    tells: bool = True,
) -> MarkChange:
    """Set a mark, lift those of other causes, and hold the account to what is open then; nothing is done twice.

    1. A mark that stands already, by the same rule and no looser, is not set again.
    2. The effective ceiling is stored with the account, if no other change came between.
    3. Where nothing passes any more, codes that are out end at once; a looser ceiling is asked for when they are used.
    4. The history says what was set and lifted; a holder whose account has not ended is told.

    ``of_rule`` leaves marks of other rules alone. Where a mark that stands cannot be read, another can be set on top;
    none is lifted.

    Raises:
        RowDamaged: marks shall be lifted, and cannot be read.
        StateConflict: marks were changed meanwhile; nothing was kept.
    """
    marks, at_most = _marks_of(act, holder, lifts=lifts)
    meant = (mark for mark in open_marks(marks) if mark.cause in lifts and of_rule in {None, mark.rule})
    lifted = [_lifted(act, mark) for mark in meant]
    gone = {mark.restriction_id for mark in lifted}
    stay = [mark for mark in marks if mark.restriction_id not in gone]
    added = [] if new is None or _stands(new, stay) else [_added(act, holder, new)]
    if not (added or lifted):
        return MarkChange(holder=holder)
    ceiling = lower_ceiling(effective_ceiling([*stay, *added]), at_most)
    if not act.uow.restrictions.hold_to(holder, ceiling):
        raise StateConflict("The account's marks were changed meanwhile.")
    if ceiling is Ceiling.NONE:
        end_codes(act, holder.holder_id)
    _write_down(act, holder, added, lifted, tells=tells)
    changed = act.uow.holders.get(holder.holder_id)
    if changed is None:
        raise NotFound
    return MarkChange(holder=changed, added=added, lifted=lifted)


def _marks_of(act: Act, holder: Holder, *, lifts: frozenset[Cause]) -> tuple[Sequence[Restriction], Ceiling | None]:
    """Return the marks, and what the account is held to besides: where they cannot be read, to what it was held to."""
    marks = read_apart(act, MARKS, partial(act.uow.restrictions.list, holder.holder_id))
    if not isinstance(marks, Unread):
        return marks, None
    if lifts:
        raise RowDamaged("restrictions", "holder_id and restriction_id")
    return (), holder.ceiling


def _stands(new: NewMark, marks: Sequence[Restriction]) -> bool:
    return any(
        mark.cause is new.cause and mark.rule == new.rule and is_no_looser(mark.ceiling, new.ceiling)
        for mark in open_marks(marks)
    )


def _added(act: Act, holder: Holder, new: NewMark) -> Restriction:
    mark = Restriction(
        holder_id=holder.holder_id,
        restriction_id=new_id(act, "rst"),
        cause=new.cause,
        ceiling=new.ceiling,
        rule=new.rule,
        by=act.by.actor,
        since=act.now,
    )
    act.uow.restrictions.add(mark)
    return mark


def _lifted(act: Act, mark: Restriction) -> Restriction:
    if not act.uow.restrictions.lift(mark, by=act.by.actor, now=act.now):
        raise StateConflict("The account's marks were changed meanwhile.")
    return mark


def _write_down(
    act: Act, holder: Holder, added: Sequence[Restriction], lifted: Sequence[Restriction], *, tells: bool
) -> None:
    for mark in lifted:
        note_event(act, holder.holder_id, EventKind.RESTRICTION_LIFTED, detail=_detail(mark))
    for mark in added:
        note_event(act, holder.holder_id, EventKind.RESTRICTED, detail=_detail(mark))
    if not tells or holder.state not in {HolderState.ACTIVE, HolderState.FROZEN}:
        return
    for mark in lifted:
        tell_holder(act, holder, Topic.RESTRICTION_LIFTED, {"cause": mark.cause.value})
    for mark in added:
        tell_holder(act, holder, Topic.ACCOUNT_RESTRICTED, {"cause": mark.cause.value})


def _detail(mark: Restriction) -> str:
    return f"cause={mark.cause} ceiling={mark.ceiling} rule={mark.rule}"
