"""Change from where a partner may call, where its flows may return to, and how much it may ask (clause 4.2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eztong.domain.errors import InputInvalid
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import parse_reason
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.partners.partner import Partner
from eztong.domain.partners.reach import LEAST_PER_MINUTE, MOST_PER_MINUTE, parse_networks, parse_redirects
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPartner:
    """What holds from now on: None leaves it as it is, an empty list opens it to all, 0 is the service's own rate."""

    partner_id: PartnerId
    reason: str
    networks: Sequence[str] | None = None
    redirects: Sequence[str] | None = None
    per_minute: int | None = None


def limit_partner(act: Act, command: LimitPartner) -> Partner:
    """Change the limits of a partner; they hold from the next call on, also while the service runs.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such partner.
        PartnerStateConflict: it is closed.
        NetworkInvalid, RedirectInvalid, WebAddressInvalid, InputInvalid: the limits.
    """
    check_keeper(act)
    why = parse_reason(command.reason)
    partner = find_partner(command.partner_id, stored=act.uow)
    check_not_closed(partner)
    changed = replace(
        partner,
        networks=partner.networks if command.networks is None else parse_networks(command.networks),
        redirects=partner.redirects if command.redirects is None else parse_redirects(command.redirects),
        per_minute=partner.per_minute if command.per_minute is None else _rate(command.per_minute),
    )
    act.uow.partners.update(changed)
    facts = {
        "networks": " ".join(changed.networks),
        "redirects": str(len(changed.redirects)),
        "per_minute": str(changed.per_minute or 0),
    }
    attest_partner(act, partner.partner_id, ActKind.PARTNER_CHANGED, facts=facts, reason=why)
    return changed


def _rate(per_minute: int) -> int | None:
    if per_minute == 0:
        return None
    if not LEAST_PER_MINUTE <= per_minute <= MOST_PER_MINUTE:
        raise InputInvalid(f"A rate has {LEAST_PER_MINUTE} to {MOST_PER_MINUTE} calls a minute, or 0.")
    return per_minute
