"""Limit an account for a reason that the operator's staff have, and end that (clauses 2.5, 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import Holder
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.restrictions.mark import BY_STAFF, Cause, Ceiling, Restriction
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.find_by_number import find_by_number, index_of_number
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
        NotFound: nobody with this number has an account.
        StateConflict: marks changed meanwhile.
    """
    new = NewMark(cause=_CAUSES[command.reason], ceiling=command.ceiling, rule=command.reason.value)
    return services.perform(by, _set, index_of_number(command.number, services=services), new)


def lift_restrictions(command: LiftRestrictions, *, by: Acting, services: Services) -> MarkChange:
    """Lift what staff may lift: never what the holder asked for, a guardian set, or the document's end set.

    Raises:
        NumberInvalid, OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself, NotFound, StateConflict: as
            :func:`restrict_holder` says.
    """
    causes = frozenset({_CAUSES[command.reason]}) & BY_STAFF
    return services.perform(by, _lift, index_of_number(command.number, services=services), causes)


def _set(act: Act, index: bytes, new: NewMark) -> MarkChange:
    change = change_marks(act, _find(act, index), new=new)
    for mark in change.added:
        _attest(act, ActKind.RESTRICTED, mark)
    return change


def _lift(act: Act, index: bytes, causes: frozenset[Cause]) -> MarkChange:
    change = change_marks(act, _find(act, index), lifts=causes)
    for mark in change.lifted:
        _attest(act, ActKind.RESTRICTION_LIFTED, mark)
    return change


def _attest(act: Act, kind: ActKind, mark: Restriction) -> None:
    facts = {"cause": mark.cause.value, "ceiling": mark.ceiling.value, "rule": mark.rule}
    attest_act(act, WhatWasDone(kind=kind, subject=mark.restriction_id, facts=facts, holder_id=mark.holder_id))


def _find(act: Act, index: bytes) -> Holder:
    missing = "Nobody with this number has an account here. Nothing was changed."
    return find_by_number(act, index, OperatorRole.CASES, missing=missing)
