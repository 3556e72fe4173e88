"""How old the authority's last word about a person may be for a scene, and what happens beyond it (clauses 2.5, 4.1).

The authority is not asked when somebody is verified, so its outage stops nobody. What was confirmed long ago is another
thing: every scene has a limit, and says whether an older confirmation passes and is marked, or decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.holder import Assurance
from eztong.domain.identity.age import service_date

MOST_DAYS: Final = 3660
"""The longest limit of a scene, in days."""

SPARE_DAYS: Final = 60
"""What a limit by default leaves for asking anew: the questions are spread, and the authority may be away."""

_DAYS_A_MONTH: Final = 30


class WhenOld(StrEnum):
    """What a scene does with a confirmation beyond its limit."""

    STALE = "stale"
    """It passes, and answer, proof and record say so."""
    UNAVAILABLE = "unavailable"
    """Nothing is decided: never a mismatch, and another try after the authority was asked may pass."""


class Confirmation(StrEnum):
    """Why a record of a verification says more than its outcome: the reasons that its holder reads."""

    STALE = "confirmation_stale"
    TOO_OLD = "confirmation_too_old"


@dataclass(frozen=True, slots=True)
class Freshness:
    """A scene's rule: the limit in days, of which none (0) takes whatever there is, and what happens beyond it."""

    days: int = 0
    when_old: WhenOld = WhenOld.STALE


_WHEN_OLD: Final[Mapping[Assurance, WhenOld]] = {
    Assurance.LOW: WhenOld.STALE,
    Assurance.SUBSTANTIAL: WhenOld.STALE,
    Assurance.HIGH: WhenOld.UNAVAILABLE,
}


def default_freshness(floor: Assurance, *, months: int) -> Freshness:
    """Return the rule of a scene for which nobody chose another one.

    Args:
        floor: The scene's assurance: what demands most is not answered from an old word.
        months: After how many the authority is asked by itself; with 0 never, and then there is no limit.
    """
    days = min(months * _DAYS_A_MONTH + SPARE_DAYS, MOST_DAYS) if months else 0
    return Freshness(days, _WHEN_OLD[floor])


def judge_confirmation(confirmed_at: datetime, rule: Freshness, *, now: datetime) -> Confirmation | None:
    """Return what is to be said of a confirmation; None: it counts as fresh. The limit's last moment still does."""
    if not rule.days or now - confirmed_at <= timedelta(days=rule.days):
        return None
    return Confirmation.STALE if rule.when_old is WhenOld.STALE else Confirmation.TOO_OLD


def unconfirmed_since(rule: Freshness, *, now: datetime) -> date:
    """Return the day since which the authority has not confirmed: the scene's limit before today.

    It is the same for everybody who is stale in a scene on a day. The day of the last confirmation itself would be the
    same at every partner, and two of them could tell by it whom they both know (design rule 7).
    """
    return service_date(now) - timedelta(days=rule.days)
