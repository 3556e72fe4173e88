"""Move a holder's switch for one partner; off blocks at once (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.errors import NotFound
from eztong.domain.events import EventKind
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.ports.act import Act
from eztong.usecases.access.find_session import find_bound, find_unlocked
from eztong.usecases.note_event import note_event


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPartner:
    """From now on the partner may verify this account, or may not."""

    session_hash: bytes
    partner_id: PartnerId
    on: bool


def switch_partner(act: Act, command: SwitchPartner) -> None:
    """Move the switch; grants stay as they are, but are worth nothing while it is off.

    Off is easy: the bound device may without an unlock, also before the partner was ever met. On again takes a fresh
    unlock, as every act that lets somebody in does. A switch that stands so already is left alone.

    Raises:
        NotFound: there is no such partner.
        SessionMissing, HolderNotActive, DeviceNotBound, Locked: this session may not.
    """
    find = find_unlocked if command.on else find_bound
    holder_id = find(command.session_hash, stored=act.uow, now=act.now).holder.holder_id
    move_switch(act, holder_id, command.partner_id, on=command.on)


def move_switch(act: Act, holder_id: HolderId, partner_id: PartnerId, *, on: bool) -> None:
    """Move an account's switch, whoever acts for it; one that stands so already is left alone.

    Raises:
        NotFound: there is no such partner.
    """
    if act.uow.partners.get(partner_id) is None:
        raise NotFound
    if act.uow.grants.switches(holder_id).get(partner_id) is on:
        return
    act.uow.grants.set_switch(holder_id, partner_id, on=on, now=act.now)
    note_event(act, holder_id, EventKind.PARTNER_SWITCHED, detail=f"partner={partner_id} on={on}")
