"""Publish a version of the policy by two operators (clause 2.1; design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.policy.document import policy_hash
from eztong.domain.policy.policy import BUILT_IN, Policy
from eztong.domain.policy.version import (
    PolicyNameTaken,
    PolicyUnknown,
    PolicyVersion,
    PublicationState,
    check_start,
)
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, find_open_about, propose
from eztong.usecases.policy.policy_in_force import find_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposePolicy:
    """The version that an operator wants, and why."""

    policy: Policy
    reason: str


def propose_policy(act: Act, command: ProposePolicy) -> tuple[PolicyVersion, Proposal]:
    """Store a version and propose that it be published; nothing is decided by it before another operator approved it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        PolicyTooFarAhead: its day lies more than a year ahead.
        PolicyNameTaken: a version of this name is proposed, or was published.
        RowDamaged: the newest version of this name cannot be read.
    """
    operator = check_operator(act, Permission.POLICY_DRAFT)
    check_start(command.policy, now=act.now)
    _free_expired(act, command.policy.version)
    version = PolicyVersion(
        version_id=new_id(act, "pol"), policy=command.policy, made_by=operator.name, made_at=act.now
    )
    if command.policy.version == BUILT_IN.version or not act.uow.policy_versions.add(version):
        raise PolicyNameTaken
    asked = Propose(kind=ProposalKind.POLICY, subject=version.version_id, reason=command.reason)
    return version, propose(act, asked)


def settle_policy(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved version is published, any other is refused.

    It is in force from its day, or at once if that has come. What it says, and since when, is attested.

    Raises:
        PolicyUnknown: no such version.
        PolicyNameTaken: it was settled already.
    """
    version = act.uow.policy_versions.get(proposal.subject)
    if version is None:
        raise PolicyUnknown
    if proposal.state is not ProposalState.APPROVED:
        settled = replace(version, state=PublicationState.REFUSED)
    else:
        starts = max(version.policy.valid_from or act.now, act.now)
        settled = replace(version, state=PublicationState.PUBLISHED, in_force_from=starts, published_at=act.now)
    if version.state is not PublicationState.PROPOSED or not act.uow.policy_versions.move(version, settled):
        raise PolicyNameTaken
    if settled.state is PublicationState.PUBLISHED:
        attest_act(act, WhatWasDone(kind=ActKind.POLICY_PUBLISHED, subject=version.version_id, facts=facts_of(settled)))


def find_open_proposal(name: str, *, stored: Repositories) -> Proposal:
    """Return the proposal by which a version waits for the second operator.

    Raises:
        PolicyUnknown: no such version.
        ProposalEnded: it waits for nobody.
    """
    version = find_version(name, stored=stored)
    return find_open_about(version.version_id, ProposalKind.POLICY, stored=stored)


def facts_of(version: PolicyVersion) -> dict[str, str]:
    """Return what the evidence of an act about a version says: its name and its hash."""
    return {"version": version.policy.version, "hash": policy_hash(version.policy)}


def _free_expired(act: Act, name: str) -> None:
    """Refuse a version whose proposal nobody decided in time, so that it holds no name up: the newest of its name."""
    version = act.uow.policy_versions.by_name(name)
    if version is None or version.state is not PublicationState.PROPOSED:
        return
    proposals = act.uow.proposals.of_subject(ProposalKind.POLICY, version.version_id)
    if all(one.state_at(act.now) is ProposalState.EXPIRED for one in proposals):
        act.uow.policy_versions.move(version, replace(version, state=PublicationState.REFUSED))
