"""Write down what each partner shall hear of an account that ends: its own code, at a moment of its own (2.13)."""

from __future__ import annotations

from typing import Final

from eztong.domain.deregistration.partner_event import (
    TELLING_STEPS,
    PartnerEvent,
    PartnerEventKind,
    make_event_id,
    tell_at,
)
from eztong.domain.holder import Holder
from eztong.domain.identifiers import PartnerId
from eztong.domain.webhooks.news import code_ended
from eztong.ports.act import Act
from eztong.usecases.apart import each_by_itself
from eztong.usecases.codes.conclude_verification import partner_code_of
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.vault import open_vault
from eztong.usecases.webhooks.announce import announce

PARTNER_NEWS: Final = "partner_news"


def tell_partners(act: Act, holder: Holder, *, deregistration_id: str | None) -> bool:
    """Store one event for each partner that knows the account by a code, while its key still opens the mark.

    Return whether there is any.

    1. Who was told a code is who ever had a verification passed; nobody else hears that there was an account.
    2. Moment and id of each event are drawn by themselves.
    3. Where the code cannot be made, since key or mark of the account or the partner's row cannot be read, the partner
       is passed over, which is counted and logged: an erasure waits for none of them.
    """
    told = act.uow.verifications.partners_told(holder.holder_id)
    missed = each_by_itself(act, PARTNER_NEWS, told, lambda one: _tell(act, holder, one, deregistration_id))
    return len(told) > len(missed)


def _tell(act: Act, holder: Holder, partner_id: PartnerId, deregistration_id: str | None) -> None:
    partner = find_partner(partner_id, stored=act.uow)
    vault = open_vault(holder, keys=act.keys)
    moment = tell_at(act.now, drawn=act.entropy.below(TELLING_STEPS))
    event = PartnerEvent(
        partner_id=partner_id,
        event_id=make_event_id(moment, random=act.entropy.id_bytes()),
        kind=PartnerEventKind.PARTNER_CODE_ENDED,
        partner_code=partner_code_of(holder, partner, vault=vault, keys=act.keys),
        tell_at=moment,
        deregistration_id=deregistration_id,
    )
    act.uow.partner_events.add(event)
    announce(act, partner_id, code_ended(event))
