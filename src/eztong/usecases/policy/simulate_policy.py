"""Try a version of the policy on past decisions; nothing is written (clause 2.1)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from eztong.domain.policy.policy import Policy
from eztong.domain.policy.simulation import NotJudged, Simulation
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.policy.kept_decisions import read_facts

PAGE: Final = 500
"""Decisions that are read at once."""


def simulate_policy(policy: Policy, *, since: datetime, stored: Repositories, keys: Keys) -> Simulation:
    """Return what the version would have made of every decision of the policy from ``since`` on.

    Decisions of people are not tried: a version does not bind them. What was decided before its facts were kept is
    counted apart, whatever its day; so is what cannot be read.
    """
    found = Simulation(policy)
    found.not_judged[NotJudged.NOT_RECORDED] = stored.policy_decisions.count_unrecorded()
    after, goes_on = None, True
    while goes_on:
        page = stored.policy_decisions.page(since=since, after=after, limit=PAGE)
        found.not_judged[NotJudged.UNREADABLE] += page.found.unreadable
        for past in page.found.those:
            found.add(past, read_facts(past, stored=stored, keys=keys))
        after, goes_on = page.after, page.after is not None
    return found
