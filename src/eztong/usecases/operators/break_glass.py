"""Break-glass: begin an emergency, end it, and review it afterwards (ADR 0086)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.break_glass import GLASS_LIFE, BreakGlass, BreakGlassOff, BreakGlassState
from eztong.domain.operators.operator import check_another
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import parse_reason
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator

_LOOKED_AT: Final = 50
"""How many unreviewed ones are looked through for an open one: they end after half an hour."""


def begin_break_glass(act: Act, reason: str, *, allowed: bool) -> BreakGlass:
    """Let the operator who acts do alone, for half an hour, what takes two.

    Args:
        act: Whose.
        reason: Why; it goes on record, and everybody who signs in reads it.
        allowed: What the service's setting says.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ProofNeeded: whoever acts may not.
        BreakGlassOff: the setting does not allow it.
        ReasonInvalid: no reason.
        BreakGlassState: one of this operator is open already.
    """
    operator = check_operator(act, Permission.BREAK_GLASS)
    if not allowed:
        raise BreakGlassOff
    if open_glass(act, operator.name) is not None:
        raise BreakGlassState("Yours is open already.")
    glass = BreakGlass(
        glass_id=new_id(act, "gls"),
        operator=operator.name,
        reason=parse_reason(reason),
        began_at=act.now,
        until=act.now + GLASS_LIFE,
    )
    act.uow.break_glasses.add(glass)
    _attest(act, glass, ActKind.GLASS_BROKEN, reason=glass.reason)
    return glass


def open_glass(act: Act, name: str) -> BreakGlass | None:
    """Return the operator's emergency that is open now."""
    waiting = act.uow.break_glasses.unreviewed(limit=_LOOKED_AT).those
    return next((one for one in waiting if one.operator == name and one.is_open(now=act.now)), None)


def end_break_glass(act: Act, glass_id: str) -> BreakGlass:
    """End an emergency before its time; any operator may who could begin one.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ProofNeeded: whoever acts may not.
        NotFound: no such one.
        BreakGlassState: it is over.
    """
    check_operator(act, Permission.BREAK_GLASS, glass_id)
    glass = find_glass(glass_id, stored=act.uow)
    if not glass.is_open(now=act.now) or not act.uow.break_glasses.end(glass_id, now=act.now):
        raise BreakGlassState("It is over already.")
    _attest(act, glass, ActKind.GLASS_CLOSED)
    return replace(glass, ended_at=act.now)


def review_break_glass(act: Act, glass_id: str, review: str) -> BreakGlass:
    """Say what was found of what another operator did in an emergency; that ends the warning about it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ProofNeeded: whoever acts may not.
        NotFound: no such one.
        SameOperator: it was one's own, or of another name of the same person.
        BreakGlassState: it is open still, or reviewed already.
        ReasonInvalid: nothing is said.
    """
    reviewer = check_operator(act, Permission.BREAK_GLASS_REVIEW, glass_id)
    glass = find_glass(glass_id, stored=act.uow)
    check_another(reviewer, act.uow.operators.get(glass.operator), named=glass.operator, now=act.now)
    if glass.is_open(now=act.now):
        raise BreakGlassState("It is open still. End it first.")
    reviewed = replace(glass, reviewed_by=reviewer.name, reviewed_at=act.now, review=parse_reason(review))
    if not act.uow.break_glasses.review(reviewed):
        raise BreakGlassState("It was reviewed already.")
    _attest(act, reviewed, ActKind.GLASS_REVIEWED, reason=reviewed.review or "")
    return reviewed


def find_glass(glass_id: str, *, stored: Repositories) -> BreakGlass:
    """Return the emergency.

    Raises:
        NotFound: no such one.
    """
    glass = stored.break_glasses.get(glass_id)
    if glass is None:
        raise NotFound("There is no such emergency.")
    return glass


def _attest(act: Act, glass: BreakGlass, kind: ActKind, *, reason: str = "") -> None:
    attest_act(act, WhatWasDone(kind=kind, subject=glass.glass_id, reason=reason))
