"""Whether staff of a partner's desks need an authenticator app, and who says so."""

from __future__ import annotations

from enum import StrEnum

from eztong.domain.partners.partner import Partner


class FactorRule(StrEnum):
    """Who demands the app. Whoever has one needs it in any case."""

    CHOSEN = "chosen"
    """Nobody: each account has one or not."""

    PARTNER = "partner"
    SECTOR = "sector"
    """The operator, for every partner of the sector; the partner's own choice changes nothing then."""

    @property
    def is_demanded(self) -> bool:
        """Say whether an account without an app cannot sign in."""
        return self is not FactorRule.CHOSEN


def factor_rule(partner: Partner, *, sectors: frozenset[str]) -> FactorRule:
    """Return the rule for staff of this partner; ``sectors`` are those for which the operator demands it."""
    if partner.sector_id in sectors:
        return FactorRule.SECTOR
    return FactorRule.PARTNER if partner.wants_factor else FactorRule.CHOSEN
