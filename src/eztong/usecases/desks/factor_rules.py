"""Demand an authenticator app of the staff of desks: a partner of its own, or the operator of a sector's partners.

Nobody is signed out by it: whoever has no app sets one up at the next sign-in.
"""

from __future__ import annotations

from typing import Final

from eztong.domain.desks.factor_rule import FactorRule, factor_rule
from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.partners.partner import Partner
from eztong.domain.portal.permission import PortalPermission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.check_person import check_keeps

SECTORS_SETTING: Final = "staff_factor_sectors"
_SAME: Final = "It is so already."


def rule_of(partner: Partner, *, stored: Repositories) -> FactorRule:
    """Return whether staff of the partner's desks need an app, and who says so."""
    return factor_rule(partner, sectors=sectors_with_factor(stored=stored))


def sectors_with_factor(*, stored: Repositories) -> frozenset[str]:
    """Return the sectors for which the operator demands it."""
    return frozenset((stored.settings.get(SECTORS_SETTING) or "").split())


def want_factor(act: Act, partner_id: PartnerId, *, is_wanted: bool) -> None:
    """Let a partner want an app of the staff of its desks, or leave it to each account.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        NotFound: no such partner.
        PartnerStateConflict: the partner is closed.
        StateConflict: it is so already.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_KEEP)
    partner = find_partner(partner_id, stored=act.uow)
    check_not_closed(partner)
    if partner.wants_factor == is_wanted:
        raise StateConflict(_SAME)
    act.uow.partners.set_factor(partner_id, is_wanted=is_wanted)
    what = "staff_factor_wanted" if is_wanted else "staff_factor_free"
    attest_partner(act, partner_id, ActKind.PARTNER_CHANGED, facts={"what": what})


def demand_in_sector(act: Act, sector_id: str, *, is_demanded: bool) -> None:
    """Demand an app of the staff of all partners of a sector, or leave it to the partners.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no partner is of this sector.
        StateConflict: it is so already.
    """
    check_keeper(act, sector_id)
    sectors = sectors_with_factor(stored=act.uow)
    if (sector_id in sectors) == is_demanded:
        raise StateConflict(_SAME)
    if is_demanded and all(one.sector_id != sector_id for one in act.uow.partners.list().those):
        raise NotFound("No partner is of this sector.")
    after = sectors | {sector_id} if is_demanded else sectors - {sector_id}
    act.uow.settings.set(SECTORS_SETTING, " ".join(sorted(after)))
    what = "sector_factor_demanded" if is_demanded else "sector_factor_free"
    attest_act(act, WhatWasDone(kind=ActKind.PARTNER_CHANGED, subject=sector_id, facts={"what": what}))
