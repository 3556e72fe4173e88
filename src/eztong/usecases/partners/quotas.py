"""Monthly quotas of partners: given by an operator, and used up by what was verified.

What was verified is counted beside the requests, by this process, over rows that are there anyway: a verification reads
what its partner's row says and nothing more. So a partner may go over its quota by what it has within one look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import parse_reason
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.partners.partner import Partner
from eztong.domain.partners.quota import OverQuota, month_begins, next_month_begins, parse_quota
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.read_usage import count_since

SETTLED: Final = timedelta(minutes=1)
"""Rows that are older are all there: what is younger may still come in below a row that was counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuota:
    """So many verifications a month, and what happens beyond; 0 takes the quota away."""

    partner_id: PartnerId
    amount: int
    over: OverQuota
    reason: str


def set_quota(act: Act, command: SetQuota) -> Partner:
    """Give a partner a quota, another one, or none. What was used of this month counts for it.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such partner.
        PartnerStateConflict: it is closed.
        QuotaInvalid: the number.
    """
    check_keeper(act, command.partner_id)
    why = parse_reason(command.reason)
    partner = find_partner(command.partner_id, stored=act.uow)
    check_not_closed(partner)
    changed = replace(partner, quota=parse_quota(command.amount, command.over), quota_until=None)
    act.uow.partners.set_quota(changed)
    facts = {"monthly_quota": str(command.amount), "over_quota": command.over.value}
    attest_partner(act, partner.partner_id, ActKind.PARTNER_CHANGED, facts=facts, reason=why)
    return changed


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one partner has of a month, up to a moment."""

    month: datetime
    settled: int
    until: datetime


class QuotaKeeper:
    """Counts what partners with a quota use, and lets a quota that is used up refuse, or one that is not no more.

    It remembers how many there were up to a moment, so that a look counts what came since.
    """

    def __init__(self, services: Services) -> None:
        """Begin with nothing counted: the first look counts the month."""
        self._services = services
        self._counted: dict[PartnerId, _Counted] = {}

    def keep(self) -> bool:
        """Look once at every partner with a quota."""
        now = self._services.clock.now()
        with self._services.store.read() as stored:
            having = [one for one in stored.partners.list().those if one.quota is not None]
            due = [(one, until) for one in having if (until := self._until(one, stored, now)) != _refusing(one, now)]
        for partner, until in due:
            self._services.perform(SYSTEM, note_quota, partner, until)
        return False

    def _until(self, partner: Partner, stored: Repositories, now: datetime) -> datetime | None:
        used = self._used(partner.partner_id, stored, now)
        return next_month_begins(now) if partner.quota is not None and partner.quota.refuses(used) else None

    def _used(self, partner_id: PartnerId, stored: Repositories, now: datetime) -> int:
        month, edge = month_begins(now), max(now - SETTLED, month_begins(now))
        before = self._counted.get(partner_id)
        if before is None or before.month != month or before.until > edge:
            before = _Counted(month, 0, month)
        recent = count_since(partner_id, before.until, stored=stored)
        fresh = count_since(partner_id, edge, stored=stored)
        self._counted[partner_id] = _Counted(month, before.settled + recent - fresh, edge)
        return before.settled + recent


def note_quota(act: Act, seen: Partner, until: datetime | None) -> None:
    """Write down until when a partner's quota refuses, if it is still the quota that was looked at."""
    partner = find_partner(seen.partner_id, stored=act.uow)
    if partner.quota != seen.quota or _refusing(partner, act.now) == until:
        return
    act.uow.partners.set_quota(replace(partner, quota_until=until))
    what = "quota_free" if until is None else "quota_used_up"
    attest_partner(act, partner.partner_id, ActKind.PARTNER_CHANGED, facts={"what": what})


def _refusing(partner: Partner, now: datetime) -> datetime | None:
    until = partner.quota_until
    return until if until is not None and now < until else None
