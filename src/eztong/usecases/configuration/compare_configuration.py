"""Read what is set up as a document, and tell how it differs from another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from eztong.domain.branding.brand import Brand
from eztong.domain.configuration.branding_part import branding_differences
from eztong.domain.configuration.difference import Difference
from eztong.domain.configuration.document import Configuration
from eztong.domain.configuration.partner_part import PartnerPart, partner_differences
from eztong.domain.configuration.policy_part import policy_differences
from eztong.domain.configuration.reach_part import MerchantPart, ReachPart
from eztong.domain.errors import StateConflict
from eztong.domain.operators.proposal import ProposalKind, ProposalState
from eztong.domain.partners.partner import Partner, PartnerState
from eztong.domain.policy.policy import Policy
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.branding.publish_branding import brand_in_force
from eztong.usecases.policy.policy_in_force import policy_in_force

_NEWEST = 50
"""Versions of the brand among which one that waits is looked for."""

_SET_UP = frozenset({PartnerState.APPROVED, PartnerState.SUSPENDED})


class ConfigurationUnreadable(StateConflict):
    """Something that is set up cannot be read: a document without it would not be whole."""

    code = "configuration_unreadable"
    advice = "A partner or scene cannot be read. Run eztong db check --full."


def read_configuration(*, stored: Repositories, now: datetime) -> Configuration:
    """Return what is set up; a partner that is not approved yet, or closed, is no part of it.

    Raises:
        ConfigurationUnreadable: a partner or a scene of one cannot be read.
        RowDamaged: the policy cannot be read.
    """
    parts = _parts(stored)
    return Configuration(
        partners={name: part for name, part in parts.items() if part.state in _SET_UP},
        policy=policy_in_force(stored=stored, now=now),
        branding=brand_in_force(stored=stored),
    )


def compare_configuration(wanted: Configuration, *, stored: Repositories, now: datetime) -> Sequence[Difference]:
    """Return how the deployment differs from a document, in the order in which it is set right.

    Raises:
        ConfigurationUnreadable, RowDamaged: as :func:`read_configuration` says.
    """
    there = _parts(stored)
    found: list[Difference] = []
    for partner_id in sorted({*wanted.partners, *there}):
        parts = wanted.partners.get(partner_id), there.get(partner_id)
        found += partner_differences(partner_id, *parts, now=now)
    found += _policy(wanted.policy, policy_in_force(stored=stored, now=now), stored=stored, now=now)
    return [*found, *_branding(wanted.branding, stored=stored, now=now)]


def _branding(wanted: Brand | None, *, stored: Repositories, now: datetime) -> Sequence[Difference]:
    same = [one for one in stored.brand_versions.list(limit=_NEWEST).those if one.brand == wanted]
    proposals = (
        one for version in same for one in stored.proposals.of_subject(ProposalKind.BRANDING, version.version_id)
    )
    is_open = any(one.state_at(now) is ProposalState.OPEN for one in proposals)
    return [*branding_differences(wanted, brand_in_force(stored=stored), is_open=is_open)]


def _policy(wanted: Policy, there: Policy, *, stored: Repositories, now: datetime) -> Sequence[Difference]:
    named = stored.policy_versions.by_name(wanted.version)
    proposals = [] if named is None else stored.proposals.of_subject(ProposalKind.POLICY, named.version_id)
    is_open = any(one.state_at(now) is ProposalState.OPEN for one in proposals)
    return [*policy_differences(wanted, there, named, is_open=is_open)]


def _parts(stored: Repositories) -> dict[str, PartnerPart]:
    found = stored.partners.list()
    if found.unreadable:
        raise ConfigurationUnreadable
    return {one.partner_id: _part(one, stored=stored) for one in found.those}


def _part(partner: Partner, *, stored: Repositories) -> PartnerPart:
    scenes = stored.partners.scenes(partner.partner_id)
    if scenes.unreadable:
        raise ConfigurationUnreadable
    return PartnerPart(
        name=partner.name,
        name_en=partner.name_en,
        sector=partner.sector_id,
        state=partner.state,
        desks=dict(sorted(stored.partners.desks(partner.partner_id))),
        scenes={scene.scene: scene for scene in sorted(scenes.those, key=lambda one: one.scene)},
        reach=_reach(partner, stored=stored),
    )


def _reach(partner: Partner, *, stored: Repositories) -> ReachPart:
    # Of two merchants with one name the document knows the first, which was registered before the other.
    found = sorted(stored.merchants.list(partner.partner_id), key=lambda one: one.merchant_id, reverse=True)
    parts = {
        one.name: MerchantPart(scene=one.scene, state=one.state, options=one.options, merchant_id=one.merchant_id)
        for one in found
    }
    return ReachPart(
        networks=partner.networks,
        redirects=partner.redirects,
        per_minute=partner.per_minute or 0,
        merchants=dict(sorted(parts.items())),
    )
