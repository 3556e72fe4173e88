"""End a desk, so that no code is taken there, and open it again. What happened there stays on record."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.desks.desk import Desk, DeskStateConflict, check_typed
from eztong.domain.errors import NotFound
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.life_cycle import check_not_closed
from eztong.domain.portal.permission import PortalPermission
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.partners.attest_partner import attest_partner
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.check_person import check_keeps


def find_desk(partner_id: PartnerId, desk: str, *, stored: Repositories) -> Desk:
    """Return a desk of the partner, open or ended.

    Raises:
        NotFound: the partner never had it.
    """
    for one in stored.partners.all_desks(partner_id):
        if one.desk == desk:
            return one
    raise NotFound("This partner has no such desk.")


def end_desk(act: Act, partner_id: PartnerId, desk: str, *, typed: str) -> Desk:
    """End a desk at once, on every door.

    1. Whoever acts may, and typed the desk's id: it stops whoever works there.
    2. The desk takes no code and no counter's QR from now on; its name and its record stay.
    3. Staff who work there lose their place, and choose another; they stay signed in.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        NotFound: no such partner or desk.
        DeskNotTyped: something else was typed.
        DeskStateConflict: it was ended before.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_END, desk)
    find_partner(partner_id, stored=act.uow)
    found = find_desk(partner_id, desk, stored=act.uow)
    check_typed(typed, desk)
    if not found.is_open:
        raise DeskStateConflict
    ended = replace(found, ended_at=act.now)
    act.uow.partners.set_desk(partner_id, ended)
    act.uow.staff.give_up_places(partner_id, desk)
    attest_partner(act, partner_id, ActKind.PARTNER_CHANGED, facts={"what": "desk_ended", "desk": desk})
    return ended


def open_desk_again(act: Act, partner_id: PartnerId, desk: str) -> Desk:
    """Open a desk that was ended; its printed signs work again.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRefused, PortalRoleMissing, PortalNotOpen: may not.
        NotFound: no such partner or desk.
        PartnerStateConflict: the partner is closed.
        DeskStateConflict: it is open.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_KEEP, desk)
    check_not_closed(find_partner(partner_id, stored=act.uow))
    found = find_desk(partner_id, desk, stored=act.uow)
    if found.is_open:
        raise DeskStateConflict
    opened = replace(found, ended_at=None)
    act.uow.partners.set_desk(partner_id, opened)
    attest_partner(act, partner_id, ActKind.PARTNER_CHANGED, facts={"what": "desk_opened", "desk": desk})
    return opened
