"""Publish a version of the brand by two operators; an earlier one comes back in the same way (design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.branding.brand import Brand
from eztong.domain.branding.document import brand_hash
from eztong.domain.branding.version import BrandSettled, BrandState, BrandUnchanged, BrandUnknown, BrandVersion
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.naming import new_id
from eztong.usecases.operators.check_operator import check_operator
from eztong.usecases.operators.propose import Propose, find_open_about, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeBranding:
    """The brand that an operator wants, and why."""

    brand: Brand
    reason: str


def propose_branding(act: Act, command: ProposeBranding) -> tuple[BrandVersion, Proposal]:
    """Store a version and propose that it be published; nobody sees it before another operator approved it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ReasonInvalid: whoever acts may not, or gave no reason.
        BrandUnchanged: it is what is in force.
        RowDamaged: what is in force cannot be read.
    """
    operator = check_operator(act, Permission.BRANDING_PROPOSE)
    if command.brand == brand_in_force(stored=act.uow):
        raise BrandUnchanged
    version = BrandVersion(version_id=new_id(act, "brd"), brand=command.brand, made_by=operator.name, made_at=act.now)
    act.uow.brand_versions.add(version)
    asked = Propose(kind=ProposalKind.BRANDING, subject=version.version_id, reason=command.reason)
    return version, propose(act, asked)


def settle_branding(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approved version is in force at once, any other is refused.

    What it says, by its hash, is attested.

    Raises:
        BrandUnknown: no such version.
        BrandSettled: it was settled already.
    """
    version = find_brand_version(proposal.subject, stored=act.uow)
    if proposal.state is ProposalState.APPROVED:
        settled = replace(version, state=BrandState.PUBLISHED, published_at=act.now)
    else:
        settled = replace(version, state=BrandState.REFUSED)
    if version.state is not BrandState.PROPOSED or not act.uow.brand_versions.move(version, settled):
        raise BrandSettled
    if settled.state is BrandState.PUBLISHED:
        facts = {"hash": brand_hash(settled.brand)}
        attest_act(act, WhatWasDone(kind=ActKind.BRANDING_PUBLISHED, subject=version.version_id, facts=facts))


def brand_in_force(*, stored: Repositories) -> Brand:
    """Return the brand that was published last; the program's own look where none was.

    Raises:
        RowDamaged: it cannot be read.
    """
    version = stored.brand_versions.in_force()
    return Brand() if version is None else version.brand


def find_brand_version(version_id: str, *, stored: Repositories) -> BrandVersion:
    """Return the version.

    Raises:
        BrandUnknown: there is none.
    """
    version = stored.brand_versions.get(version_id)
    if version is None:
        raise BrandUnknown
    return version


def open_proposal_of(version_id: str, *, stored: Repositories) -> Proposal:
    """Return the proposal by which a version waits for the second operator.

    Raises:
        BrandUnknown: there is no such version.
        ProposalEnded: it waits for nobody.
    """
    version = find_brand_version(version_id, stored=stored)
    return find_open_about(version.version_id, ProposalKind.BRANDING, stored=stored)
