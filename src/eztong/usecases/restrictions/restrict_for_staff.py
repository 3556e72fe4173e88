"""Limit an account for a reason that the operator's staff have, and end that (clauses 2.5, 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Final

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.look_up import AskedFor
from eztong.domain.operators.permission import Permission
from eztong.domain.restrictions.mark import BY_STAFF, Cause, Ceiling, Restriction
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.find_by_number import LookUp, find_by_number, index_of_number, look_up, note_in_vain
from eztong.usecases.restrictions.change_marks import MarkChange, NewMark, change_marks


class StaffReason(StrEnum):
    """Why staff limit an account; it stands in the account's history."""

    DATA_DOUBT = "data_doubt"
    """What is stored of the person may be wrong."""
    MISUSE = "misuse"
    """Somebody else may be using the account, or it may be misused."""
    LEGAL_ORDER = "legal_order"
    """A law or an authority's order demands it."""


_CAUSES: Final = {
    StaffReason.DATA_DOUBT: Cause.DATA_DOUBT,
    StaffReason.MISUSE: Cause.RISK,
    StaffReason.LEGAL_ORDER: Cause.OPERATOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictHolder:
    """The number of the account's holder, why, and up to where."""

    number: str = field(repr=False)
    reason: StaffReason
    ceiling: Ceiling


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestrictions:
    """The number of the account's holder, whose marks for ``reason`` end."""

    number: str = field(repr=False)
    reason: StaffReason


def restrict_holder(command: RestrictHolder, *, by: Acting, services: Services) -> MarkChange:
    """Set the mark at once; the event names the operator, the act is attested, and the holder is told by message.

    Raises:
        NumberInvalid: this can be nobody's number.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account; that it was looked for is on record.
        TooMany: the operator looked for too much in vain today.
        StateConflict: marks changed meanwhile.
    """
    new = NewMark(cause=_CAUSES[command.reason], ceiling=command.ceiling, rule=command.reason.value)
    look = _look_for(AskedFor.RESTRICT, command.number, services=services)
    return look_up(look, partial(services.perform, by, _set, look, new), by=by, services=services)


def lift_restrictions(command: LiftRestrictions, *, by: Acting, services: Services) -> MarkChange:
    """Lift what staff may lift: never what the holder asked for, a guardian set, or the document's end set.

    Raises:
        NumberInvalid, OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound, TooMany,
        StateConflict: as :func:`restrict_holder` says.
    """
    causes = frozenset({_CAUSES[command.reason]}) & BY_STAFF
    look = _look_for(AskedFor.LIFT, command.number, services=services)
    return look_up(look, partial(services.perform, by, _lift, look, causes), by=by, services=services)


def _look_for(asked_for: AskedFor, number: str, *, services: Services) -> LookUp:
    return LookUp(
        index=index_of_number(number, services=services),
        asked_for=asked_for,
        permission=Permission.ACCOUNTS_RESTRICT,
        missing="Nobody with this number has an account here. Nothing was changed.",
    )


def _set(act: Act, look: LookUp, new: NewMark) -> MarkChange:
    change = change_marks(act, find_by_number(act, look), new=new)
    for mark in change.added:
        _attest(act, ActKind.RESTRICTED, mark)
    return _noted(act, look, change)


def _lift(act: Act, look: LookUp, causes: frozenset[Cause]) -> MarkChange:
    change = change_marks(act, find_by_number(act, look), lifts=causes)
    for mark in change.lifted:
        _attest(act, ActKind.RESTRICTION_LIFTED, mark)
    return _noted(act, look, change)


def _noted(act: Act, look: LookUp, change: MarkChange) -> MarkChange:
    """Return the change; of one that changed nothing the history would say nothing else."""
    if not (change.added or change.lifted):
        note_in_vain(act, change.holder, look.asked_for)
    return change


def _attest(act: Act, kind: ActKind, mark: Restriction) -> None:
    facts = {"cause": mark.cause.value, "ceiling": mark.ceiling.value, "rule": mark.rule}
    attest_act(act, WhatWasDone(kind=kind, subject=mark.restriction_id, facts=facts, holder_id=mark.holder_id))
