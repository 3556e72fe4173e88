"""Within what an operator may change how long something is kept, and where each end of that comes from.

A kind that is not here keeps the period of :mod:`eztong.domain.retention.kept`: the authorisation agreement that
holders accepted names it (its section 5), or nothing would work with another. It changes with these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.compliance.graded_protection import LEAST_LOGS
from eztong.domain.retention.kept import EMPTIED, SWEPT, Outlived, Transient

KeptKind = Transient | Outlived


class BoundSource(StrEnum):
    """Where a bound comes from."""

    CLAIMS = "claims"
    """Civil Code art. 188, first paragraph: a claim may be made for three years."""
    LAST_CLAIMS = "last_claims"
    """Civil Code art. 188, second paragraph: and for twenty years at the very most."""
    LOGS = "logs"
    """Cybersecurity Law: logs are kept for six months at least."""
    NECESSARY = "necessary"
    """PIPL art. 19: no longer than needed. The number is the program's reading of it."""
    INTERFACE = "interface"
    """What the partner interface promises."""
    PROGRAM = "program"
    """What the program needs to work: a session lasts ten hours, a delivery is tried for three days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The shortest and the longest period, each with its source."""

    least: timedelta
    least_source: BoundSource
    most: timedelta
    most_source: BoundSource


def _between(least: int, least_source: BoundSource, most: int, most_source: BoundSource) -> Bounds:
    return Bounds(
        least=timedelta(days=least), least_source=least_source, most=timedelta(days=most), most_source=most_source
    )


_YEAR: Final = 365
_RECORD: Final = _between(3 * _YEAR, BoundSource.CLAIMS, 20 * _YEAR, BoundSource.LAST_CLAIMS)
_SESSION: Final = _between(1, BoundSource.PROGRAM, LEAST_LOGS.days, BoundSource.NECESSARY)
_DELIVERY: Final = _between(7, BoundSource.PROGRAM, LEAST_LOGS.days, BoundSource.NECESSARY)

BOUNDS: Final[Mapping[KeptKind, Bounds]] = {
    Transient.AUDIT: _between(LEAST_LOGS.days, BoundSource.LOGS, 20 * _YEAR, BoundSource.LAST_CLAIMS),
    Transient.TICKETS: _RECORD,
    Transient.CASES: _RECORD,
    Transient.INCIDENTS: _RECORD,
    Transient.INCIDENT_REPORTS: _RECORD,
    Transient.STAFF_SESSIONS: _SESSION,
    Transient.OPERATOR_SESSIONS: _SESSION,
    Transient.PORTAL_SESSIONS: _SESSION,
    Transient.UNDELIVERED_MESSAGES: _between(7, BoundSource.PROGRAM, 90, BoundSource.NECESSARY),
    Transient.IDEMPOTENCY_KEYS: _between(7, BoundSource.INTERFACE, 90, BoundSource.NECESSARY),
    Transient.WEBHOOK_DELIVERIES: _DELIVERY,
    Transient.WEBHOOK_ATTEMPTS: _DELIVERY,
    Transient.TRAFFIC: _between(7, BoundSource.PROGRAM, 90, BoundSource.PROGRAM),
    Outlived.PARTNER_CONTACTS: _between(30, BoundSource.PROGRAM, 3 * _YEAR, BoundSource.CLAIMS),
}


def usual_period(kind: KeptKind) -> timedelta:
    """Return the period of a kind that nobody changed."""
    return SWEPT[kind].after if isinstance(kind, Transient) else EMPTIED[kind].after


def kind_named(name: str) -> KeptKind | None:
    """Return the kind of this name; None where there is none whose period may be changed."""
    return next((kind for kind in BOUNDS if kind.value == name), None)
