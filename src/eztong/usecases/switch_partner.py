"""Move a holder's switch for one partner; off blocks at once (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.errors import NotFound
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.ports.entropy import Entropy
from eztong.ports.records import HolderEvent
from eztong.ports.storage import UnitOfWork
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPartner:
    """From now on the partner may verify this account, or may not."""

    holder_id: HolderId
    partner_id: PartnerId
    on: bool


def switch_partner(command: SwitchPartner, *, uow: UnitOfWork, entropy: Entropy, now: datetime) -> None:
    """Move the switch; grants stay as they are, but are worth nothing while it is off.

    Raises:
        NotFound: there is no such partner.
    """
    if uow.partners.get(command.partner_id) is None:
        raise NotFound
    uow.partners.set_switch(command.holder_id, command.partner_id, on=command.on, now=now)
    uow.holders.add_event(
        HolderEvent(
            holder_id=command.holder_id,
            event_id=new_id("evt", now=now, entropy=entropy),
            kind="partner_switched",
            actor="self",
            detail=f"partner={command.partner_id} on={command.on}",
            at=now,
        )
    )
