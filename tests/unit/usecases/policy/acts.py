"""Versions that tests propose, approve and apply under."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.holder import Holder
from eztong.domain.operators.proposal import Proposal
from eztong.domain.policy.policy import Policy
from eztong.domain.policy.version import PolicyVersion
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.policy.policy_in_force import find_version
from eztong.usecases.policy.publish_policy import ProposePolicy, propose_policy
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.registration.applying import apply
from tests.unit.usecases.stage import ZHAO, Person, Stage, invented


def proposed(stage: Stage, policy: Policy, name: str = "li.na") -> Proposal:
    """Propose a version."""
    _version, proposal = stage.act(propose_policy, ProposePolicy(policy=policy, reason="why"), by=operator(stage, name))
    return proposal


def decided(stage: Stage, proposal: Proposal, *, approve: bool = True, name: str = "wang.li") -> Proposal:
    """Decide it as another operator."""
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="tried")
    return stage.act(decide_proposal, command, by=operator(stage, name), calendar=WorkCalendar())


def published(stage: Stage, policy: Policy) -> PolicyVersion:
    """Publish a version by two operators."""
    decided(stage, proposed(stage, policy))
    return stage.act(find_version, policy.version)


def applied(stage: Stage, number: int) -> Holder:
    """Let somebody new apply, on a phone of their own."""
    return apply(stage, somebody(number))


def somebody(number: int) -> Person:
    """Return somebody without an account."""
    if number == 0:
        return ZHAO
    return replace(invented(60 + number, f"1390000{number:04}"), session=f"new {number}".encode())
