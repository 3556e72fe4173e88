"""A refusal that goes on: who refused a question is not asked the same again for a while (clause 2.3).

The same question is the same partner, scene and claims. While it rests, a request that its holder opens is set aside
and declined by itself a little later, as a person would decline it, unless the holder chooses to answer it. Partners
see an ordinary refusal and never learn of the rest or its end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import StateConflict

REFUSED_BEFORE: Final = "refused_before"
"""Why a request was declined by itself; for the holder alone."""
SHORTEST_PAUSE: Final = timedelta(seconds=20)
PAUSE_SPREAD: Final = 41
"""Seconds over which the moment is spread, so that no clockwork gives the rest away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAnswer:
    """How the holder answered an earlier request of the same partner in the same scene."""

    at: datetime
    outcome: Outcome
    reason: str | None
    claims: frozenset[Claim]


class RefusedBefore(StateConflict):
    """The holder refused the same question not long ago; it is declined again unless the holder takes it up."""

    code = REFUSED_BEFORE
    advice = "Nothing needs to be done. To answer after all, choose so on the page of the request."

    def __init__(self, at: datetime, until: datetime) -> None:
        """Keep when the holder refused, and until when the question rests."""
        super().__init__()
        self.at = at
        self.until = until


def check_not_refused(
    answers: Sequence[EarlierAnswer], *, claims: frozenset[Claim], rest: timedelta, now: datetime
) -> None:
    """Refuse to ask again what the holder refused within ``rest``.

    The newest answer of the holder's own decides: agreeing since then ends the rest. What ended without the holder's
    choice, such as a wrong number or an earlier rest, neither begins a rest nor makes it longer.

    Args:
        answers: The holder's answers to this partner in this scene, newest first.
        claims: What is asked now.
        rest: How long a refusal goes on.
        now: The moment of asking.

    Raises:
        RefusedBefore: with the moment of the refusal, and the end of the rest.
    """
    own = (a for a in answers if a.claims == claims and (a.outcome is not Outcome.DECLINED or a.reason is None))
    newest = next(own, None)
    if newest is not None and newest.outcome is Outcome.DECLINED and now < newest.at + rest:
        raise RefusedBefore(newest.at, newest.at + rest)
