"""Publish other periods by two operators (PIPL art. 19; design rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from eztong.domain.canonical_json import render_time
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.domain.retention.document import periods_hash
from eztong.domain.retention.version import (
    Periods,
    RetentionMoved,
    RetentionSettled,
    RetentionState,
    RetentionUnchanged,
    RetentionUnknown,
    RetentionVersion,
    newest_published,
    parse_periods,
    parse_start,
)
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, find_open_about, propose
from eztong.usecases.retention.periods_in_force import periods_in_force

KINDS = (ProposalKind.RETENTION_LONGER, ProposalKind.RETENTION_SHORTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRetention:
    """The days that an operator wants by kind, from when, and why. A kind that is not named has its usual period."""

    days: Mapping[str, int]
    starts_at: datetime | None = None
    reason: str


def propose_retention(act: Act, command: ProposeRetention) -> tuple[RetentionVersion, Proposal]:
    """Store a version and propose that it be published; nothing ends by it before another operator approved it.

    What keeps anything for a shorter time than now, or than was published, is proposed as what destroys.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        RetentionInvalid: a period is beyond its bounds, or begins too far ahead.
        RetentionUnchanged: these hold already.
        RowDamaged: a published version cannot be read.
    """
    operator = check_operator(act, Permission.RETENTION_PROPOSE)
    periods = parse_periods(command.days)
    starts_at = parse_start(command.starts_at, now=act.now)
    newest = newest_published(act.uow.retention_versions.published().those)
    now_held = periods_in_force(stored=act.uow, now=act.now)
    will_hold = Periods() if newest is None else newest.periods
    if not will_hold.differing(periods) and not now_held.differing(periods):
        raise RetentionUnchanged
    version = RetentionVersion(
        version_id=new_id(act, "ret"),
        periods=periods,
        starts_at=starts_at,
        based_on="" if newest is None else newest.version_id,
        made_by=operator.name,
        made_at=act.now,
    )
    act.uow.retention_versions.add(version)
    shortens = now_held.shortened_by(periods) or will_hold.shortened_by(periods)
    kind = ProposalKind.RETENTION_SHORTER if shortens else ProposalKind.RETENTION_LONGER
    return version, propose(act, Propose(kind=kind, subject=version.version_id, reason=command.reason))


def settle_retention(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved version holds from its moment on, any other is refused.

    Raises:
        RetentionUnknown: no such version.
        RetentionSettled: it was settled already.
        RetentionMoved: other periods were published since it was proposed.
    """
    version = find_retention(proposal.subject, stored=act.uow)
    settled = replace(version, state=RetentionState.REFUSED)
    if proposal.state is ProposalState.APPROVED:
        newest = newest_published(act.uow.retention_versions.published().those)
        if (newest.version_id if newest is not None else "") != version.based_on:
            raise RetentionMoved
        settled = replace(version, state=RetentionState.PUBLISHED, published_at=act.now)
    if version.state is not RetentionState.PROPOSED or not act.uow.retention_versions.move(version, settled):
        raise RetentionSettled
    if settled.state is RetentionState.PUBLISHED:
        facts = {"hash": periods_hash(version.periods), "from": render_time(max(version.starts_at, act.now))}
        attest_act(act, WhatWasDone(kind=ActKind.RETENTION_PUBLISHED, subject=version.version_id, facts=facts))


def find_retention(version_id: str, *, stored: Repositories) -> RetentionVersion:
    """Return the version.

    Raises:
        RetentionUnknown: there is none.
    """
    version = stored.retention_versions.get(version_id)
    if version is None:
        raise RetentionUnknown
    return version


def open_proposal_of_retention(version_id: str, *, stored: Repositories) -> Proposal:
    """Return the proposal by which a version waits for the second operator.

    Raises:
        RetentionUnknown: there is no such version.
        ProposalEnded: it waits for nobody.
    """
    version = find_retention(version_id, stored=stored)
    return find_open_about(version.version_id, *KINDS, stored=stored)
