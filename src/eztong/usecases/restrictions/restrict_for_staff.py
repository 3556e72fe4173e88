"""Limit an account for a reason that the operator's staff have, and end that (clauses 2.5, 2.10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.events import Actor
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.restrictions.mark import BY_STAFF, Cause, Ceiling
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.operator_login import check_operator_login
from eztong.usecases.restrictions.change_marks import MarkChange, NewMark, change_marks
from eztong.usecases.vault import number_index


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
    """The number of the account's holder, why, up to where, and the login of whoever decided it."""

    number: str = field(repr=False)
    reason: StaffReason
    ceiling: Ceiling
    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftRestrictions:
    """The number of the account's holder, whose marks for ``reason`` end, and the login of whoever decided it."""

    number: str = field(repr=False)
    reason: StaffReason
    operator: str


def restrict_holder(command: RestrictHolder, *, services: Services) -> MarkChange:
    """Set the mark at once; the event names the operator, and the holder is told by message.

    Raises:
        NumberInvalid, InputInvalid: number or login cannot be right.
        NotFound: nobody with this number has an account.
        StateConflict: marks changed meanwhile.
    """
    new = NewMark(cause=_CAUSES[command.reason], ceiling=command.ceiling, rule=command.reason.value)
    by, index = _who(command, services=services)
    return services.perform(by, _set, index, new)


def lift_restrictions(command: LiftRestrictions, *, services: Services) -> MarkChange:
    """Lift what staff may lift: never what the holder asked for, a guardian set, or the document's end set.

    Raises:
        NumberInvalid, InputInvalid, NotFound, StateConflict: as :func:`restrict_holder` says.
    """
    by, index = _who(command, services=services)
    return services.perform(by, _lift, index, frozenset({_CAUSES[command.reason]}) & BY_STAFF)


def _who(command: RestrictHolder | LiftRestrictions, *, services: Services) -> tuple[Acting, bytes]:
    check_operator_login(command.operator)
    number = parse_citizen_number(
        command.number,
        today=service_date(services.clock.now()),
        accept_hk_macau_taiwan=True,
        accept_foreigners=True,
    )
    index = number_index(number.document_type.value, number.value, keys=services.keys)
    return Acting(Actor.OPERATOR, command.operator), index


def _set(act: Act, index: bytes, new: NewMark) -> MarkChange:
    return change_marks(act, _find(act, index), new=new)


def _lift(act: Act, index: bytes, causes: frozenset[Cause]) -> MarkChange:
    return change_marks(act, _find(act, index), lifts=causes)


def _find(act: Act, index: bytes) -> Holder:
    person = act.uow.holders.person(index)
    found = None if person is None or person.holder_id is None else act.uow.holders.get(person.holder_id)
    if found is None or not found.has_account:
        raise NotFound("Nobody with this number has an account here. Nothing was changed.")
    return found
