"""What a ward's account is used for: the guardian's limit, and a child's partners and authorisation (PIPL art. 31)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from eztong.citizen.guardianship.ward import ANYTHING, find_care
from eztong.citizen.journey import FAMILY
from eztong.citizen.visit import Visit
from eztong.citizen.words.partner_list import list_partners
from eztong.domain.errors import EztongError, InputInvalid, TickMissing
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.masking import mask_name
from eztong.domain.restrictions.mark import Ceiling
from eztong.usecases.agreements.withdraw_authorisation import live_authorisation
from eztong.usecases.guardianship.limit_ward import (
    LimitWard,
    SwitchForWard,
    guardians_limit,
    limit_ward,
    switch_for_ward,
    withdraw_for_ward,
)
from eztong.usecases.own_data.reveal_identity import open_identity

CHOICES: Final[Mapping[str, Ceiling | None]] = {
    ANYTHING: None,
    Ceiling.LOW.value: Ceiling.LOW,
}
"""What a guardian may choose; nothing at all is a freeze."""


def show(visit: Visit) -> Response:
    """Show what the ward's account is used for.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound, WardMissing: this browser may not see it.
    """
    return _page(visit)


def act(visit: Visit) -> Response:
    """Set or lift the limit, move a child's switch, or withdraw a child's authorisation.

    Raises:
        InputInvalid: none of these was chosen.
        Locked: unlock first; the page is shown again after it.
        WardMissing, WardActsAlone: not the guardian of this person, or the ward has an own sign-in.
    """
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
    here, ward_id, form = f"{FAMILY}/{care.guardianship.guardianship_id}", care.ward.holder_id, visit.form
    match form.get("act"):
        case "limit" if form.get("ceiling") in CHOICES:
            ceiling = CHOICES[form["ceiling"]]
            visit.act(limit_ward, LimitWard(session_hash=visit.session_hash, ward_id=ward_id, ceiling=ceiling))
        case "on" | "off" as moved:
            command = SwitchForWard(
                session_hash=visit.session_hash,
                ward_id=ward_id,
                partner_id=PartnerId(form.get("partner", "")),
                on=moved == "on",
            )
            visit.act(switch_for_ward, command)
        case "withdraw":
            understood = form.get("understood") == "yes"
            try:
                visit.act(withdraw_for_ward, visit.session_hash, ward_id, understood=understood)
            except TickMissing as error:
                return _page(visit, error)
            return visit.redirect(here)
        case _:
            raise InputInvalid
    return visit.redirect(f"{here}/limits")


def _page(visit: Visit, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        care = find_care(visit, stored=stored)
        ward = care.ward
        is_kept = is_kept_by_guardian(ward)
        limit = guardians_limit(ward, stored=stored)
        partners = list_partners(visit, ward, stored=stored) if is_kept else None
        may_withdraw = is_kept and live_authorisation(ward.holder_id, stored=stored) is not None
    return visit.form_page(
        "guardianship/limits.html",
        because=error,
        unticked=error is not None,
        tab="me",
        here=f"{FAMILY}/{care.guardianship.guardianship_id}",
        name=mask_name(open_identity(ward, keys=visit.services.keys).name),
        has_account=ward.has_account,
        choices=list(CHOICES),
        chosen=ANYTHING if limit is None else limit.value,
        partners=partners,
        may_withdraw=may_withdraw,
    )
