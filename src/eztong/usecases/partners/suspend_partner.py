"""Suspend a partner at once, by one operator: nothing is answered to it from the next call on (design rule 4)."""

from __future__ import annotations

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.proposal import parse_reason
from eztong.domain.partners.life_cycle import PartnerMove, PartnerStateConflict, moved
from eztong.domain.partners.partner import Partner
from eztong.ports.act import Act
from eztong.usecases.operators.check_keeper import check_keeper
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner


def suspend_partner(act: Act, partner_id: PartnerId, *, reason: str) -> Partner:
    """Suspend an approved partner: keys, key pairs, desks and requests that wait for a holder are worth nothing.

    Every door asks for the state where it is true, so that what was open before is refused as well. What the partner
    asked is ended here, too, and stays ended when the suspension is lifted; that takes two operators.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        ReasonInvalid: no reason.
        NotFound: no such partner.
        PartnerStateConflict: it is not approved.
    """
    check_keeper(act)
    why = parse_reason(reason)
    partner = find_partner(partner_id, stored=act.uow)
    suspended = moved(partner, PartnerMove.SUSPEND)
    store_move(act, partner, suspended)
    ended = act.uow.requests.end_of_partner(partner_id, now=act.now)
    attest_partner(act, partner_id, ActKind.PARTNER_SUSPENDED, facts={"requests": str(ended)}, reason=why)
    return suspended


def store_move(act: Act, before: Partner, after: Partner) -> None:
    """Store where the partner stands now.

    Raises:
        PartnerStateConflict: it moved at the same moment.
    """
    if not act.uow.partners.move(after, expected=before.state):
        raise PartnerStateConflict("The partner moved at the same moment.")
