"""What a version would have made of past decisions: the same facts decided again, and nothing written (clause 2.1).

Past decisions are taken in the order of time, and approvals of a day are counted as the tried version would have made
them: a limit that it sets is tried as it would have worked.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import service_date
from eztong.domain.policy.decide import Facts, judge, makes_account, needs_answer
from eztong.domain.policy.policy import Policy
from eztong.domain.registration import Decision, Reason, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDecision:
    """A decision of the policy as it was written. ``sealed_facts`` is what it looked at, sealed for the application."""

    holder_id: HolderId
    decision_id: str
    at: datetime
    policy_version: str
    verdict: Verdict
    reason: Reason | None
    rules: str
    sealed_facts: bytes = field(repr=False)


class NotJudged(StrEnum):
    """Why a past decision could not be tried."""

    NOT_RECORDED = "not_recorded"
    """It was made before what a decision looks at was kept."""
    UNREADABLE = "unreadable"
    """What it looked at does not open, or was written by a later version."""


@dataclass(frozen=True, slots=True)
class Change:
    """From which verdict and rule to which."""

    before: str
    after: str


@dataclass(slots=True)
class Simulation:
    """What was found: how many would be decided the same, and which otherwise."""

    policy: Policy
    same: int = 0
    changed: dict[Change, list[HolderId]] = field(default_factory=dict)
    not_judged: dict[NotJudged, int] = field(default_factory=lambda: dict.fromkeys(NotJudged, 0))
    _day: date | None = None
    _approved: int = 0

    @property
    def judged(self) -> int:
        """How many could be tried."""
        return self.same + sum(map(len, self.changed.values()))

    def add(self, past: PastDecision, facts: Facts | None) -> None:
        """Try one past decision; those before it in time were tried already. ``facts`` None: they cannot be read."""
        if facts is None or needs_answer(facts):
            self.not_judged[NotJudged.UNREADABLE] += 1
            return
        day = service_date(past.at)
        if day != self._day:
            self._day, self._approved = day, 0
        decision = judge(self.policy, _with_approvals(facts, self._approved))
        self._approved += makes_account(decision)
        change = Change(f"{past.verdict.value} {past.rules}", _said(decision))
        if change.before == change.after:
            self.same += 1
        else:
            self.changed.setdefault(change, []).append(past.holder_id)


def _said(decision: Decision) -> str:
    return f"{decision.verdict.value} {' '.join(decision.rules)}"


def _with_approvals(facts: Facts, approved_today: int) -> Facts:
    return replace(facts, approved_today=approved_today)
