"""Register a desk of a partner, where its staff check codes."""

from __future__ import annotations

import re
from typing import Final

from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.free_text import parse_line
from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.permission import PortalPermission
from eztong.ports.act import Act
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.portal.check_person import check_keeps

_DESK: Final = re.compile(r"[a-z][a-z0-9_-]{1,39}")


def register_desk(act: Act, partner_id: PartnerId, desk: str, name: str) -> None:
    """Register a desk.

    1. Check that the partner is there, and the id well formed and free.
    2. Store the desk. Citizens read its name: it is one line without what hides or steers; without any it is the id.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, PortalRoleMissing, PortalNotOpen: whoever acts may not.
        NotFound: no such partner.
        InputInvalid: the id is not small letters, digits, hyphens and underscores.
        StateConflict: the partner has this desk already.
    """
    check_keeps(act, partner_id, PortalPermission.DESKS_KEEP, desk)
    find_partner(partner_id, stored=act.uow)
    if _DESK.fullmatch(desk) is None:
        raise InputInvalid("A desk's id has 2 to 40 small letters, digits, - and _, and begins with a letter.")
    if any(one.desk == desk for one in act.uow.partners.all_desks(partner_id)):
        raise StateConflict("The partner has this desk already; one that was ended is opened again.")
    act.uow.partners.add_desk(partner_id, desk, parse_line(name) or desk)
